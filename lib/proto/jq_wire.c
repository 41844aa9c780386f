/*
 * jq_wire.c: frames between an asker and its jq worker.
 */
#include "proto/jq_wire.h"

#include <string.h>

const char *const jq_names[JQ_NAMES] = {
	[JQ_WHOLE] = "", [JQ_SESSION] = "session", [JQ_TOPIC] = "topic",
	[JQ_ROUTE] = "route", [JQ_ATTRIBUTES] = "attributes",
	[JQ_EVENT] = "event", [JQ_ARGS] = "args", [JQ_EXCLUDE] = "exclude",
	[JQ_ELIGIBLE] = "eligible",
};

/* ---- writing ---- */

int
jq_frame_begin(struct buf *out, enum jq_kind kind, uint32_t seq, uint32_t n,
    size_t *at)
{
	const struct jq_head head = { .kind = kind, .seq = seq, .n = n };

	*at = out->len;
	return buf_add(out, &head, sizeof(head));
}

int
jq_frame_end(struct buf *out, size_t at)
{
	size_t len = out->len - at - sizeof(struct jq_head);
	uint32_t bytes = (uint32_t)len;

	if (len > JQ_FRAME_MAX)
		return -1;
	memcpy(out->data + at + offsetof(struct jq_head, len), &bytes,
	    sizeof(bytes));
	return 0;
}

int
jq_frame_text(struct buf *out, enum jq_name name, enum jq_from from,
    struct slice text)
{
	struct jq_text head = { .name = name, .from = from };

	if (text.len > JQ_FRAME_MAX)
		return -1;
	head.len = (uint32_t)text.len;
	if (buf_add(out, &head, sizeof(head)) == -1)
		return -1;
	return buf_add_slice(out, text);
}

/* ---- reading ---- */

bool
jq_take(struct slice *body, void *out, size_t len)
{
	if (body->len < len)
		return false;
	memcpy(out, body->p, len);
	body->p += len;
	body->len -= len;
	return true;
}

bool
jq_take_text(struct slice *body, struct jq_text *head, struct slice *text)
{
	if (!jq_take(body, head, sizeof(*head)) || head->name >= JQ_NAMES ||
	    head->len > body->len)
		return false;
	*text = slice_of(body->p, head->len);
	body->p += head->len;
	body->len -= head->len;
	return true;
}

int
jq_frame_next(struct slice *rest, size_t max, struct jq_head *head,
    struct slice *body)
{
	struct slice at = *rest;

	if (!jq_take(&at, head, sizeof(*head)))
		return 0;
	if (head->len > max || head->len > JQ_FRAME_MAX)
		return -1;
	if (head->len > at.len)
		return 0;
	*body = slice_of(at.p, head->len);
	rest->p = at.p + head->len;
	rest->len = at.len - head->len;
	return 1;
}
