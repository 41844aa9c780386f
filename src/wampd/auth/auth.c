/*
 * auth.c: all ways to find out who a visitor is, and how a reload replaces
 * them.
 */
#include "wampd/auth/auth.h"

#include <stdlib.h>

#include "base/clock.h"
#include "wampd/auth/auth_rules.h"
#include "wampd/auth/review.h"
#include "wampd/core/broker.h"

#define LOOK	100	/* ms between two looks at rules that are retired */

struct auth {
	struct broker  *b;		/* borrowed */
	struct tap     *tap;		/* owned, also by the broker */
	struct identify	identify;
	struct seen	seen[TICKET_KINDS];
	struct cra     *cra;		/* borrowed */
	struct auth_rules *rules;	/* owned, in force; NULL: none yet */
	STAILQ_HEAD(, auth_rules) retired; /* owned; somebody is being found
					 * out by them */
	const struct issuer *issuer;	/* of the rules */
	struct review	review;
};

/* ---- retiring ---- */

/* Whether some are still in use. */
static bool
free_idle(struct auth *a)
{
	struct auth_rules *r, *next;
	bool busy = false;

	for (r = STAILQ_FIRST(&a->retired); r != NULL; r = next) {
		next = STAILQ_NEXT(r, link);
		if (auth_rules_are_idle(r)) {
			STAILQ_REMOVE(&a->retired, r, auth_rules, link);
			auth_discard(r);
		} else {
			busy = true;
		}
	}
	return busy;
}

/* No method runs now, so it may be freed. */
static int64_t
auth_tick(void *ctx)
{
	struct auth *a = ctx;
	int64_t wait = free_idle(a) ? LOOK : -1;

	return clock_sooner(wait, review_some(&a->review));
}

/* auth_free() does. */
static void
on_end(void *ctx)
{
	((struct auth *)ctx)->tap = NULL;
}

/* ---- in force ---- */

int
auth_renew(struct auth *a, struct auth_rules *fresh, struct errbuf *e)
{
	struct auth_rules *before = a->rules;
	struct cra_settings cra = fresh->set.cra;
	int rc = auth_rules_start(fresh, before, a->seen, e);
	bool warned = a->identify.warned;

	auth_rules_serve(fresh, &a->identify);
	a->identify.warned = warned;
	a->issuer = &fresh->issuer;
	a->rules = fresh;
	cra.keys = fresh->cra_keys;
	fresh->cra_keys = NULL;
	cra_renew(a->cra, &cra);
	if (before != NULL) {
		STAILQ_INSERT_TAIL(&a->retired, before, link);
		review_begin(&a->review, fresh);
	}
	tap_stir(a->tap);
	return rc;
}

struct identify *
auth_identify(struct auth *a)
{
	return &a->identify;
}

/* ---- life ---- */

static const struct tap_ops auth_ops = {
	.name = "auth", .tick = auth_tick, .free = on_end,
};

struct auth *
auth_new(struct broker *b, struct errbuf *e)
{
	static const struct issuer none;
	struct auth *a = calloc(1, sizeof(*a));
	size_t i;

	err_set(e, "out of memory");
	if (a == NULL)
		return NULL;
	a->b = b;
	a->issuer = &none;
	STAILQ_INIT(&a->retired);
	for (i = 0; i < TICKET_KINDS; i++)
		seen_init(&a->seen[i], SEEN_MOST, 0);
	if ((a->tap = tap_add(&b->taps, &auth_ops, a)) != NULL &&
	    (a->cra = cra_add(b)) != NULL &&
	    issuer_add(&a->issuer, b, e) == 0) {
		review_init(&a->review, b, a->cra);
		return a;
	}
	auth_free(a);
	return NULL;
}

void
auth_free(struct auth *a)
{
	struct auth_rules *r;
	size_t i;

	if (a == NULL)
		return;
	review_end(&a->review);
	while ((r = STAILQ_FIRST(&a->retired)) != NULL) {
		STAILQ_REMOVE_HEAD(&a->retired, link);
		auth_discard(r);
	}
	auth_discard(a->rules);
	for (i = 0; i < TICKET_KINDS; i++)
		seen_clear(&a->seen[i]);
	tap_free(a->tap);
	free(a);
}
