/*
 * t_close_code.c: the codes with which WebSockets are closed.
 */
#include "proto/close_code.h"
#include "tap.h"

static void
check(unsigned code, const char *name, bool blames)
{
	tap_str(close_code_name(code), name, "%u: its name", code);
	tap_int(close_code_blames(code), blames, "%u: whose fault it is",
	    code);
}

static void
test_may_be_sent(void)
{
	static const unsigned edges[][2] = { { 1000, 1003 }, { 1007, 1014 },
	    { 3000, 4999 } };
	unsigned code, wrong = 0;
	size_t i;
	bool may;

	for (code = 0; code <= 0xffff; code++) {
		may = false;
		for (i = 0; i < 3; i++)
			may |= code >= edges[i][0] && code <= edges[i][1];
		if (close_code_may_be_sent(code) != may)
			wrong = code;
	}
	tap_int(wrong, 0, "which codes a close frame may carry");
}

int
main(void)
{
	check(999, NULL, false);
	check(CLOSE_NORMAL, "normal", false);
	check(CLOSE_PROTOCOL, "protocol error", true);
	check(1004, NULL, false);
	check(CLOSE_POLICY, "policy violation", true);
	check(CLOSE_TRY_AGAIN, "try again later", false);
	check(CLOSE_TLS, "TLS handshake", false);
	check(1016, NULL, false);
	check(4000, NULL, false);
	test_may_be_sent();
	return tap_done();
}
