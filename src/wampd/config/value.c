/*
 * value.c: the values of keys as they were given, and where.
 */
#include "wampd/config/config_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "route/files.h"

static int
check_path(struct slice path, struct errbuf *e)
{
	if (path.len == 0)
		err_set(e, "the path is empty");
	else if (path.len >= PATH_MAX)
		err_set(e, "the path is longer than %d bytes",
		    PATH_MAX - 1);
	else
		return 0;
	return -1;
}

/* Add a place.  The array doubles when it is full, at each power of two. */
static int
place_add(struct config_value *v, const struct config_place *at)
{
	struct config_place *p = v->at;
	size_t n = v->text.n;

	if ((n & (n - 1)) == 0) {
		p = realloc(p, (n > 0 ? 2 * n : 1) * sizeof(*p));
		if (p == NULL)
			return -1;
		v->at = p;
	}
	p[n] = *at;
	return 0;
}

int
config_put(struct config *cfg, const struct key *k, struct slice text,
    const struct config_place *at, struct errbuf *e)
{
	struct config_value *v = &cfg->values[k - keys];
	const char *copy = arena_copy(&cfg->arena, text);

	if (copy == NULL || place_add(v, at) == -1 ||
	    opt_list_add(&v->text, copy) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	/* A confined broker cannot look up users, and it keeps its own. */
	if (cfg->running != NULL && (k->type == KEY_USER ||
	    k->type == KEY_GROUP))
		return 0;
	return key_store(cfg, k, copy, e);
}

/* Add a path, which is relative to the folder of the file, if there is one. */
static int
config_put_path(struct config *cfg, const struct key *k, const char *text,
    const char *file, const struct config_place *at, struct errbuf *e)
{
	struct buf path = { 0 };
	int rc = path_beside(&path, file, text);

	if (rc == 0)
		rc = config_put(cfg, k, buf_slice(&path), at, e);
	else
		err_set(e, "out of memory");
	buf_clear(&path);
	return rc;
}

/* Add the files that a text of a list stands for. */
static int
config_put_files(struct config *cfg, const struct key *k, const char *text,
    const char *file, const struct config_place *at, struct errbuf *e)
{
	const struct opt_list *known = &cfg->values[k - keys].text;
	struct files files = { 0 };
	size_t i;
	int rc = files_named(&files, known->v, known->n, file, text, e);

	for (i = 0; i < files.n && rc == 0; i++)
		rc = config_put(cfg, k, slice_str(files.v[i]), at, e);
	files_clear(&files);
	return rc;
}

int
config_set(struct config *cfg, const struct key *k, struct slice text,
    const char *file, const struct config_place *at, struct errbuf *e)
{
	if (!key_is_path(k))
		return config_put(cfg, k, text, at, e);
	if (check_path(text, e) == -1)
		return -1;
	return (key_is_list(k) ? config_put_files : config_put_path)(cfg, k,
	    text.p, file, at, e);
}

void
config_unset(struct config *cfg, const struct key *k)
{
	cfg->values[k - keys].text.n = 0;
	key_unset(cfg, k);
}

int
config_put_default(struct config *cfg, const struct key *k,
    const struct config_place *at, struct errbuf *e)
{
	struct buf value = { 0 };
	int rc = key_default(k, &value, e);

	if (rc == 0 && buf_cstr(&value) == NULL) {
		err_set(e, "out of memory");
		rc = -1;
	}
	if (rc == 0 && value.len > 0)
		rc = config_set(cfg, k, buf_slice(&value), NULL, at, e);
	buf_clear(&value);
	return rc;
}

const struct config_place *
config_where(const struct config *cfg, size_t at, size_t i)
{
	static const struct config_place nowhere = {
		CONFIG_COMMAND_LINE, 0, 0
	};
	size_t k;

	for (k = 0; k < nkeys; k++)
		if (keys[k].at == at && i < cfg->values[k].text.n)
			return &cfg->values[k].at[i];
	return &nowhere;
}

bool
config_same(const struct opt_list *a, const struct opt_list *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return true;
}
