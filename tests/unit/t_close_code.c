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
	return tap_done();
}
