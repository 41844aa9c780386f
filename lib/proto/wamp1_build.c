/*
 * wamp1_build.c: messages of WAMP version 1 put together.
 *
 * Nothing is copied: a message is a list of slices, which the caller puts
 * into a frame once it knows the framing.
 */
#include "proto/wamp1.h"

#include <stdio.h>

#include "base/clock.h"

/* "[", the type and a comma come in front; the n values follow with commas
 * between them, and the bracket. */
static size_t
list(struct slice *parts, struct slice head, const struct slice *values,
    size_t n)
{
	size_t used = 0;

	parts[used++] = head;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			parts[used++] = SLICE(",");
		parts[used++] = values[i];
	}
	parts[used++] = SLICE("]");
	return used;
}

struct slice
wamp1_mark(char *out, bool retained, bool history, int64_t at)
{
	char iso[CLOCK_ISO_SIZE];
	int n = snprintf(out, WAMP1_MARK_SIZE, ",{%s%s\"time\":\"%s\"}]",
	    retained ? "\"retained\":true," : "",
	    history ? "\"history\":true," : "", clock_iso_of(iso, at));

	return slice_of(out, (size_t)n);
}

size_t
wamp1_event(struct slice *parts, struct slice topic_json,
    struct slice event_json)
{
	return list(parts, SLICE("[8,"),
	    (struct slice[]){ topic_json, event_json }, 2);
}

size_t
wamp1_callresult(struct slice *parts, struct slice id_json,
    struct slice result_json)
{
	return list(parts, SLICE("[3,"),
	    (struct slice[]){ id_json, result_json }, 2);
}

size_t
wamp1_callerror(struct slice *parts, struct slice id_json,
    struct slice uri_json, struct slice desc_json, struct slice details_json)
{
	return list(parts, SLICE("[4,"),
	    (struct slice[]){ id_json, uri_json, desc_json, details_json },
	    details_json.len > 0 ? 4 : 3);
}

size_t
wamp1_prefix(struct slice *parts, struct slice prefix_json,
    struct slice uri_json)
{
	return list(parts, SLICE("[1,"),
	    (struct slice[]){ prefix_json, uri_json }, 2);
}

size_t
wamp1_call(struct slice *parts, struct slice id_json, struct slice uri_json,
    struct slice args_json)
{
	return list(parts, SLICE("[2,"),
	    (struct slice[]){ id_json, uri_json, args_json },
	    args_json.len > 0 ? 3 : 2);
}

size_t
wamp1_subscribe(struct slice *parts, struct slice topic_json)
{
	return list(parts, SLICE("[5,"), &topic_json, 1);
}

size_t
wamp1_unsubscribe(struct slice *parts, struct slice topic_json)
{
	return list(parts, SLICE("[6,"), &topic_json, 1);
}

size_t
wamp1_publish(struct slice *parts, struct slice topic_json,
    struct slice event_json, struct slice exclude_json,
    struct slice eligible_json)
{
	return list(parts, SLICE("[7,"),
	    (struct slice[]){ topic_json, event_json, exclude_json,
	    eligible_json },
	    eligible_json.len > 0 ? 4 : exclude_json.len > 0 ? 3 : 2);
}

int
wamp1_welcome(struct buf *out, struct slice session_id, struct slice ident)
{
	size_t before = out->len;

	if (buf_add_str(out, "[0,") == 0 &&
	    json_quote(out, session_id) == 0 &&
	    buf_addf(out, ",%d,", WAMP1_VERSION) == 0 &&
	    json_quote(out, ident) == 0 && buf_add_char(out, ']') == 0)
		return 0;
	out->len = before;
	return -1;
}

int
wamp1_join(struct buf *out, const struct slice *parts, size_t n)
{
	size_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += parts[i].len;
	if (buf_reserve(out, size) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		(void)buf_add_slice(out, parts[i]);
	return 0;
}
