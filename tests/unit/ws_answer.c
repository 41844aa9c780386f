/*
 * ws_answer.c: what a WebSocket server sends, read strictly, as text.
 */
#include "ws_answer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "proto/close_code.h"
#include "wampd/net/ws_head.h"

struct frame_head {
	unsigned opcode;
	bool	 rsv1;
	size_t	 size;		/* bytes */
	uint64_t length;	/* of the payload */
};

static int
wrong(struct errbuf *e, const char *what)
{
	err_set(e, "%s", what);
	return -1;
}

static void
add_line(struct buf *lines, const char *type, struct slice payload)
{
	if (buf_addf(lines, "%s ", type) == -1 ||
	    buf_add_slice(lines, payload) == -1 ||
	    buf_add_char(lines, '\n') == -1)
		abort();
}

/* ---- frames ---- */

/* 1, or 0 if more bytes are needed, or -1. */
static int
read_length(struct frame_head *h, struct slice in, struct errbuf *e)
{
	unsigned first = (unsigned char)in.p[1] & WS_LENGTH;
	size_t i, n = first == 127 ? 8 : first == 126 ? 2 : 0;

	h->size = 2 + n;
	h->length = n == 0 ? first : 0;
	if (in.len < h->size)
		return 0;
	for (i = 0; i < n; i++)
		h->length = h->length << 8 | (unsigned char)in.p[2 + i];
	if ((n == 2 && h->length < 126) || (n == 8 && h->length < 65536))
		return wrong(e, "a length that is not minimal");
	return 1;
}

static int
read_head(struct frame_head *h, struct slice in, bool deflate,
    struct errbuf *e)
{
	unsigned char first;

	if (in.len < 2)
		return 0;
	first = (unsigned char)in.p[0];
	h->opcode = first & WS_OPCODE;
	h->rsv1 = first & WS_RSV1;
	if (!(first & WS_FIN))
		return wrong(e, "a fragment");
	if (first & WS_RESERVED)
		return wrong(e, "reserved bits");
	if (h->rsv1 && (!deflate || ws_is_control(h->opcode)))
		return wrong(e, "RSV1 without its extension");
	if (in.p[1] & WS_MASKED)
		return wrong(e, "a mask");
	if (ws_is_control(h->opcode) &&
	    (in.p[1] & WS_LENGTH) > WS_CONTROL_MAX)
		return wrong(e, "a long control frame");
	return read_length(h, in, e);
}

static int
read_close(struct slice payload, struct buf *lines, struct errbuf *e)
{
	struct slice reason;
	unsigned code;

	if (payload.len == 0)
		return buf_add_str(lines, "close\n");
	if (payload.len == 1)
		return wrong(e, "a close code of one byte");
	code = (unsigned)(unsigned char)payload.p[0] << 8 |
	    (unsigned char)payload.p[1];
	reason = slice_of(payload.p + 2, payload.len - 2);
	if (!close_code_may_be_sent(code))
		return wrong(e, "a close code that must not be sent");
	if (!utf8_valid(reason))
		return wrong(e, "a reason that is not UTF-8");
	if (buf_addf(lines, "close %u%s", code, reason.len > 0 ? " " : "") ==
	    -1 || buf_add_slice(lines, reason) == -1)
		abort();
	return buf_add_char(lines, '\n');
}

static int
read_payload(const struct frame_head *h, struct slice payload,
    struct buf *lines, struct errbuf *e)
{
	if (h->rsv1 && buf_add_str(lines, "compressed ") == -1)
		abort();
	switch (h->opcode) {
	case WS_TEXT:
		if (!h->rsv1 && !utf8_valid(payload))
			return wrong(e, "text that is not UTF-8");
		add_line(lines, "text", payload);
		return 0;
	case WS_BINARY:
		add_line(lines, "binary", payload);
		return 0;
	case WS_PING:
		add_line(lines, "ping", payload);
		return 0;
	case WS_PONG:
		add_line(lines, "pong", payload);
		return 0;
	case WS_CLOSE:
		return read_close(payload, lines, e);
	default:
		return wrong(e, "an unknown opcode");
	}
}

int
ws_frames_read(struct slice bytes, bool deflate, struct buf *lines,
    struct errbuf *e)
{
	struct frame_head h = { .opcode = WS_TEXT };
	int rc;

	while (bytes.len > 0) {
		if (h.opcode == WS_CLOSE)
			return wrong(e, "something behind a close frame");
		if ((rc = read_head(&h, bytes, deflate, e)) == -1)
			return -1;
		if (rc == 0 || h.length > bytes.len - h.size)
			return buf_add_str(lines, "cut\n");
		if (read_payload(&h, slice_of(bytes.p + h.size,
		    (size_t)h.length), lines, e) == -1)
			return -1;
		bytes = slice_of(bytes.p + h.size + h.length,
		    bytes.len - h.size - (size_t)h.length);
	}
	return 0;
}

/* ---- the answer to the request ---- */

/* The value of a field, to the end of the head. */
static const char *
find_field(struct slice head, const char *name)
{
	size_t len = strlen(name);
	const char *p = head.p;

	while ((p = memmem(p, (size_t)(head.p + head.len - p), "\r\n", 2)) !=
	    NULL) {
		p += 2;
		if ((size_t)(head.p + head.len - p) > len + 2 &&
		    strncasecmp(p, name, len) == 0 && p[len] == ':')
			return p + len + 2;
	}
	return NULL;
}

static int
read_body(struct slice head, struct slice body, bool head_only,
    struct errbuf *e)
{
	const char *length = find_field(head, "Content-Length");
	const char *connection = find_field(head, "Connection");

	if (connection == NULL || (strncmp(connection, "close\r", 6) != 0 &&
	    strncmp(connection, "Upgrade, close\r", 15) != 0))
		return wrong(e, "no \"Connection: close\"");
	if (length == NULL)
		return wrong(e, "no Content-Length");
	if (body.len != (head_only ? 0 : strtoul(length, NULL, 10)))
		return wrong(e, "another length of the body");
	return 0;
}

static int
read_upgrade(struct slice head, struct slice frames, struct buf *lines,
    struct errbuf *e)
{
	if (find_field(head, "Sec-WebSocket-Accept") == NULL)
		return wrong(e, "no Sec-WebSocket-Accept");
	return ws_frames_read(frames,
	    find_field(head, "Sec-WebSocket-Extensions") != NULL, lines, e);
}

int
ws_answer_read(struct slice bytes, bool head_only, struct buf *lines,
    struct errbuf *e)
{
	const struct slice http = SLICE("HTTP/1.1 ");
	const char *end;
	struct slice head, rest;

	if (bytes.len == 0)
		return 0;
	if ((end = memmem(bytes.p, bytes.len, "\r\n\r\n", 4)) == NULL)
		return wrong(e, "no end of the head");
	head = slice_of(bytes.p, (size_t)(end - bytes.p) + 4);
	rest = slice_of(head.p + head.len, bytes.len - head.len);
	if (!slice_starts(head, http) || memchr(head.p, '\0', head.len))
		return wrong(e, "no head of HTTP");
	if (buf_addf(lines, "%.3s\n", head.p + http.len) == -1)
		abort();
	if (strncmp(head.p + http.len, "101 ", 4) == 0)
		return read_upgrade(head, rest, lines, e);
	return read_body(head, rest, head_only, e);
}
