/*
 * jq_check.c: compiling the programs of declarations before a reload uses them.
 *
 * Each takes tens of milliseconds, so this happens in a thread, with a worker
 * of its own.  The workers of the pool then compile them when they need them.
 */
#include "wampd/handlers/jq_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "route/diag.h"
#include "wampd/core/broker.h"
#include "wampd/core/shared.h"
#include "wampd/handlers/jq_pool.h"
#include "wampd/handlers/jq_slot.h"

struct item {
	const struct handler_decl *decl;	/* borrowed until report() */
	enum declare_action action;
	bool		 checked;
	int		 rc;
	struct jq_answer at;	/* its place only */
	struct errbuf	 e;
	uint32_t	 id;	/* in the pool; 0: none */
};

struct work {
	struct jq_pool	 *pool;		/* borrowed */
	struct jq_worker *worker;	/* owned */
	struct item	 *v;		/* owned */
	size_t		  n;
};

void
jq_check_report(const struct handler_decl *h, enum declare_action action,
    const struct jq_answer *at, const struct errbuf *e, struct diags *d)
{
	static const char *const names[] = { "subscribe", "publish", "call" };
	const struct declare_right *right = &h->rights[action];
	char place[64] = "";

	if (at->line > 0)
		(void)snprintf(place, sizeof(place), "line %u, column %u of "
		    "the program: ", at->line, at->column);
	diag_add(d, DIAG_ERROR, h->file, right->line, right->column,
	    "bad-program", "%s of the handler \"%s\": %s%s", names[action],
	    h->name, place, e->msg);
}

/* ---- what is to be checked ---- */

/* Whether the same program is checked already. */
static bool
has_item(const struct work *w, const char *text, int64_t limit)
{
	const struct item *x;

	for (x = w->v; x < w->v + w->n; x++)
		if (x->decl->timeout == limit && strcmp(text,
		    x->decl->rights[x->action].program) == 0)
			return true;
	return false;
}

/* Add the program of an action, if it is new.  0, or -1 when out of memory. */
static int
add_item(struct work *w, const struct handler_decl *h,
    enum declare_action action)
{
	const char *text = h->rights[action].program;
	struct item *grown;

	if (text == NULL || has_item(w, text, h->timeout) ||
	    jq_pool_has_program(w->pool, text, h->timeout))
		return 0;
	grown = realloc(w->v, (w->n + 1) * sizeof(*grown));
	if (grown == NULL)
		return -1;
	w->v = grown;
	w->v[w->n++] = (struct item){ .decl = h, .action = action };
	return 0;
}

static int
add_items(struct work *w, const struct handler_type *type,
    const struct declarations *d)
{
	const struct handler_decl *h;
	size_t i;
	int action;

	for (i = 0; i < declare_count(d); i++) {
		h = declare_at(d, i);
		if (h->faulty || strcmp(h->type, type->name) != 0)
			continue;
		for (action = 0; action < DECLARE_ACTIONS; action++)
			if (add_item(w, h, (enum declare_action)action) == -1)
				return -1;
	}
	return 0;
}

static void
check_end(void *work)
{
	struct work *w = work;
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->v[i].id != 0)
			jq_pool_drop_program(w->pool, w->v[i].id);
	jq_worker_free(w->worker);
	free(w->v);
	free(w);
}

static bool
has_programs(const struct declarations *d, const struct handler_type *type)
{
	size_t i;

	for (i = 0; i < declare_count(d); i++)
		if (strcmp(declare_at(d, i)->type, type->name) == 0)
			return true;
	return false;
}

static void *
check_begin(struct broker *b, const struct handler_type *type,
    const struct declarations *d)
{
	struct work *w;
	struct errbuf e;

	if (!has_programs(d, type) || (w = calloc(1, sizeof(*w))) == NULL)
		return NULL;
	w->pool = shared_obtain(b, type);
	if (w->pool != NULL && add_items(w, type, d) == 0 && w->n > 0 &&
	    (w->worker = jq_slot_new_worker(w->pool, false, &e)) != NULL)
		return w;
	check_end(w);
	return NULL;
}

/* ---- checking ---- */

/* If a program ends the worker, the others are left to the next reload. */
static void
check_run(void *work)
{
	struct work *w = work;
	struct jq_answer at;
	struct item *x;
	bool lost = false;

	for (x = w->v; x < w->v + w->n && !lost; x++) {
		at = (struct jq_answer){ .line = 0 };
		x->rc = jq_worker_compile(w->worker, (uint32_t)(x - w->v) + 1,
		    slice_str(x->decl->rights[x->action].program),
		    x->decl->timeout, &at, &lost, &x->e);
		x->at.line = at.line;
		x->at.column = at.column;
		x->checked = true;
	}
}

static void
check_report(void *work, struct diags *d)
{
	struct work *w = work;
	struct item *x;

	for (x = w->v; x < w->v + w->n && x->checked; x++) {
		if (x->rc == -1)
			jq_check_report(x->decl, x->action, &x->at, &x->e, d);
		else
			x->id = jq_pool_know_program(w->pool,
			    x->decl->rights[x->action].program,
			    x->decl->timeout);
	}
}

const struct handler_check jq_check = {
	.begin = check_begin, .run = check_run,
	.report = check_report, .end = check_end,
};
