/*
 * profiles.c: all profiles, checked.
 */
#include "client/profiles.h"

#include <sys/stat.h>

#include "client/profile.h"
#include "client/url.h"
#include "proto/json.h"

struct listing {
	struct buf *out;
	size_t	    n, faulty;
};

static int
add_fault(struct buf *list, const char *text)
{
	if (list->len > 0 && buf_add_char(list, ',') == -1)
		return -1;
	return json_quote(list, slice_str(text));
}

/* The faults of its text, with their places. */
static int
add_diags(struct buf *list, const struct diags *d)
{
	struct buf text = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; i < d->n && rc == 0; i++) {
		buf_reset(&text);
		if (buf_addf(&text, "%u:%u: %s", d->v[i].line,
		    d->v[i].column, d->v[i].text) == -1 ||
		    buf_cstr(&text) == NULL || add_fault(list, text.data) == -1)
			rc = -1;
	}
	buf_clear(&text);
	return rc;
}

/* Reading a pipe would wait for its other end, and take the secret away. */
static bool
is_pipe(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISDIR(st.st_mode);
}

static enum exit_status
check_use(const struct target_opts *o, struct errbuf *e)
{
	struct target_opts checked = *o;

	if (is_pipe(checked.ticket_file))
		checked.ticket_file = "-";
	if (is_pipe(checked.cra_secret_file))
		checked.cra_secret = "of a pipe";
	return target_check(&checked, e);
}

static int
add_server(struct buf *out, const struct target_opts *o)
{
	if (o->url != NULL)
		return json_quote(out, slice_str(url_show(o->url).s));
	if (o->control != NULL)
		return json_quote(out, slice_str(o->control));
	return buf_add_str(out, "null");
}

static int
add_profile(struct buf *out, const struct profile_seen *p,
    const struct buf *faults)
{
	if (buf_add_str(out, "{\"profile\":") == -1 ||
	    json_quote(out, slice_str(p->name)) == -1 ||
	    buf_addf(out, ",\"default\":%s,\"server\":", p->is_default ?
	    "true" : "false") == -1 ||
	    add_server(out, p->o) == -1 ||
	    buf_add_str(out, ",\"file\":") == -1 ||
	    json_quote(out, slice_str(p->file)) == -1 ||
	    buf_addf(out, ",\"line\":%u,\"faults\":[", p->line) == -1 ||
	    buf_add_slice(out, buf_slice(faults)) == -1)
		return -1;
	return buf_add_str(out, "]}");
}

static int
list_profile(void *arg, const struct profile_seen *p)
{
	struct listing *l = arg;
	struct buf faults = { 0 };
	struct errbuf e = { "" };
	int rc = add_diags(&faults, p->faults);

	if (rc == 0 && p->faults->errors == 0 &&
	    check_use(p->o, &e) != EXIT_DONE)
		rc = add_fault(&faults, e.msg);
	l->faulty += faults.len > 0;
	if (rc == 0 && p->warning->msg[0] != '\0') {
		e = *p->warning;
		err_wrap(&e, "warning");
		rc = add_fault(&faults, e.msg);
	}
	if (rc == 0 && l->n++ > 0)
		rc = buf_add_char(l->out, ',');
	if (rc == 0)
		rc = add_profile(l->out, p, &faults);
	buf_clear(&faults);
	return rc;
}

enum exit_status
profiles_list(struct buf *out, size_t *faulty, struct errbuf *e)
{
	struct listing l = { .out = out };
	enum exit_status status = EXIT_WORK;

	if (buf_add_char(out, '[') == 0)
		status = profile_each(list_profile, &l, e);
	if (buf_add_char(out, ']') == -1) {
		err_set(e, "out of memory");
		status = EXIT_WORK;
	}
	*faulty = l.faulty;
	return status;
}
