/*
 * t_http_head.c: the head of an HTTP/1 answer.
 */
#include "proto/http_head.h"
#include "tap.h"

static void
status(const char *text, const char *line, unsigned minor, unsigned code)
{
	struct http_status st;

	tap_ok(http_status_read(&st, slice_str(text)), "%s", line);
	tap_slice(st.line, line, "its line ends where CR stands");
	tap_int(st.minor, minor, "%s: the version", line);
	tap_int(st.code, code, "%s: the code", line);
}

static void
test_status(void)
{
	struct http_status st;

	status("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
	    "HTTP/1.1 101 Switching Protocols", 1, 101);
	status("HTTP/1.0 403 Forbidden", "HTTP/1.0 403 Forbidden", 0, 403);
	status("HTTP/1.1 200 \r\n", "HTTP/1.1 200 ", 1, 200);
	status("HTTP/1.", "HTTP/1.", 0, 0);
	status("HTTP/1.1", "HTTP/1.1", 1, 0);
	status("HTTP/1.1 20", "HTTP/1.1 20", 1, 0);
	status("HTTP/1.1 101\r\n", "HTTP/1.1 101", 1, 0);
	status("HTTP/1.1 1x1 \r\n", "HTTP/1.1 1x1 ", 1, 0);
	status("HTTP/1.1_101 \r\n", "HTTP/1.1_101 ", 1, 0);
	status("HTTP/1.1 1010 \r\n", "HTTP/1.1 1010 ", 1, 0);
	tap_ok(!http_status_read(&st, SLICE("HTTP/2 200 \r\n")), "version 2");
	tap_ok(!http_status_read(&st, SLICE("-ERR no\r\n")), "no HTTP");
	tap_slice(st.line, "-ERR no", "but the line is there");
	tap_ok(!http_status_read(&st, slice_of(NULL, 0)), "nothing");
}

static void
test_head(void)
{
	static const char text[] = "HTTP/1.1 101 x\r\nA: b\r\n\r\nrest";
	struct slice head, in;
	size_t n;

	for (n = 0; n < sizeof(text) - 1; n++) {
		in = slice_of(text, n);
		if (http_head_cut(&head, &in))
			break;
	}
	tap_int((int64_t)n, (int64_t)sizeof(text) - 1 - 4,
	    "a head ends with an empty line");
	in = SLICE(text);
	tap_ok(http_head_cut(&head, &in), "more may follow");
	tap_slice(head, "HTTP/1.1 101 x\r\nA: b\r\n\r\n", "the head");
	tap_slice(in, "rest", "and what follows");
	in = slice_of(NULL, 0);
	tap_ok(!http_head_cut(&head, &in), "nothing has no end");
}

int
main(void)
{
	test_status();
	test_head();
	return tap_done();
}
