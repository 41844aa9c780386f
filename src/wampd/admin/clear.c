/*
 * clear.c: the procedures that drop what topics keep, in pieces, one per turn.
 */
#include "wampd/admin/clear.h"

#include <inttypes.h>
#include <stdlib.h>

#include "wampd/admin/admin.h"
#include "wampd/admin/kept_ask.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/event.h"
#include "wampd/core/history.h"
#include "wampd/core/owed.h"
#include "wampd/core/retain.h"
#include "wampd/core/saved.h"

struct clear {
	TAILQ_ENTRY(clear) link;	/* admin->clears */
	struct admin   *admin;
	struct owed	owed;
	struct cursor	cursor;		/* the topic to look at */
	struct buf	name;		/* owned; of the topic, or the prefix */
	bool		prefix;
	unsigned	as;		/* KEEP_RETAINED or KEEP_HISTORY */
	uint64_t	end;		/* newer events stay */
	uint64_t	cleared;	/* events */
};

/* ---- dropping ---- */

static bool
is_meant(const struct clear *x, const struct topic *t)
{
	struct slice name = buf_slice(&x->name);

	return x->prefix ? slice_starts(t->name, name) &&
	    taps_claim(&x->admin->broker->taps, t->name) == NULL :
	    slice_eq(t->name, name);
}

/* Drop the oldest events of the history, at most that many.  Returns how
 * many. */
static size_t
drop_history(const struct clear *x, struct topic *t, size_t most)
{
	size_t n;

	if (t->history == NULL)
		return 0;
	n = history_find(t->history, x->end + 1);
	return history_drop(&x->admin->broker->topics, t, n < most ? n : most,
	    KEEP_CLEARED);
}

static size_t
drop_retained(const struct clear *x, struct topic *t)
{
	if (t->retained == NULL || t->retained->number > x->end)
		return 0;
	retain_drop(&x->admin->broker->topics, t, KEEP_CLEARED);
	return 1;
}

/* Drop what is meant, of up to *left topics and events.  Returns whether all is
 * done. */
static bool
clear_some(struct clear *x, size_t *left)
{
	struct topic *t;
	size_t n;

	while (*left > 0 && x->cursor.at != NULL) {
		t = (struct topic *)(uintptr_t)x->cursor.at;
		n = !is_meant(x, t) ? 0 : x->as == KEEP_RETAINED ?
		    drop_retained(x, t) : drop_history(x, t, *left);
		x->cleared += n;
		if (n >= *left) {
			*left = 0;	/* it may have more */
			break;
		}
		*left -= n + 1;
		/* A topic that is not in use any more has left the list. */
		if (x->cursor.at == t)
			x->cursor.at = x->prefix ? TAILQ_NEXT(t, link) : NULL;
		else if (!x->prefix)
			x->cursor.at = NULL;
	}
	return x->cursor.at == NULL;
}

/* ---- the call ---- */

static void
clear_free(struct clear *x)
{
	buf_clear(&x->name);
	free(x);
}

static void
clear_end(struct clear *x)
{
	TAILQ_REMOVE(&x->admin->clears, x, link);
	TAILQ_REMOVE(&x->admin->broker->cursors, &x->cursor, link);
	owed_end(&x->owed);
	clear_free(x);
}

static void
clear_forget(struct owed *o)
{
	clear_end(OWED_IN(o, struct clear, owed));
}

static void
clear_answer(struct clear *x)
{
	const struct reply_to to = owed_to(&x->owed);
	struct session *s = to.session;
	struct buf out = { 0 };

	if (x->cleared > 0)
		saved_kept(x->admin->broker, s);
	if (buf_addf(&out, "{\"cleared\":%" PRIu64 "}", x->cleared) == -1)
		session_doom(s, 0, "out of memory");
	else
		saved_result(&to, buf_slice(&out));
	buf_clear(&out);
	clear_end(x);
}

int64_t
admin_clear_continue(struct admin *a)
{
	size_t left = CLEAR_PIECE;
	struct clear *x, *next;

	for (x = TAILQ_FIRST(&a->clears); x != NULL && left > 0; x = next) {
		next = TAILQ_NEXT(x, link);
		if (clear_some(x, &left))
			clear_answer(x);
	}
	return TAILQ_EMPTY(&a->clears) ? -1 : 0;
}

/* Read the arguments.  0, or -1 with c->failure filled. */
static int
read_arguments(struct call *c, struct clear *x)
{
	const struct tap_claim *claim;

	if (c->nargs < 1 || c->nargs > 2 || c->arg[0].type != JSON_STRING ||
	    (c->nargs == 2 && !kept_ask_is_prefix(&c->arg[1])))
		return call_bad_argument(c, "arguments: topic, or prefix, "
		    "{\"match\":\"prefix\"}");
	x->prefix = c->nargs == 2;
	if (json_unquote(&x->name, &c->arg[0]) == -1)
		return call_out_of_memory(c);
	claim = x->prefix ? NULL : taps_claim(&c->broker->taps,
	    buf_slice(&x->name));
	if (claim == NULL)
		return 0;
	c->failure.kind = FAILURE_BAD_ARGUMENT;
	err_set(&c->failure.reason, "that event is %s; use %s to change it",
	    claim->what, claim->changed_by);
	return -1;
}

/* 0, or -1 with c->failure filled. */
static int
clear_begin(struct call *c, struct clear *x)
{
	struct admin *a = c->ctx;

	x->owed.forget = clear_forget;
	if (owed_begin(&x->owed, &c->to, true) == -1)
		return call_out_of_memory(c);
	x->admin = a;
	x->end = c->broker->topics.last_event;
	x->cursor.at = x->prefix ? TAILQ_FIRST(&c->broker->topics.used) :
	    topic_find(&c->broker->topics, buf_slice(&x->name));
	TAILQ_INSERT_TAIL(&a->clears, x, link);
	TAILQ_INSERT_TAIL(&c->broker->cursors, &x->cursor, link);
	tap_stir(a->tap);
	return 0;
}

static int
clear_call(struct call *c, unsigned as)
{
	struct clear *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return call_out_of_memory(c);
	x->as = as;
	if (read_arguments(c, x) == 0 && clear_begin(c, x) == 0)
		return 1;	/* NOLINT(clang-analyzer-unix.Malloc) */
	clear_free(x);
	return -1;
}

int
admin_retained_clear(struct call *c)
{
	return clear_call(c, KEEP_RETAINED);
}

int
admin_history_clear(struct call *c)
{
	return clear_call(c, KEEP_HISTORY);
}
