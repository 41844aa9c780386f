/*
 * ws_items.c: what a struct ws_reader finds, as text.
 */
#include "ws_items.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/close_code.h"

static void
add_payload(struct buf *out, const char *type, struct slice payload)
{
	if (buf_addf(out, "%s ", type) == -1 ||
	    buf_add_slice(out, payload) == -1 || buf_add_char(out, '\n') == -1)
		abort();
}

static void
add_message(struct buf *out, const struct ws_item *item)
{
	if (item->compressed && buf_add_str(out, "compressed ") == -1)
		abort();
	add_payload(out, item->binary ? "binary" : "text", item->payload);
}

static void
add_close(struct buf *out, const struct ws_item *item)
{
	char type[16];
	size_t n = item->code == CLOSE_NO_STATUS ? 0 : 2;

	(void)snprintf(type, sizeof(type), "close %u", item->code);
	add_payload(out, type, slice_of(item->payload.p + n,
	    item->payload.len - n));
}

static void
add_item(struct buf *out, enum ws_got got, const struct ws_item *item)
{
	switch (got) {
	case WS_GOT_MESSAGE:
		add_message(out, item);
		break;
	case WS_GOT_PING:
	case WS_GOT_PONG:
		add_payload(out, got == WS_GOT_PING ? "ping" : "pong",
		    item->payload);
		break;
	case WS_GOT_CLOSE:
		add_close(out, item);
		break;
	case WS_GOT_FAULT:
		if (buf_addf(out, "fault %u %s\n", item->code,
		    item->reason) == -1)
			abort();
		break;
	case WS_GOT_TOO_BIG:
		if (buf_add_str(out, "too big\n") == -1)
			abort();
		break;
	default:
		abort();
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

	if (block == NULL)
		abort();
	if (bytes.len > 0)
		memcpy(block, bytes.p, bytes.len);
	while ((got = ws_reader_next(r, rules, &in, &item)) != WS_GOT_MORE)
		add_item(out, got, &item);
	if (in.len != 0 || in.p != block + bytes.len)
		abort();
	free(block);
}
