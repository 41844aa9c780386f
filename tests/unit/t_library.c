/*
 * t_library.c: libraries that are loaded when something asks for them.
 */
#include <string.h>

#include "base/library.h"
#include "tap.h"

/* Of the C library, which is there in any case. */
struct libc_api {
	__typeof__(&strlen) strlen;
	__typeof__(&strspn) strspn;
};

static const struct library_symbol symbols[] = {
	LIBRARY_ROW(libc_api, strspn),
	LIBRARY_ROW(libc_api, strlen),
	{ .name = NULL }
};

static const struct library_symbol too_many[] = {
	LIBRARY_ROW(libc_api, strlen),
	{ "not_a_function_at_all", offsetof(struct libc_api, strspn) },
	{ .name = NULL }
};

int
main(void)
{
	struct library l = { "libc.so.6", "this needs it", symbols };
	struct errbuf e = { "" };
	struct libc_api api;

	if (tap_int(library_load(&api, &l, &e), 0, "loaded: %s", e.msg)) {
		tap_int((int64_t)api.strlen("abc"), 3, "a function");
		tap_int((int64_t)api.strspn("aab", "a"), 2, "and another");
	}
	l.symbols = too_many;
	tap_int(library_load(&api, &l, &e), -1, "a function is missing");
	tap_str(e.msg, "this needs it: libc.so.6 has no not_a_function_at_all",
	    "and named");
	l.soname = "libnothing-of-that-name.so.7";
	tap_int(library_load(&api, &l, &e), -1, "a library is missing");
	tap_ok(strncmp(e.msg, "this needs it: libnothing-of-that-name.so.7: ",
	    45) == 0, "and named: %s", e.msg);
	return tap_done();
}
