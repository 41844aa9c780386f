/*
 * tally.c: the outcomes of a session's PUBLISH and SUBSCRIBE messages.
 */
#include "wampd/core/tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"
#include "wampd/core/account.h"
#include "wampd/core/ledger.h"
#include "wampd/core/protocol.h"
#include "wampd/core/session.h"

/* If the account of s has no room for it, the refusal is only counted. */
static int
refusals_add(struct session *s, struct tally_refusals *r, struct slice topic,
    uint64_t index, const struct failure *f)
{
	struct buf quoted = { 0 };
	struct tally_refusal *grown;
	char *text = NULL, *reason;
	size_t cost;

	if (r->n == TALLY_REFUSALS_MAX)
		return 0;
	if ((grown = realloc(r->v, (r->n + 1) * sizeof(*grown))) == NULL)
		return -1;
	r->v = grown;
	reason = strdup(f->reason.msg);
	if (json_quote(&quoted, topic) == 0)
		text = strndup(quoted.data, quoted.len);
	buf_clear(&quoted);
	if (reason == NULL || text == NULL) {
		free(reason);
		free(text);
		return -1;
	}
	cost = sizeof(*grown) + strlen(text) + strlen(reason);
	if (cost > account_room(s)) {
		free(reason);
		free(text);
		return 0;
	}
	account_charge(s, cost);
	r->v[r->n++] = (struct tally_refusal){ .index = index,
	    .kind = f->kind, .topic = text, .reason = reason,
	    .cost = cost };
	return 0;
}

static void
refusals_clear(struct session *s, struct tally_refusals *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		account_refund(s, r->v[i].cost);
		free(r->v[i].topic);
		free(r->v[i].reason);
	}
	free(r->v);
}

uint64_t
tally_number(struct session *s)
{
	struct ledger *x = ledger_obtain(s);

	return x != NULL ? ++x->tally.sent : 0;
}

void
tally_accept(struct session *s, long delivered)
{
	struct tally *t = &s->ledger->tally;

	t->accepted++;
	t->delivered += (uint64_t)delivered;
}

int
tally_refuse_publish(struct session *s, struct slice topic, uint64_t index,
    const struct failure *f)
{
	struct tally *t = &s->ledger->tally;

	t->refused++;
	return refusals_add(s, &t->publish, topic, index, f);
}

int
tally_refuse_subscribe(struct session *s, struct slice topic,
    const struct failure *f)
{
	struct ledger *x = ledger_obtain(s);

	if (x == NULL)
		return -1;
	x->tally.subscribe_refused++;
	return refusals_add(s, &x->tally.subscribe, topic, 0, f);
}

void
tally_reset(struct session *s)
{
	struct tally *t = &s->ledger->tally;

	refusals_clear(s, &t->publish);
	refusals_clear(s, &t->subscribe);
	*t = (struct tally){ 0 };
}

static int
describe_refusal(const struct session *s, const struct tally_refusal *r,
    struct buf *out)
{
	if (buf_add_char(out, '{') == -1 || (r->index > 0 &&
	    buf_addf(out, "\"index\":%" PRIu64 ",", r->index) == -1) ||
	    buf_addf(out, "\"topic\":%s,\"error\":\"%s\",\"reason\":",
	    r->topic, s->protocol->error_uri(r->kind)) == -1 ||
	    json_quote(out, slice_str(r->reason)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

static int
describe_refusals(const struct session *s, const struct tally_refusals *r,
    struct buf *out)
{
	size_t i;

	if (buf_addf(out, "\"refusals\":[") == -1)
		return -1;
	for (i = 0; i < r->n; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    describe_refusal(s, &r->v[i], out) == -1)
			return -1;
	return buf_add_char(out, ']');
}

/* The members about subscriptions are left out when they are 0, since most
 * sessions that call the barrier only publish. */
int
tally_describe(const struct session *s, struct buf *out)
{
	static const struct tally none;
	const struct tally *t = s->ledger != NULL ? &s->ledger->tally : &none;

	if (buf_addf(out, "{\"accepted\":%" PRIu64 ",\"refused\":%" PRIu64
	    ",\"delivered\":%" PRIu64 ",", t->accepted, t->refused,
	    t->delivered) == -1 ||
	    describe_refusals(s, &t->publish, out) == -1)
		return -1;
	if (t->subscribe_refused > 0 && (buf_addf(out,
	    ",\"subscribe\":{\"refused\":%" PRIu64 ",",
	    t->subscribe_refused) == -1 ||
	    describe_refusals(s, &t->subscribe, out) == -1 ||
	    buf_add_char(out, '}') == -1))
		return -1;
	if (s->retained > 0 &&
	    buf_addf(out, ",\"retained\":%" PRIu32, s->retained) == -1)
		return -1;
	return buf_add_char(out, '}');
}
