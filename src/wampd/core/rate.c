/*
 * rate.c: how fast a session may publish to one handler.
 */
#include "wampd/core/rate.h"

#include <stdlib.h>

#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"

static struct rate *
rate_obtain(struct ledger *x, struct handler *h, int64_t now)
{
	struct rate *grown;
	size_t i;

	for (i = 0; i < x->nrates; i++)
		if (x->rates[i].handler == h->id)
			return &x->rates[i];
	grown = realloc(x->rates, (x->nrates + 1) * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	x->rates = grown;
	x->rates[x->nrates] = (struct rate){
		.handler = h->id, .tokens = h->burst, .since = now
	};
	return &x->rates[x->nrates++];
}

bool
rate_take(struct session *s, struct handler *h)
{
	int64_t now = s->broker->now;
	struct ledger *x;
	struct rate *r;

	if ((x = ledger_obtain(s)) == NULL ||
	    (r = rate_obtain(x, h, now)) == NULL)
		return false;
	r->tokens += (double)(now - r->since) * h->rate / 1e3;
	if (r->tokens > h->burst)
		r->tokens = h->burst;
	r->since = now;
	if (r->tokens < 1)
		return false;
	r->tokens -= 1;
	return true;
}
