/*
 * listing.c: answers that are long lists, made a piece a turn.
 */
#include "wampd/admin/listing.h"

#include <limits.h>
#include <stdlib.h>

#include "wampd/core/broker.h"
#include "wampd/core/extra.h"
#include "wampd/core/hold.h"
#include "wampd/core/procedure.h"

struct listing {
	TAILQ_ENTRY(listing) link;	/* broker->listings */
	const struct listing_kind *kind;
	struct session *caller;
	const void     *at;		/* the next item; NULL: that was all */
	struct buf	out;		/* owned; the answer so far */
	struct buf	call_id;	/* owned; JSON */
	struct hold	hold;		/* the caller waits here */
};

/* Append up to n items, and the list's end behind the last; how many that were.
 * -1 when out of memory. */
static long
list_some(struct broker *b, const struct listing_kind *kind,
    const void **at, struct buf *out, long n)
{
	long done;

	for (done = 0; done < n && *at != NULL; done++) {
		if (buf_add_char(out, out->len > 0 ? ',' : '[') == -1 ||
		    kind->describe(b, *at, out) == -1)
			return -1;
		*at = kind->next(b, *at);
	}
	if (*at == NULL && buf_add_str(out, out->len > 0 ? "]" : "[]") == -1)
		return -1;
	return done;
}

/* How many items a turn may make. */
static long
piece_size(const struct broker *b)
{
	size_t n = LISTING_PIECE / (1 + b->nwatches / LISTING_PIECE);

	return n > 0 ? (long)n : 1;
}

/* The rest of it waits for later turns. */
static int
listing_begin(struct call *c, const struct listing_kind *kind,
    const void *at)
{
	struct extra *x = extra_obtain(c->caller);
	struct listing *l;

	if (x == NULL || (l = calloc(1, sizeof(*l))) == NULL)
		return procedure_out_of_memory(c);
	if (buf_add_slice(&l->call_id, c->id) == -1) {
		free(l);
		return procedure_out_of_memory(c);
	}
	l->kind = kind;
	l->caller = c->caller;
	l->at = at;
	l->out = *c->out;
	*c->out = (struct buf){ 0 };
	hold_init(&l->hold);
	TAILQ_INSERT_TAIL(&c->broker->listings, l, link);
	x->listing = l;
	hold_wait(&l->hold, c->caller);
	return 1;
}

int
listing_call(struct call *c, const struct listing_kind *kind)
{
	const void *at = kind->first(c->broker);

	long piece = piece_size(c->broker);

	/* It was let go by whom it waited for before: rare, so at once. */
	if (c->caller->extra != NULL && c->caller->extra->listing != NULL)
		piece = LONG_MAX;
	if (list_some(c->broker, kind, &at, c->out, piece) == -1)
		return procedure_out_of_memory(c);
	return at == NULL ? 0 : listing_begin(c, kind, at);
}

static void
listing_answer(struct listing *l)
{
	struct session *s = l->caller;

	procedure_answer(s, buf_slice(&l->call_id), buf_slice(&l->out));
	listing_end(l);
	session_settle(s);
}

/* One after the other. */
void
listings_continue(struct broker *b)
{
	struct listing *l, *next;
	long left, done;

	if (TAILQ_EMPTY(&b->listings))
		return;
	left = piece_size(b);
	for (l = TAILQ_FIRST(&b->listings); l != NULL && left > 0; l = next) {
		next = TAILQ_NEXT(l, link);
		done = list_some(b, l->kind, &l->at, &l->out, left);
		if (done == -1) {
			session_doom(l->caller, 0, "out of memory");
			listing_end(l);
			continue;
		}
		left -= done;
		if (l->at == NULL)
			listing_answer(l);
	}
}

void
listings_pass(struct broker *b, const void *item, const void *next)
{
	struct listing *l;

	TAILQ_FOREACH(l, &b->listings, link)
		if (l->at == item)
			l->at = next;
}

void
listing_end(struct listing *l)
{
	if (l == NULL)
		return;
	TAILQ_REMOVE(&l->caller->broker->listings, l, link);
	l->caller->extra->listing = NULL;
	hold_end(&l->hold);
	buf_clear(&l->out);
	buf_clear(&l->call_id);
	free(l);
}
