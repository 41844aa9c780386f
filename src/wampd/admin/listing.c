/*
 * listing.c: answers that are long lists, made in pieces, one per turn.
 */
#include "wampd/admin/listing.h"

#include <limits.h>
#include <stdlib.h>

#include "wampd/admin/admin.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/ledger.h"
#include "wampd/core/procedure.h"

struct listing {
	TAILQ_ENTRY(listing) link;	/* admin->listings */
	struct admin   *admin;
	struct generation *generation;	/* held */
	const struct listing_kind *kind;
	struct owed	owed;
	struct cursor	cursor;		/* the next item */
	struct buf	out;		/* owned; the answer so far */
};

/* Append up to n items, and the end of the list after the last one.  How many
 * items were appended, or -1 when out of memory. */
static long
list_some(struct generation *g, const struct listing_kind *kind,
    const void **at, struct buf *out, long n)
{
	long done;

	for (done = 0; done < n && *at != NULL; done++) {
		if (buf_add_char(out, out->len > 0 ? ',' : '[') == -1 ||
		    kind->describe(g->broker, *at, out) == -1)
			return -1;
		*at = kind->next(g, *at);
	}
	if (*at == NULL && buf_add_str(out, out->len > 0 ? "]" : "[]") == -1)
		return -1;
	return done;
}

long
admin_listing_piece(const struct broker *b)
{
	size_t n = LISTING_PIECE / (1 + b->nprefix_subs / LISTING_PIECE);

	return n > 0 ? (long)n : 1;
}

/* The caller has its answer, or leaves. */
static void
listing_end(struct listing *l)
{
	TAILQ_REMOVE(&l->admin->listings, l, link);
	TAILQ_REMOVE(&l->admin->broker->cursors, &l->cursor, link);
	owed_end(&l->owed);
	generation_release(l->generation);
	buf_clear(&l->out);
	free(l);
}

static void
listing_forget(struct owed *o)
{
	listing_end(OWED_IN(o, struct listing, owed));
}

static bool
has_listing(const struct session *s)
{
	const struct owed *o;

	if (s->ledger != NULL)
		TAILQ_FOREACH(o, &s->ledger->owed, link)
			if (o->forget == listing_forget)
				return true;
	return false;
}

/* Make the rest of the list in later turns. */
static int
listing_begin(struct call *c, const struct listing_kind *kind,
    const void *at)
{
	struct admin *a = c->ctx;
	struct listing *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return call_out_of_memory(c);
	l->owed.forget = listing_forget;
	if (owed_begin(&l->owed, &c->to, true) == -1) {
		free(l);
		return call_out_of_memory(c);
	}
	l->admin = a;
	l->generation = c->broker->generation;
	generation_hold(l->generation);
	l->kind = kind;
	l->cursor.at = at;
	l->out = *c->out;
	*c->out = (struct buf){ 0 };
	TAILQ_INSERT_TAIL(&a->listings, l, link);
	tap_stir(a->tap);
	TAILQ_INSERT_TAIL(&c->broker->cursors, &l->cursor, link);
	return 1;
}

int
admin_listing_call(struct call *c, const struct listing_kind *kind)
{
	struct generation *g = c->broker->generation;
	const void *at = kind->first(g);
	long piece = admin_listing_piece(c->broker);

	/* The caller waits for another list already, which is rare.  Then make
	 * this one at once. */
	if (has_listing(c->to.session))
		piece = LONG_MAX;
	if (list_some(g, kind, &at, c->out, piece) == -1)
		return call_out_of_memory(c);
	return at == NULL ? 0 : listing_begin(c, kind, at);
}

static void
listing_answer(struct listing *l)
{
	owed_result(&l->owed, buf_slice(&l->out));
	listing_end(l);
}

int64_t
admin_listing_continue(struct admin *a)
{
	struct listing *l, *next;
	long left, done;

	if (TAILQ_EMPTY(&a->listings))
		return -1;
	left = admin_listing_piece(a->broker);
	for (l = TAILQ_FIRST(&a->listings); l != NULL && left > 0; l = next) {
		next = TAILQ_NEXT(l, link);
		done = list_some(l->generation, l->kind, &l->cursor.at,
		    &l->out, left);
		if (done == -1) {
			session_doom(l->owed.caller, 0, "out of memory");
			listing_end(l);
			continue;
		}
		left -= done;
		if (l->cursor.at == NULL)
			listing_answer(l);
	}
	return TAILQ_EMPTY(&a->listings) ? -1 : 0;
}
