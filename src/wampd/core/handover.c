/*
 * handover.c: what one broker hands over to another one, as JSON.
 */
#include "wampd/core/handover.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/keep.h"
#include "wampd/core/keep_restore.h"

#define PIECE	1024		/* of a walk, which ends in this turn */
#define FIELDS	5		/* of an event */

/* ---- writing ---- */

struct writing {
	const struct broker *broker;
	struct buf *out;
	bool	    any;
	bool	    failed;
};

static void
write_event(void *ctx, const struct topic *t, struct event *ev, unsigned as)
{
	struct writing *w = ctx;

	if (w->failed || taps_claim(&w->broker->taps, t->name) != NULL)
		return;
	w->failed = buf_add_str(w->out, w->any ? ",\n[" : "[") == -1 ||
	    json_quote(w->out, t->name) == -1 ||
	    buf_add_char(w->out, ',') == -1 ||
	    buf_add_slice(w->out, event_json(ev)) == -1 ||
	    buf_addf(w->out, ",%" PRId64 ",%" PRId64 ",%u]", ev->at, ev->until,
	    as) == -1;
	w->any = true;
}

int
handover_write(struct broker *b, struct buf *out)
{
	struct writing w = { .broker = b, .out = out };
	struct keep_walk walk;

	if (buf_add_str(out, "{\"kept\":[") == -1)
		return -1;
	keep_walk_begin(&walk, b);
	while (keep_walk_some(&walk, PIECE, write_event, &w))
		;
	keep_walk_end(&walk);
	if (w.failed || buf_add_str(out, "],\"taps\":") == -1 ||
	    taps_hand_over(&b->taps, out) == -1)
		return -1;
	return buf_add_str(out, "}\n");
}

/* ---- reading ---- */

/* Fill *r from [topic,event,at,until,as]; *name gets the topic. */
static bool
read_event(struct keep_record *r, struct slice list, struct buf *name)
{
	struct json_elem part[FIELDS];
	struct slice rest = json_inside(list);
	int64_t as;
	size_t n = 0;

	while (n < FIELDS && json_next(&rest, &part[n]))
		n++;
	if (n < FIELDS || part[0].type != JSON_STRING ||
	    !json_int(&r->at, &part[2]) || !json_int(&r->until, &part[3]) ||
	    !json_int(&as, &part[4]))
		return false;
	r->number = 0;		/* it gets one of this broker */
	r->event = part[1].text;
	r->as = (unsigned)as & (KEEP_RETAINED | KEEP_HISTORY);
	return json_string(&r->topic, &part[0], name) == 0;
}

static int
read_kept(struct broker *b, struct slice list, size_t *events,
    struct errbuf *e)
{
	struct slice rest = json_inside(list);
	struct buf name = { 0 };
	struct keep_record r;
	struct json_elem item;
	struct errbuf why;
	int rc = 0;

	while (rc == 0 && json_next(&rest, &item)) {
		if (item.type != JSON_ARRAY ||
		    !read_event(&r, item.text, &name)) {
			err_set(e, "it has something that is no event");
			rc = -1;
		} else if (keep_restore(b, &r, &why) != 0) {
			(*events)++;
		} else {
			log_warn("an event is not taken over: %s", why.msg);
		}
	}
	buf_clear(&name);
	return rc;
}

int
handover_read(struct broker *b, struct slice json, unsigned what,
    size_t *events, struct errbuf *e)
{
	struct json_elem all, kept, taps;
	struct json_error je;

	*events = 0;
	if (json_scan_value(json, JSON_DEPTH_MAX, &all, &je) == -1 ||
	    all.type != JSON_OBJECT) {
		err_set(e, "it is no JSON object");
		return -1;
	}
	if (what & HANDOVER_TAPS && json_member(all.text, "taps", &taps) &&
	    taps.type == JSON_OBJECT &&
	    taps_take_over(&b->taps, taps.text, e) == -1)
		return -1;
	return what & HANDOVER_KEPT && json_member(all.text, "kept", &kept) &&
	    kept.type == JSON_ARRAY ?
	    read_kept(b, kept.text, events, e) : 0;
}
