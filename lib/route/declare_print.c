/*
 * declare_print.c: the values of a handler's keys, as wampd.yml has them.
 *
 * Each function prints what its reader in declare_value.c reads, so that it
 * reads back to the same value.
 */
#include <inttypes.h>

#include "base/log.h"
#include "base/path.h"
#include "proto/json.h"
#include "route/declare_value.h"
#include "route/yaml_write.h"

#define INDENT		4	/* columns, of a handler's keys */

/* What a function that appends has returned. */
static int
printed(int rc, struct errbuf *e)
{
	if (rc == -1)
		err_set(e, "out of memory, or no UTF-8");
	return rc;
}

/* ---- single values ---- */

int
declare_print_flag(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	(void)h;
	return printed(buf_add_str(out, *(const bool *)at ? " true" :
	    " false"), e);
}

static int
print_text(struct buf *out, struct slice text, struct errbuf *e)
{
	int rc = buf_add_char(out, ' ');

	if (rc == 0)
		rc = yaml_write_text(out, INDENT, text);
	return printed(rc, e);
}

int
declare_print_text(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	(void)h;
	return print_text(out, slice_str(*(const char *const *)at), e);
}

int
declare_print_count(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	(void)h;
	return printed(buf_addf(out, " %" PRId64, *(const int64_t *)at), e);
}

int
declare_print_size(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	uint64_t size = *(const uint64_t *)at;

	(void)h;
	return size == 0 ? 0 : printed(buf_addf(out, " %" PRIu64, size), e);
}

int
declare_print_duration(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	int64_t ms = *(const int64_t *)at;

	(void)h;
	return ms == 0 ? 0 : printed(buf_addf(out, " %" PRId64 "ms", ms), e);
}

int
declare_print_retain(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	(void)at;
	return h->retain_time > 0 ?
	    declare_print_duration(out, h, &h->retain_time, e) :
	    declare_print_flag(out, h, &h->retain, e);
}

int
declare_print_history(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	(void)at;
	if (h->history_time == 0)
		return h->history_events == 0 ? 0 :
		    declare_print_count(out, h, &h->history_events, e);
	if (h->history_events == 0)
		return declare_print_duration(out, h, &h->history_time, e);
	return printed(buf_addf(out, " { events: %" PRId64 ", time: %" PRId64
	    "ms }", h->history_events, h->history_time), e);
}

int
declare_print_log(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	int level = *(const int *)at;

	(void)h;
	return printed(buf_addf(out, " %s", level == DECLARE_LOG_NONE ?
	    "false" : log_level_name((enum log_level)level)), e);
}

int
declare_print_overflow(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	(void)h;
	return printed(buf_addf(out, " %s",
	    declare_overflow_words[*(const int *)at]), e);
}

int
declare_print_message(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	const struct json_elem json = {
		.text = slice_str(*(const char *const *)at),
		.type = JSON_STRING,
		.escaped = true,
	};
	struct buf text = { 0 };
	int rc = json_unquote(&text, &json);

	(void)h;
	rc = rc == 0 ? print_text(out, buf_slice(&text), e) : printed(rc, e);
	buf_clear(&text);
	return rc;
}

/* Without the file that it is relative to. */
int
declare_print_folder(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	struct buf path = { 0 };
	int rc = path_absolute(&path, *(const char *const *)at, e);

	(void)h;
	if (rc == 0)
		rc = print_text(out, buf_slice(&path), e);
	buf_clear(&path);
	return rc;
}

/* ---- lists and mappings ---- */

static int
add_grants(struct buf *out, const struct declare_right *right)
{
	const struct declare_grant *g = right->grants;
	struct buf word = { 0 };
	size_t i;
	int rc = buf_add_str(out, " [");

	for (i = 0; i < right->n_grants && rc == 0; i++, g++) {
		buf_reset(&word);
		rc = buf_addf(&word, "%s%s", declare_who_word(g->who),
		    g->name != NULL ? g->name : "");
		if (rc == 0 && i > 0)
			rc = buf_add_str(out, ", ");
		if (rc == 0)
			rc = yaml_write_quoted(out, buf_slice(&word));
	}
	buf_clear(&word);
	return rc == 0 ? buf_add_char(out, ']') : -1;
}

int
declare_print_right(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	const struct declare_right *right = at;

	(void)h;
	if (right->program == NULL)
		return printed(add_grants(out, right), e);
	if (buf_addf(out, "\n%*swho:", INDENT + 2, "") == -1 ||
	    add_grants(out, right) == -1 ||
	    buf_addf(out, "\n%*sprogram: ", INDENT + 2, "") == -1)
		return printed(-1, e);
	return printed(yaml_write_text(out, INDENT + 2,
	    slice_str(right->program)), e);
}

int
declare_print_rate(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	int64_t rate = *(const int64_t *)at;

	if (rate == 0)
		return 0;
	return printed(buf_addf(out, " { events: %" PRId64 ", burst: %" PRId64
	    " }", rate, h->burst), e);
}

int
declare_print_restart(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	const struct declare_exec *exec = at;

	(void)h;
	return printed(buf_addf(out, " { min: %" PRId64 "ms, max: %" PRId64
	    "ms }", exec->restart_min, exec->restart_max), e);
}

int
declare_print_env(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	const struct declare_exec *exec = at;
	const struct declare_env *v = exec->env;
	size_t i;
	int rc = exec->n_env > 0 ? 0 : buf_add_str(out, " {}");

	(void)h;
	for (i = 0; i < exec->n_env && rc == 0; i++, v++) {
		if (buf_add_char(out, '\n') == -1 ||
		    yaml_write_key(out, INDENT + 2, slice_str(v->name)) ==
		    -1 || (v->value != NULL &&
		    (buf_add_char(out, ' ') == -1 ||
		    yaml_write_text(out, INDENT + 2, slice_str(v->value)) ==
		    -1)))
			rc = -1;
	}
	return printed(rc, e);
}

/* The words: what a text was split into, or the shell that runs it. */
int
declare_print_command(struct buf *out, const struct handler_decl *h,
    const void *at, struct errbuf *e)
{
	const struct declare_exec *exec = at;
	size_t i;
	int rc = 0;

	(void)h;
	for (i = 0; exec->argv[i] != NULL && rc == 0; i++) {
		if (buf_addf(out, "\n%*s- ", INDENT + 2, "") == -1 ||
		    yaml_write_text(out, INDENT + 2,
		    slice_str(exec->argv[i])) == -1)
			rc = -1;
	}
	return printed(rc, e);
}
