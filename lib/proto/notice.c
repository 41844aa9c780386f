/*
 * notice.c: the event that tells of maintenance.
 */
#include "proto/notice.h"

#include "base/clock.h"
#include "base/when.h"
#include "proto/json.h"

bool
notice_read(struct notice *out, struct slice json)
{
	return json.len <= NOTICE_MAX && notice_members(out, json);
}

int
notice_time(int64_t *out_ms, const struct json_elem *value)
{
	return value->type == JSON_STRING ?
	    when_parse_iso(out_ms, json_inside(value->text)) : -1;
}

/* A time, or 0 when the member is none. */
static int64_t
member_time(struct slice json, const char *name)
{
	struct json_elem elem;
	int64_t ms;

	return json_member(json, name, &elem) &&
	    notice_time(&ms, &elem) == 0 ? ms : 0;
}

bool
notice_members(struct notice *out, struct slice json)
{
	struct json_elem elem;

	*out = (struct notice){ .user = SLICE("null") };
	if (!json_member(json, "isOn", &elem) || !json_is_bool(&elem))
		return false;
	out->on = elem.type == JSON_TRUE;
	/* Inside an array or object there may be line ends, which would end
	 * the lines that it is repeated in. */
	if (json_member(json, "userId", &elem) && elem.type != JSON_ARRAY &&
	    elem.type != JSON_OBJECT)
		out->user = elem.text;
	if (json_member(json, "message", &elem) && elem.type == JSON_STRING)
		out->message = elem.text;
	if (!out->on)
		out->at = member_time(json, "at");
	if (out->on || out->at != 0)
		out->until = member_time(json, "until");
	return true;
}

void
notice_keep(struct notice *n, const struct notice *before)
{
	if (slice_eq(n->user, SLICE("null")) &&
	    before->user.len + n->message.len <= NOTICE_TEXT_MAX)
		n->user = before->user;
	if (n->message.len == 0 &&
	    n->user.len + before->message.len <= NOTICE_TEXT_MAX)
		n->message = before->message;
}

int
notice_write(struct buf *out, const struct notice *n)
{
	char iso[CLOCK_ISO_SIZE];

	if (buf_addf(out, "{\"isOn\":%s,\"userId\":",
	    n->on ? "true" : "false") == -1 ||
	    buf_add_slice(out, n->user) == -1)
		return -1;
	if (n->message.len > 0 &&
	    (buf_add_str(out, ",\"message\":") == -1 ||
	    buf_add_slice(out, n->message) == -1))
		return -1;
	if (n->at != 0 && buf_addf(out, ",\"at\":\"%s\"",
	    clock_iso_of(iso, n->at)) == -1)
		return -1;
	if (n->until != 0 && buf_addf(out, ",\"until\":\"%s\"",
	    clock_iso_of(iso, n->until)) == -1)
		return -1;
	return buf_add_char(out, '}');
}
