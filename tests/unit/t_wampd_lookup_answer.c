/*
 * t_wampd_lookup_answer.c: the lines of a program that says who somebody is.
 */
#include "wampd/auth/lookup_answer.h"

#include <string.h>

#include "tap.h"
#include "wampd/auth/users.h"
#include "wampd/core/principal.h"

#define ADMIN	"\"user\":\"admin\",\"password\":\"hash\","	\
		"\"user_id\":7,\"roles\":[\"A\",\"B\"]}"

static void
line(const char *text, enum lookup_said want, const char *why)
{
	struct buf scratch = { 0 };
	struct slice got = SLICE("");
	struct user *u = NULL;
	int64_t id;

	tap_int(lookup_answer_read(slice_str(text), WHO_ANYONE, true, &id, &u,
	    &got, &scratch), want, "%s", text);
	tap_ok(got.len >= strlen(why) &&
	    memmem(got.p, got.len, why, strlen(why)) != NULL, "since %s", why);
	tap_ok((u != NULL) == (want == LOOKUP_SAID_USER), "whether there is "
	    "a user");
	user_free(u);
	buf_clear(&scratch);
}

static void
test_lines(void)
{
	line("{\"id\":1," ADMIN, LOOKUP_SAID_USER, "");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\"}", LOOKUP_SAID_USER,
	    "");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"roles\":null,"
	    "\"user_id\":null,\"more\":{}}", LOOKUP_SAID_USER, "");
	line("{\"id\":1,\"user\":null}", LOOKUP_SAID_NONE, "");
	line("{\"id\":1,\"error\":\"no database\"}", LOOKUP_SAID_ERROR,
	    "no database");
	line("", LOOKUP_SAID_NONSENSE, "JSON object");
	line("null", LOOKUP_SAID_NONSENSE, "JSON object");
	line("{\"user\":null}", LOOKUP_SAID_NONSENSE, "\"id\"");
	line("{\"id\":\"1\",\"user\":null}", LOOKUP_SAID_NONSENSE, "\"id\"");
	line("{\"id\":1}", LOOKUP_SAID_NONSENSE, "\"user\" is missing");
	line("{\"id\":1,\"user\":7}", LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"local:root\",\"password\":\"p\"}",
	    LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"a\\nb\",\"password\":\"p\"}",
	    LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"a\\u0000b\",\"password\":\"p\"}",
	    LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"a\"}", LOOKUP_SAID_NONSENSE, "password");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"\"}",
	    LOOKUP_SAID_NONSENSE, "password");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"user_id\":0}",
	    LOOKUP_SAID_NONSENSE, "user_id");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"user_id\":1.5}",
	    LOOKUP_SAID_NONSENSE, "user_id");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"roles\":\"A\"}",
	    LOOKUP_SAID_NONSENSE, "roles");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"roles\":[1]}",
	    LOOKUP_SAID_NONSENSE, "roles");
}

int
main(void)
{
	test_lines();
	return tap_done();
}
