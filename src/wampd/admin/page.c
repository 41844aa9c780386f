/*
 * page.c: answers that are the first items of a long list, by a number.
 *
 * The best items so far are a heap with the worst of them on top.  Only their
 * names are kept, because an item may leave before the end.
 */
#include "wampd/admin/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "wampd/admin/admin.h"
#include "wampd/admin/listing.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/owed.h"

#define PAGE_LIMIT_DEFAULT	100

struct page_entry {
	double	    value;		/* greater is better */
	uint64_t    order;		/* less is better, for equal values */
	struct buf  name;		/* owned */
};

struct page_options {
	const struct page_key *sort;	/* NULL: as they come */
	bool	    ascending;
	bool	    slow;		/* only those */
	struct buf  match;		/* owned; len 0: all */
	size_t	    limit;
};

struct page {
	TAILQ_ENTRY(page) link;		/* admin->pages */
	struct admin   *admin;
	const struct page_kind *kind;
	struct page_options options;
	struct owed	owed;
	struct cursor	cursor;		/* the next item */
	struct page_entry *best;	/* owned; n of limit: a heap; then, when
					 * all were seen, sorted */
	size_t		n;
	uint64_t	seen;		/* items */
	size_t		described;	/* of best */
	bool		sorted;
	struct buf	texts;		/* scratch */
	struct buf	out;		/* owned; the answer so far */
};

/* ---- the options ---- */

static int
read_sort(struct call *c, const struct json_elem *value,
    const struct page_kind *kind, struct page_options *o)
{
	struct nearest near;
	struct slice name;

	if (json_string(&name, value, &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	nearest_init(&near, name.p, name.len);
	for (o->sort = kind->keys; o->sort->name != NULL; o->sort++) {
		if (slice_eq(name, slice_str(o->sort->name)))
			return 0;
		nearest_try(&near, o->sort->name);
	}
	(void)call_bad_argument(c, "the list cannot be sorted by that");
	err_suggest(&c->failure.reason, near.found);
	return -1;
}

static int
read_limit(struct call *c, const struct json_elem *value,
    struct page_options *o)
{
	int64_t n;

	if (!json_int(&n, value) || n < 1 || n > PAGE_LIMIT)
		return call_bad_argument(c,
		    "limit must be a number from 1 to 1000");
	o->limit = (size_t)n;
	return 0;
}

static int
read_option(struct call *c, struct slice key, const struct json_elem *value,
    const struct page_kind *kind, struct page_options *o)
{
	bool string = value->type == JSON_STRING;

	if (slice_eq(key, SLICE("\"sort\"")) && string)
		return read_sort(c, value, kind, o);
	if (slice_eq(key, SLICE("\"limit\"")))
		return read_limit(c, value, o);
	if (slice_eq(key, SLICE("\"match\"")) && string) {
		buf_reset(&o->match);
		return json_unquote(&o->match, value) == -1 ?
		    call_out_of_memory(c) : 0;
	}
	if (slice_eq(key, SLICE("\"slow\"")) && json_is_bool(value) &&
	    kind->is_slow != NULL) {
		o->slow = value->type == JSON_TRUE;
		return 0;
	}
	if (slice_eq(key, SLICE("\"order\"")) &&
	    (slice_eq(value->text, SLICE("\"asc\"")) ||
	    slice_eq(value->text, SLICE("\"desc\"")))) {
		o->ascending = slice_eq(value->text, SLICE("\"asc\""));
		return 0;
	}
	return call_bad_argument(c, kind->is_slow != NULL ?
	    "the options are sort (string), order (\"asc\" or \"desc\"), "
	    "limit (number), match (string) and slow (boolean)" :
	    "the options are sort (string), order (\"asc\" or \"desc\"), "
	    "limit (number) and match (string)");
}

bool
admin_page_wanted(const struct call *c)
{
	return c->args.named || c->nargs > 0;
}

static int
read_options(struct call *c, const struct page_kind *kind,
    struct page_options *o)
{
	struct json_elem key, value;
	struct slice rest;

	if (!call_options(c, &rest))
		return call_bad_argument(c, "argument: an object of options");
	while (json_next_member(&rest, &key, &value))
		if (read_option(c, key.text, &value, kind, o) == -1)
			return -1;
	return 0;
}

/* ---- the best ones ---- */

/* Whether a belongs behind b. */
static bool
is_worse(const struct page_entry *a, const struct page_entry *b)
{
	return a->value < b->value ||
	    (a->value == b->value && a->order > b->order);
}

static void
entry_swap(struct page_entry *a, struct page_entry *b)
{
	const struct page_entry t = *a;

	*a = *b;
	*b = t;
}

static void
heap_up(struct page_entry *v, size_t at)
{
	while (at > 0 && is_worse(&v[at], &v[(at - 1) / 2])) {
		entry_swap(&v[at], &v[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

static void
heap_down(struct page_entry *v, size_t n)
{
	size_t at = 0, worst;

	for (;;) {
		worst = at;
		if (2 * at + 1 < n && is_worse(&v[2 * at + 1], &v[worst]))
			worst = 2 * at + 1;
		if (2 * at + 2 < n && is_worse(&v[2 * at + 2], &v[worst]))
			worst = 2 * at + 2;
		if (worst == at)
			return;
		entry_swap(&v[at], &v[worst]);
		at = worst;
	}
}

static int
compare_entries(const void *a, const void *b)
{
	return is_worse(a, b) ? 1 : -1;
}

/* Whether the options ask for the item; -1 when out of memory. */
static int
is_meant(struct page *p, const void *item)
{
	const struct page_options *o = &p->options;

	if ((p->kind->wants != NULL && !p->kind->wants(item)) ||
	    (o->slow && !p->kind->is_slow(item)))
		return 0;
	if (o->match.len == 0)
		return 1;
	buf_reset(&p->texts);
	if (p->kind->texts(item, &p->texts) == -1)
		return -1;
	return slice_contains_nocase(buf_slice(&p->texts),
	    buf_slice(&o->match));
}

static int
keep_if_good(struct page *p, const void *item)
{
	const struct page_options *o = &p->options;
	struct page_entry new = { .order = p->seen++ }, *to;

	if (o->sort != NULL)
		new.value = o->sort->read(p->admin->broker, item);
	if (o->ascending)
		new.value = -new.value;
	if (p->n == o->limit && !is_worse(&p->best[0], &new))
		return 0;
	to = p->n < o->limit ? &p->best[p->n] : &p->best[0];
	buf_reset(&to->name);
	if (buf_add_slice(&to->name, p->kind->name(item)) == -1)
		return -1;
	to->value = new.value;
	to->order = new.order;
	if (p->n < o->limit)
		heap_up(p->best, p->n++);
	else
		heap_down(p->best, p->n);
	return 0;
}

/* ---- making it ---- */

/* Look at up to n items.  How many were looked at, or -1. */
static long
page_look(struct page *p, long n)
{
	const void *item;
	long done;
	int meant;

	for (done = 0; done < n && (item = p->cursor.at) != NULL; done++) {
		p->cursor.at = p->kind->next(item);
		if ((meant = is_meant(p, item)) == -1 ||
		    (meant == 1 && keep_if_good(p, item) == -1))
			return -1;
	}
	return done;
}

/* Describe up to n items.  How many were described, or -1. */
static long
page_describe(struct page *p, long n)
{
	struct broker *b = p->admin->broker;
	const void *item;
	long done;

	if (!p->sorted && p->n > 0)
		qsort(p->best, p->n, sizeof(*p->best), compare_entries);
	p->sorted = true;
	for (done = 0; done < n && p->described < p->n; done++) {
		item = p->kind->find(b,
		    buf_slice(&p->best[p->described++].name));
		if (item != NULL &&
		    (buf_add_char(&p->out, p->out.len > 0 ? ',' : '[') == -1 ||
		    p->kind->describe(b, item, &p->out) == -1))
			return -1;
	}
	return done;
}

static bool
page_is_whole(const struct page *p)
{
	return p->sorted && p->described == p->n;
}

/* Make a piece.  What is left of the budget of the turn, or -1. */
static long
page_some(struct page *p, long budget)
{
	bool match = p->options.match.len > 0;
	long cost, done;

	if (p->cursor.at != NULL) {
		cost = match ? PAGE_PIECE / PAGE_PIECE_MATCH : 1;
		done = page_look(p, (budget + cost - 1) / cost);
	} else {
		cost = PAGE_PIECE / admin_listing_piece(p->admin->broker);
		done = page_describe(p, (budget + cost - 1) / cost);
	}
	if (done == -1)
		return -1;
	if (page_is_whole(p) &&
	    buf_add_str(&p->out, p->out.len > 0 ? "]" : "[]") == -1)
		return -1;
	return done * cost < budget ? budget - done * cost : 0;
}

static void
page_free(struct page *p)
{
	size_t i;

	for (i = 0; p->best != NULL && i < p->n; i++)
		buf_clear(&p->best[i].name);
	free(p->best);
	buf_clear(&p->options.match);
	buf_clear(&p->texts);
	buf_clear(&p->out);
	free(p);
}

/* The caller has its answer, or leaves. */
static void
page_end(struct page *p)
{
	TAILQ_REMOVE(&p->admin->pages, p, link);
	TAILQ_REMOVE(&p->admin->broker->cursors, &p->cursor, link);
	owed_end(&p->owed);
	page_free(p);
}

static void
page_forget(struct owed *o)
{
	page_end(OWED_IN(o, struct page, owed));
}

static void
page_answer(struct page *p)
{
	owed_result(&p->owed, buf_slice(&p->out));
	page_end(p);
}

int64_t
admin_page_continue(struct admin *a)
{
	struct page *p, *next;
	long left = PAGE_PIECE;

	for (p = TAILQ_FIRST(&a->pages); p != NULL && left > 0; p = next) {
		next = TAILQ_NEXT(p, link);
		left = page_some(p, left);
		if (left == -1) {
			session_doom(p->owed.caller, 0, "out of memory");
			page_end(p);
			break;
		}
		if (page_is_whole(p))
			page_answer(p);
		else
			next = p;	/* describe what was found */
	}
	return TAILQ_EMPTY(&a->pages) ? -1 : 0;
}

/* ---- the call ---- */

/* Make it in later turns; takes what *o owns. */
static int
page_begin(struct call *c, const struct page_kind *kind,
    struct page_options *o)
{
	struct admin *a = c->ctx;
	struct page *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return call_out_of_memory(c);
	p->best = calloc(o->limit, sizeof(*p->best));
	p->owed.forget = page_forget;
	if (p->best == NULL || owed_begin(&p->owed, &c->to, true) == -1) {
		page_free(p);
		return call_out_of_memory(c);
	}
	p->admin = a;
	p->kind = kind;
	p->options = *o;
	o->match = (struct buf){ 0 };
	p->cursor.at = kind->first(c->broker);
	TAILQ_INSERT_TAIL(&a->pages, p, link);
	TAILQ_INSERT_TAIL(&c->broker->cursors, &p->cursor, link);
	tap_stir(a->tap);
	return 1;
}

int
admin_page_call(struct call *c, const struct page_kind *kind)
{
	struct page_options o = { .limit = PAGE_LIMIT_DEFAULT };
	int rc = read_options(c, kind, &o);

	if (rc == 0)
		rc = page_begin(c, kind, &o);
	buf_clear(&o.match);
	return rc;
}
