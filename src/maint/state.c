/*
 * state.c: the maintenance state, as text and as JSON.
 */
#include "maint/state.h"

#include "base/clock.h"
#include "base/when.h"
#include "proto/json.h"
#include "proto/json_pretty.h"

/* A member that is a time; 0 if it is not. */
static int64_t
member_time(struct slice object, const char *name)
{
	struct json_elem elem;
	int64_t ms;

	return json_member(object, name, &elem) &&
	    notice_time(&ms, &elem) == 0 ? ms : 0;
}

bool
state_read(struct state *out, struct slice json)
{
	struct json_elem plan, event;

	*out = (struct state){ .since = member_time(json, "since") };
	if (json_member(json, "planned", &plan) &&
	    json_member(plan.text, "event", &event) &&
	    notice_read(&out->planned, event.text))
		out->at = member_time(plan.text, "at");
	if (out->at != 0 && json_member(plan.text, "warn", &event) &&
	    event.type == JSON_ARRAY)
		out->warn = event.text;
	/* The answer contains the plan, so it may be larger than an event. */
	if (!notice_members(&out->is, json))
		return false;
	state_ahead(out);
	return true;
}

void
state_ahead(struct state *s)
{
	if (s->is.at == 0)
		return;
	s->at = s->is.at;
	s->planned = s->is;
}

static int
text_time(struct buf *out, const char *word, int64_t wall_ms)
{
	char local[WHEN_LOCAL_SIZE];

	return wall_ms == 0 ? 0 :
	    buf_addf(out, " %s %s", word, when_local(local, wall_ms));
}

/* The times at which maintenance will be announced. */
static int
text_warnings(struct buf *out, struct slice list)
{
	struct slice rest = json_inside(list);
	const char *word = "announced at";
	struct json_elem elem;
	int64_t when;

	for (; json_next(&rest, &elem); word = "and")
		if (notice_time(&when, &elem) == 0 &&
		    text_time(out, word, when) == -1)
			return -1;
	return 0;
}

/* User, end and message.  User and message remain JSON: JSON is one line and
 * contains no control sequences for the terminal. */
static int
text_notice(struct buf *out, const struct notice *n, struct slice warn)
{
	static const struct json_look plain = { .indent = false };

	if (!slice_eq(n->user, SLICE("null")) &&
	    (buf_add_str(out, " by user ") == -1 ||
	    json_pretty(out, n->user, &plain) == -1))
		return -1;
	if (text_time(out, "until", n->until) == -1 ||
	    (warn.len > 0 && text_warnings(out, warn) == -1))
		return -1;
	return n->message.len > 0 && (buf_add_str(out, ": ") == -1 ||
	    json_pretty(out, n->message, &plain) == -1) ? -1 : 0;
}

int
state_text(struct buf *out, const struct state *s)
{
	if (!s->is.on && buf_add_str(out, "off") == -1)
		return -1;
	if (s->is.on && (buf_add_str(out, "on") == -1 ||
	    text_time(out, "since", s->since) == -1 ||
	    text_notice(out, &s->is, SLICE("")) == -1))
		return -1;
	if (s->at != 0 && (buf_add_str(out, ", planned") == -1 ||
	    text_time(out, "from", s->at) == -1 ||
	    text_notice(out, &s->planned, s->warn) == -1))
		return -1;
	return buf_add_char(out, '\n');
}

static int
json_time(struct buf *out, const char *name, int64_t wall_ms)
{
	char iso[CLOCK_ISO_SIZE];

	if (wall_ms == 0)
		return buf_addf(out, ",\"%s\":null", name);
	return buf_addf(out, ",\"%s\":\"%s\"", name,
	    clock_iso_of(iso, wall_ms));
}

int
state_json(struct buf *out, const struct state *s)
{
	if (buf_addf(out, "{\"isOn\":%s,\"userId\":",
	    s->is.on ? "true" : "false") == -1 ||
	    buf_add_slice(out, s->is.user) == -1 ||
	    json_time(out, "since", s->since) == -1 ||
	    buf_add_str(out, ",\"message\":") == -1 ||
	    buf_add_slice(out, s->is.message.len > 0 ? s->is.message :
	    SLICE("null")) == -1 ||
	    json_time(out, "until", s->is.until) == -1)
		return -1;
	if (s->is.at != 0 && json_time(out, "at", s->is.at) == -1)
		return -1;
	return buf_add_str(out, "}\n");
}
