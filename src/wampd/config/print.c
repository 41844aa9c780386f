/*
 * print.c: the effective configuration as a wampd.yml.
 */
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "route/declare.h"
#include "route/yaml_write.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"

/* Fill *e if appending has failed. */
static int
printed(int rc, struct errbuf *e)
{
	if (rc == -1)
		err_set(e, "out of memory, or invalid UTF-8");
	return rc;
}

static int
print_value(struct buf *out, const struct key *k, const char *text,
    struct errbuf *e)
{
	struct buf path = { 0 };
	int rc;

	if (k->type == KEY_FLAG)	/* in quotes it would be a text */
		return printed(buf_add_str(out, text), e);
	if (!key_is_path(k))
		return printed(yaml_write_quoted(out, slice_str(text)), e);
	/* The output may be saved in another folder. */
	rc = path_absolute(&path, text, e);
	if (rc == 0)
		rc = printed(yaml_write_quoted(out, buf_slice(&path)), e);
	buf_clear(&path);
	return rc;
}

static int
print_list(struct buf *out, const struct key *k, const struct opt_list *v,
    struct errbuf *e)
{
	size_t i;
	int rc = printed(buf_add_char(out, '['), e);

	for (i = 0; i < v->n && rc == 0; i++) {
		if (i > 0)
			rc = printed(buf_add_str(out, ", "), e);
		if (rc == 0)
			rc = print_value(out, k, v->v[i], e);
	}
	return rc == 0 ? printed(buf_add_char(out, ']'), e) : -1;
}

/* Print where the command of the key before runs, if there is one.  The output
 * may be saved in another folder. */
static int
print_cwd(struct buf *out, const struct config *cfg, const struct key *k,
    struct errbuf *e)
{
	const struct config_value *command = &cfg->values[k - 1 - keys];
	struct slice of;
	char *folder;
	int rc;

	if (command->text.n == 0)
		return 0;
	of = path_folder(command->at[0].file);
	folder = strndup(of.p, of.len);
	rc = folder != NULL ? print_value(out, k, folder, e) : printed(-1, e);
	free(folder);
	return rc;
}

/* Print the value behind "key: ". */
static int
print_line(struct buf *out, const struct config *cfg, const struct key *k,
    struct errbuf *e)
{
	const struct opt_list *text = &cfg->values[k - keys].text;

	if (key_is_list(k))
		return print_list(out, k, text, e);
	if (text->n == 0 && k->type == KEY_CWD)
		return print_cwd(out, cfg, k, e);
	return text->n == 0 ? 0 : print_value(out, k, text->v[text->n - 1], e);
}

/* Print the lines below the key. */
static int
print_below(struct buf *out, const struct config *cfg, const struct key *k,
    struct errbuf *e)
{
	if (k->type == KEY_HANDLERS)
		return declare_print_handlers(out, cfg->declared, e);
	if (k->type == KEY_PARAMETERS)
		return declare_print_parameters(out, cfg->declared, e);
	return 0;
}

/* Print "key: ", and "section:" before the first key of each section that it is
 * in.  *last is the last key. */
static int
print_name(struct buf *out, const struct key *k, const char **last)
{
	size_t shared = key_shared_sections(*last, k->name), depth = 0, i;
	const char *name = k->name, *dot;

	*last = k->name;
	for (i = 0; i < shared; i++)
		depth += name[i] == '.';
	name += shared;
	for (; (dot = strchr(name, '.')) != NULL; name = dot + 1, depth++)
		if (buf_addf(out, "%*s%.*s:\n", (int)(2 * depth), "",
		    (int)(dot - name), name) == -1)
			return -1;
	return buf_addf(out, "%*s%s: ", (int)(2 * depth), "", name);
}

int
config_print(struct buf *out, const struct config *cfg, struct errbuf *e)
{
	const char *last = "";
	const struct key *k;

	for (k = keys; k < keys + nkeys; k++) {
		if (printed(print_name(out, k, &last), e) == -1 ||
		    print_line(out, cfg, k, e) == -1 ||
		    printed(buf_addf(out, "\t# %s\n", k->help), e) == -1 ||
		    print_below(out, cfg, k, e) == -1) {
			err_wrap(e, "%s", k->name);
			return -1;
		}
	}
	return 0;
}
