/*
 * running.c: keys that keep the values of a running broker, because a change of
 * them needs a restart.
 */
#include <stdlib.h>
#include <string.h>

#include "wampd/config/config_parts.h"

static bool
is_default(const struct config_value *v)
{
	return v->text.n == 0 || strcmp(v->at[0].file, CONFIG_DEFAULT) == 0;
}

/* Let a key that is not a list have no value, as in a new configuration.  Keys
 * of other types always have a default. */
static void
clear_single(struct config *cfg, const struct key *k)
{
	void *at = (char *)cfg + k->at;

	switch (k->type) {
	case KEY_STRING:
	case KEY_IDENT:
	case KEY_PATH:
	case KEY_SECRET:
	case KEY_FOLDER:
	case KEY_CWD:
	case KEY_MADE:
	case KEY_SOCKET:
		*(const char **)at = NULL;
		break;
	case KEY_GROUP:
		*(gid_t *)at = (gid_t)-1;
		break;
	case KEY_USER:
		*(struct config_user *)at = (struct config_user){ NULL, 0, 0 };
		break;
	default:
		break;
	}
}

/* Copy what was looked up. */
static void
copy_ids(struct config *cfg, const struct config *running,
    const struct key *k)
{
	const struct opt_list *text = &cfg->values[k - keys].text;
	const void *from = (const char *)running + k->at;
	void *at = (char *)cfg + k->at;

	if (k->type == KEY_GROUP) {
		*(gid_t *)at = *(const gid_t *)from;
	} else if (k->type == KEY_USER && text->n > 0) {
		*(struct config_user *)at = *(const struct config_user *)from;
		((struct config_user *)at)->name = text->v[text->n - 1];
	}
}

/* Give the key the values of the running configuration.  A default stays away,
 * because it makes a difference whether a key is set.  0, or -1 with *e
 * filled. */
static int
take_running(struct config *cfg, const struct config *running,
    const struct key *k, struct errbuf *e)
{
	const struct config_value *v = &running->values[k - keys];
	size_t i;

	config_unset(cfg, k);
	clear_single(cfg, k);
	if (is_default(v))
		return 0;
	for (i = 0; i < v->text.n; i++)
		if (config_put(cfg, k, slice_str(v->text.v[i]), &v->at[i],
		    e) == -1)
			return -1;
	copy_ids(cfg, running, k);
	return 0;
}

/* Move what was read, which includes a default, out of the way.  The place
 * marks that it was. */
static int
set_aside(struct config *cfg, const struct key *k)
{
	struct config_value *v = &cfg->values[k - keys];
	struct config_value *wanted = &cfg->wanted[k - keys];

	if (v->at == NULL && (v->at = calloc(1, sizeof(*v->at))) == NULL)
		return -1;
	if (v->text.n == 0)
		v->at[0].file = CONFIG_DEFAULT;
	*wanted = *v;
	*v = (struct config_value){ .at = NULL };
	return 0;
}

/* 0, or -1 with *e filled. */
static int
keep_key(struct config *cfg, const struct config *running,
    const struct key *k, struct errbuf *e)
{
	const struct config_place at = { CONFIG_DEFAULT, 0, 0 };
	const struct config_value *v = &cfg->values[k - keys];

	if (v->text.n == 0 && config_put_default(cfg, k, &at, e) == -1)
		return -1;
	if (!config_same(&v->text, &running->values[k - keys].text) &&
	    set_aside(cfg, k) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return take_running(cfg, running, k, e);
}

void
config_keep_running(struct config *cfg, const struct config *running,
    struct diags *d)
{
	const struct config_place *at;
	struct errbuf e;
	size_t i;

	for (i = 0; i < nkeys; i++) {
		if (keys[i].live ||
		    keep_key(cfg, running, &keys[i], &e) == 0)
			continue;
		at = config_where(cfg, keys[i].at, 0);
		diag_add(d, DIAG_ERROR, at->file, at->line, at->column,
		    "bad-value", "%s: %s", keys[i].name, e.msg);
	}
}
