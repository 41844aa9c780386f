/*
 * ws_items.c: what a struct ws_reader finds, as text.
 */
#include "ws_items.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "proto/close_code.h"
#include "wampd/net/ws_head.h"

static void
add_payload(struct buf *out, const char *type, struct slice payload)
{
	assert(buf_addf(out, "%s ", type) == 0);
	assert(buf_add_slice(out, payload) == 0);
	assert(buf_add_char(out, '\n') == 0);
}

static void
add_message(struct buf *out, const struct ws_reader_rules *rules,
    const struct ws_item *item)
{
	assert(item->payload.len <= rules->limit);
	assert(rules->deflate || !item->compressed);
	assert(item->binary || item->compressed || utf8_valid(item->payload));
	if (item->compressed)
		assert(buf_add_str(out, "compressed ") == 0);
	add_payload(out, item->binary ? "binary" : "text", item->payload);
}

static void
add_close(struct buf *out, const struct ws_item *item)
{
	char type[16];
	size_t n = item->code == CLOSE_NO_STATUS ? 0 : 2;
	struct slice reason = slice_of(item->payload.p + n,
	    item->payload.len - n);

	assert(item->payload.len >= n && utf8_valid(reason));
	assert(n == 0 || close_code_may_be_sent(item->code));
	(void)snprintf(type, sizeof(type), "close %u", item->code);
	add_payload(out, type, reason);
}

static void
add_fault(struct buf *out, const struct ws_item *item)
{
	assert(item->payload.len == 0);
	assert(buf_addf(out, "fault %u %s\n", item->code, item->reason) == 0);
}

static void
add_control(struct buf *out, const char *type, const struct ws_item *item)
{
	assert(item->payload.len <= WS_CONTROL_MAX);
	add_payload(out, type, item->payload);
}

static void
add_item(struct buf *out, enum ws_got got, const struct ws_reader_rules *rules,
    const struct ws_item *item)
{
	switch (got) {
	case WS_GOT_MESSAGE:
		add_message(out, rules, item);
		break;
	case WS_GOT_PING:
		add_control(out, "ping", item);
		break;
	case WS_GOT_PONG:
		add_control(out, "pong", item);
		break;
	case WS_GOT_CLOSE:
		add_close(out, item);
		break;
	case WS_GOT_TOO_BIG:
		assert(buf_add_str(out, "too big\n") == 0);
		break;
	case WS_GOT_FAULT:
		add_fault(out, item);
		break;
	default:
		assert(got != WS_GOT_NO_MEMORY);
	}
}

void
ws_items_read(struct buf *out, struct ws_reader *r,
    const struct ws_reader_rules *rules, struct slice bytes)
{
	char *block = malloc(bytes.len > 0 ? bytes.len : 1);
	struct ws_input in = { block, bytes.len };
	struct ws_item item;
	enum ws_got got;

	assert(block != NULL);
	if (bytes.len > 0)
		memcpy(block, bytes.p, bytes.len);
	while ((got = ws_reader_next(r, rules, &in, &item)) != WS_GOT_MORE)
		add_item(out, got, rules, &item);
	assert(in.len == 0 && in.p == block + bytes.len);
	free(block);
}
