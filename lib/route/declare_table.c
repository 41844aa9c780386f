/*
 * declare_table.c: the table of declared handlers.
 */
#include "route/declare_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"

static const struct declare_grant anyone[] = { { .who = DECLARE_ANYONE } };
static const struct declare_grant servers[] = { { .who = DECLARE_LOCAL },
    { .who = DECLARE_BACKEND } };

const struct declare_right declare_rights[DECLARE_ACTIONS] = {
	[DECLARE_SUBSCRIBE] = { .grants = anyone, .n_grants = 1 },
	[DECLARE_PUBLISH] = { .grants = servers, .n_grants = 2 },
	[DECLARE_CALL] = { .grants = anyone, .n_grants = 1 },
};

void *
declare_alloc(struct declarations *t, size_t n)
{
	void *p = NULL;

	if (n <= DECLARE_MEMORY_MAX - t->used)
		p = arena_alloc(&t->mem, n);
	if (p == NULL)
		t->failed = true;
	else
		t->used += n;
	return p;
}

const char *
declare_keep(struct declarations *t, struct slice text)
{
	char *copy = declare_alloc(t, text.len + 1);

	if (copy == NULL)
		return "";
	if (text.len > 0)
		memcpy(copy, text.p, text.len);
	return copy;
}

struct handler_decl *
declare_new(struct declarations *t, const char *type, struct slice name,
    const char *file, const struct yaml_node *at)
{
	struct handler_decl *h = declare_alloc(t, sizeof(*h));

	if (h == NULL)
		return NULL;
	*h = (struct handler_decl){
		.name = declare_keep(t, name),
		.type = type,
		.file = declare_keep(t, slice_str(file)),
		.line = at->line,
		.column = at->column,
		.log = DECLARE_LOG_NONE,
		.secured = { .parameter = "user_id" },
		.ping = {
			.interval = 50000,
			.message = "\"Connection keep alive\"",
		},
		.exec = {
			.cwd = declare_keep(t, path_folder(file)),
			.pool = 1,
			.queue = 1000,
			.restart_min = 100,
			.restart_max = 30000,
		},
	};
	memcpy(h->rights, declare_rights, sizeof(h->rights));
	return h;
}

static struct slice
decl_key(const void *value)
{
	return slice_str(((const struct handler_decl *)value)->name);
}

/* Make room for one more. */
static int
table_reserve(struct declarations *t)
{
	size_t cap = t->cap == 0 ? 16 : t->cap * 2;
	struct handler_decl **v;

	if (t->n < t->cap)
		return 0;
	if ((v = realloc(t->v, cap * sizeof(struct handler_decl *))) == NULL)
		return -1;
	t->v = v;
	t->cap = cap;
	return 0;
}

void
declare_put(struct declarations *t, struct handler_decl *h)
{
	struct handler_decl *old = map_find(&t->by_name, decl_key(h));

	if (old != NULL)
		*old = *h;
	else if (table_reserve(t) == 0 && map_insert(&t->by_name, h) == 0)
		t->v[t->n++] = h;
	else
		t->failed = true;
}

struct declarations *
declare_table(void)
{
	struct declarations *t = calloc(1, sizeof(*t));

	if (t != NULL)
		map_init(&t->by_name, decl_key);
	return t;
}

const struct handler_decl *
declare_find(const struct declarations *t, struct slice name)
{
	/* A handler without a name is nobody's, though a route may have it. */
	return name.len > 0 ? map_find(&t->by_name, name) : NULL;
}

void
declare_set_unchanged(struct declarations *t, size_t i)
{
	t->v[i]->unchanged = true;
}
