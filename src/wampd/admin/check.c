/*
 * check.c: the procedure for those who monitor the broker.
 */
#include "wampd/admin/check.h"

#include <inttypes.h>

#include "base/process_memory.h"
#include "base/version.h"
#include "wampd/admin/admin.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/ledger.h"

/* ---- since when ---- */

/* The newest sample that is CHECK_PERIOD old, or else the oldest one; NULL:
 * there is none. */
static const struct check_sample *
find_sample(const struct checks *k, int64_t now)
{
	const struct check_sample *s, *found = NULL;
	unsigned i;

	for (i = 0; i < CHECK_SAMPLES; i++) {
		s = &k->samples[(k->newest + CHECK_SAMPLES - i) %
		    CHECK_SAMPLES];
		if (s->at == 0)
			break;
		found = s;
		if (now - s->at >= CHECK_PERIOD)
			break;
	}
	return found;
}

static void
keep_sample(struct checks *k, const struct broker *b)
{
	struct check_sample *s = &k->samples[k->newest];

	if (s->at != 0 && b->now - s->at < CHECK_STEP)
		return;
	k->newest = (k->newest + 1) % CHECK_SAMPLES;
	s = &k->samples[k->newest];
	s->at = b->now;
	s->stats = b->stats;
}

/* ---- the answer ---- */

/* Bytes of memory that the process has, or 0. */
static uint64_t
resident_memory(void)
{
	uint64_t resident, all;

	return process_memory(&resident, &all) == 0 ? resident : 0;
}

static int
print_now(struct buf *out, const struct broker *b)
{
	return buf_addf(out, "{\"version\":\"" WAMP_VERSION "\","
	    "\"uptime\":%.3f,\"draining\":%s,\"unsaved\":%s,"
	    "\"sessions\":%zu,\"sessions_max\":%" PRId64 ","
	    "\"slow\":%zu,\"subscriptions\":%zu,"
	    "\"topics\":%zu,\"topics_max\":%" PRId64 ","
	    "\"queues\":%zu,\"queues_max\":%" PRIu64 ","
	    "\"retained\":%zu,\"retained_max\":%" PRIu64 ","
	    "\"memory\":%" PRIu64 ",\"config_age\":%.3f",
	    (double)(b->now - b->started) / 1e3,
	    broker_is_draining(b) ? "true" : "false",
	    taps_are_unsaved(&b->taps) ? "true" : "false",
	    b->sessions.n, b->set.limit_sessions, b->pressure.nslow,
	    (size_t)b->topics.subs.count, b->topics.nused, b->set.limit_topics,
	    pressure_bytes(&b->pressure), b->set.limit_queues,
	    b->topics.retained_bytes, b->set.limit_retained, resident_memory(),
	    (double)(b->wall() - b->generation->loaded) / 1e3);
}

/* Requests that were refused, by HTTP or as there was no room. */
static uint64_t
count_refused(const struct broker_stats *s)
{
	return s->sessions_refused + s->refused_full +
	    s->refused_full_address + s->refused_full_user +
	    s->refused_busy + s->refused_internal +
	    s->refused_lookup_failed;
}

static int
print_since(struct buf *out, const struct broker *b,
    const struct check_sample *from)
{
	static const struct broker_stats none;
	const struct broker_stats *old = from != NULL ? &from->stats : &none;
	const struct broker_stats *new = &b->stats;
	int64_t at = from != NULL ? from->at : b->started;

	return buf_addf(out, ",\"since\":%.3f,\"messages\":%" PRIu64 ","
	    "\"events\":%" PRIu64 ",\"deliveries\":%" PRIu64 ","
	    "\"calls\":%" PRIu64 ",\"dropped\":%" PRIu64 ","
	    "\"overflowed\":%" PRIu64 ",\"refused\":%" PRIu64 ","
	    "\"jq_lost\":%" PRIu64 ",\"tls_failed\":%" PRIu64,
	    (double)(b->now - at) / 1e3, new->messages - old->messages,
	    new->events - old->events, new->deliveries - old->deliveries,
	    new->calls - old->calls, new->events_dropped - old->events_dropped,
	    new->sessions_overflowed - old->sessions_overflowed,
	    count_refused(new) - count_refused(old),
	    new->jq_lost - old->jq_lost, new->tls_failed - old->tls_failed);
}

int
admin_check(struct call *c)
{
	struct admin *a = c->ctx;
	struct broker *b = c->broker;

	if (print_now(c->out, b) == -1 ||
	    print_since(c->out, b, find_sample(&a->checks, b->now)) == -1 ||
	    taps_info(&b->taps, c->out) == -1 ||
	    buf_add_char(c->out, '}') == -1)
		return call_out_of_memory(c);
	keep_sample(&a->checks, b);
	return 0;
}
