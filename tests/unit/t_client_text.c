/*
 * t_client_text.c: what the client writes: frames, events, errors.
 */
#include "client/client.h"

#include <stdlib.h>
#include <string.h>

#include "proto/wamp1.h"
#include "client/output.h"
#include "client/url.h"
#include "client/ws_close.h"
#include "client/ws_error.h"
#include "client/ws_frame.h"
#include "tap.h"

/* ---- frames ---- */

static const unsigned char mask[WS_MASK_SIZE] = { 0x37, 0xfa, 0x21, 0x3d };

/* The example of RFC 6455 section 5.7. */
static void
test_frame_example(void)
{
	const struct slice parts[] = { SLICE("Hel"), SLICE(""), SLICE("lo") };
	struct buf out = { 0 };

	tap_int(ws_frame_add(&out, WS_OPCODE_TEXT, parts, 3, mask), 0,
	    "a frame");
	tap_slice(buf_slice(&out),
	    "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
	    "is the specification's");
	buf_clear(&out);
}

/* A head of that size, and the payload comes back when unmasked. */
static void
check_frame(size_t len, size_t head)
{
	char *text = calloc(1, len + 1);
	struct slice part = slice_of(text, len);
	struct buf out = { 0 };
	size_t i, wrong = 0;

	if (text == NULL)
		return;
	for (i = 0; i < len; i++)
		text[i] = (char)('a' + i % 26);
	buf_add_str(&out, "x");		/* behind what is there already */
	tap_int(ws_frame_add(&out, WS_OPCODE_TEXT, &part, 1, mask), 0,
	    "a frame of %zu bytes", len);
	tap_int(out.len, 1 + head + len, "has a head of %zu", head);
	for (i = 0; i < len; i++)
		wrong += (char)(out.data[1 + head + i] ^ mask[i % 4]) !=
		    text[i];
	tap_int(wrong, 0, "and its payload comes back");
	buf_clear(&out);
	free(text);
}

static void
test_frame_sizes(void)
{
	check_frame(0, 6);
	check_frame(7, 6);
	check_frame(8, 6);
	check_frame(125, 6);
	check_frame(126, 8);
	check_frame(65535, 8);
	check_frame(65536, 14);
}

/* ---- events ---- */

static void
check_output(const char *name, struct output_format f, const char *message,
    const char *want)
{
	const struct wamp1_rules rules = { .role = WAMP1_CLIENT,
	    .depth = JSON_DEPTH_DEFAULT };
	struct wamp1_error we;
	struct wamp_msg m;
	struct errbuf e;
	struct event ev;
	struct buf out = { 0 };

	if (!tap_int(wamp1_parse(&m, slice_str(message), &rules, &we), 0,
	    "%s: a message", name))
		return;
	ev = (struct event){ .topic = m.uri, .value = m.event, .number = 1,
	    .time_us = 951782400123456 };
	tap_int(output_event(&out, &f, &ev, &e), EVENT_OK, "%s: is printed",
	    name);
	tap_slice(buf_slice(&out), want, "%s", name);
	buf_clear(&out);
}

static void
test_output(void)
{
	const struct output_format plain = { 0 }, topic = { .topic = true },
	    raw = { .raw = true }, both = { .topic = true, .raw = true },
	    object = { .object = true }, pretty = { .look = { true, false } },
	    all = { .object = true, .look = { true, false } };

	check_output("bytes as they came", plain,
	    "[8, \"t\", {\"a\" : 1e400} ]", "{\"a\" : 1e400}\n");
	check_output("line ends between tokens", plain,
	    "[8,\"t\",{\n\"a\":\r\n1}]", "{ \"a\":  1}\n");
	check_output("escapes stay", plain, "[8,\"t\",\"\\u00e9\"]",
	    "\"\\u00e9\"\n");
	check_output("a topic", topic, "[8,\"a/b c\",1]", "a/b c\t1\n");
	check_output("a topic with escapes", topic,
	    "[8,\"a\\/b\\n\\t\\u00e9\\\"\",1]",
	    "a/b\\n\\té\\\"\t1\n");
	check_output("a raw string", raw, "[8,\"t\",\"\\u00e9\\n\"]",
	    "é\n\n");
	check_output("raw, but no string", raw, "[8,\"t\",[\"a\"]]",
	    "[\"a\"]\n");
	check_output("topic and raw string", both, "[8,\"t\",\"a\"]",
	    "t\ta\n");
	check_output("an object", object, "[8,\"a\\tb\",[ 1 ]]",
	    "{\"time\":\"2000-02-29T00:00:00.123Z\",\"topic\":\"a\\tb\","
	    "\"event\":[ 1 ]}\n");
	check_output("indented", pretty, "[8,\"t\",[ 1 ]]",
	    "[\n  1\n]\n");
	check_output("an object, indented", all, "[8,\"t\",[ 1 ]]",
	    "{\n  \"time\": \"2000-02-29T00:00:00.123Z\",\n"
	    "  \"topic\": \"t\",\n  \"event\": [\n    1\n  ]\n}\n");
}

/* ---- errors ---- */

static void
check_explained(const char *uri, const char *desc, const char *want)
{
	struct errbuf e = { "" };

	client_explain(&e, slice_str(uri), slice_str(desc));
	tap_str(e.msg, want, "%s and %s", uri, desc);
}

static void
check_ws_error(const char *text, const char *status, const char *location,
    bool may_pass, const char *want)
{
	const struct errbuf trusted = { "" };
	char nowhere[] = "/nonexistent/socket";
	const struct ws_url url = { .socket = nowhere };
	const struct ws_failure f = { .text = slice_str(text),
	    .code = (unsigned)atoi(status), .status = status,
	    .location = location, .certificate = &trusted, .url = &url };
	struct errbuf e = { "" };

	tap_int(ws_error_explain(&e, &f), may_pass, "\"%s\", %s: again?",
	    text, status);
	tap_str(e.msg, want, "\"%s\", %s", text, status);
}

static void
test_hang_up_with_tls(void)
{
	const struct errbuf trusted = { "" };
	const struct ws_url url = { .tls = true };
	const struct ws_failure f = { .text = SLICE("read failed"),
	    .status = "", .location = "", .certificate = &trusted,
	    .url = &url };
	struct errbuf e = { "" };

	tap_int(ws_error_explain(&e, &f), 1, "with TLS: again?");
	tap_str(e.msg, "the server hung up on the handshake: it may require "
	    "another client certificate (--cert)", "with TLS");
}

static void
test_certificate(void)
{
	const struct errbuf reason = { "it has expired" };
	const struct ws_failure f = { .text = SLICE("connect SSL err 1"),
	    .status = "", .location = "", .certificate = &reason };
	struct errbuf e = { "" };

	tap_int(ws_error_explain(&e, &f), 0, "a certificate stays as it is");
	tap_str(e.msg, reason.msg, "its fault is the reason");
}

static void
check_close(unsigned code, const char *reason, int status, const char *want)
{
	struct errbuf e = { "" };

	tap_int(ws_close_explain(&e, code, reason), status, "%u: status",
	    code);
	tap_str(e.msg, want, "%u: text", code);
}

static void
test_errors(void)
{
	check_explained("\"a.b\"", "\"no\"", "a.b: no");
	check_explained("\"a.b\"", "\"\"", "a.b");
	check_explained("\"\\u00e9\"", "\"\\\"x\\\"\"", "é: \"x\"");
	check_explained("7", "\"no\"", ": no");

	check_ws_error("HS: ws upgrade response not 101", "503 Busy", "",
	    true, "HTTP status 503 Busy: the server has no room, or is down "
	    "for now");
	check_ws_error("HS: ws upgrade response not 101", "404 Not Found", "",
	    false, "HTTP status 404 Not Found: the server has no WebSocket at "
	    "this path");
	check_ws_error("HS: ws upgrade response not 101", "403 Forbidden",
	    "", false,
	    "HTTP status 403 Forbidden: the server refused the WebSocket");
	check_ws_error("HS: redirect", "302 Found", "/login", false,
	    "HTTP status 302 Found: the server is at /login");
	check_ws_error("HS: ACCEPT missing", "101", "", false,
	    "not a WebSocket server: ACCEPT missing");
	check_ws_error("read failed", "", "", true,
	    "the server hung up on the handshake");
	test_hang_up_with_tls();
	check_ws_error("something new", "", "", true,
	    "cannot connect: No such file or directory");
	test_certificate();

	check_close(1000, "", EXIT_LOST,
	    "the server closed the connection: 1000 (normal)");
	check_close(1002, "full", EXIT_LOST, "the server closed the "
	    "connection: 1002 (protocol error or a newer code): full");
	check_close(1007, "bad", EXIT_REFUSED,
	    "the server closed the connection: 1007 (invalid data): bad");
	check_close(1013, "", EXIT_LOST,
	    "the server closed the connection: 1013 (try again later)");
	check_close(4000, "own", EXIT_LOST,
	    "the server closed the connection: 4000: own");
}

int
main(void)
{
	test_frame_example();
	test_frame_sizes();
	test_output();
	test_errors();
	return tap_done();
}
