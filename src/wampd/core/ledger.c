/*
 * ledger.c: the part of a session that only some sessions need.
 */
#include "wampd/core/ledger.h"

#include <stdlib.h>

#include "proto/json_merge.h"
#include "wampd/core/account.h"
#include "wampd/core/session.h"

struct ledger *
ledger_new(struct session *s)
{
	struct ledger *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	TAILQ_INIT(&x->requests);
	TAILQ_INIT(&x->owed);
	pause_init(&x->load.hold);
	s->ledger = x;
	return x;
}

void
ledger_leave(struct session *s)
{
	struct ledger *x = s->ledger;
	struct ledger_part *part;
	struct owed *o;

	if (x == NULL)
		return;
	while ((part = x->parts) != NULL) {
		x->parts = part->next;
		part->leave(part);
	}
	while ((o = TAILQ_FIRST(&x->owed)) != NULL)
		o->forget(o);
}

void
ledger_free(struct session *s)
{
	struct ledger *x = s->ledger;

	if (x == NULL)
		return;
	buf_clear(&x->attributes);
	buf_clear(&x->barriers);
	buf_clear(&x->reason);
	buf_clear(&x->early);
	free(x->rates);
	free(x);
	s->ledger = NULL;
}

/* ---- parts of others ---- */

struct ledger_part *
ledger_find(const struct session *s, const void *owner)
{
	struct ledger_part *part;

	if (s->ledger == NULL)
		return NULL;
	for (part = s->ledger->parts; part != NULL; part = part->next)
		if (part->owner == owner)
			break;
	return part;
}

int
ledger_keep(struct session *s, struct ledger_part *part)
{
	struct ledger *x = ledger_obtain(s);

	if (x == NULL)
		return -1;
	part->next = x->parts;
	x->parts = part;
	return 0;
}

/* ---- attributes ---- */

struct slice
ledger_attributes(const struct session *s)
{
	if (s->ledger == NULL || s->ledger->attributes.len == 0)
		return SLICE("{}");
	return buf_slice(&s->ledger->attributes);
}

int
ledger_set_attributes(struct session *s, struct slice objects)
{
	struct ledger *x = ledger_obtain(s);
	size_t before, most = ATTRIBUTES_MAX, room;

	if (x == NULL)
		return -1;
	before = x->attributes.len;
	room = account_room(s) + before;
	if (json_merge(&x->attributes, objects, most < room ? most : room) ==
	    -1)
		return -1;
	account_refund(s, before);
	account_charge(s, x->attributes.len);
	x->version++;
	return 0;
}
