/*
 * t_wampd_cra.c: challenges and signatures of WAMP-CRA.
 *
 * The vectors were computed with Python and are those of AutobahnJS 0.8.2.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"
#include "wampd/auth/cra.h"
#include "wampd/core/permissions.h"

#define CHALLENGE "{\"authid\":\"AAAAAAAAAAAAAAAA\",\"authkey\":\"foobar\"," \
	"\"timestamp\":\"2013-01-01T00:00:00Z\",\"sessionid\":" \
	"\"v59mbCGDXZ7WTyxB\",\"extra\":{},\"permissions\":{\"pubsub\":[]," \
	"\"rpc\":[]}}"

static void
test_signatures(void)
{
	static const struct {
		const char *key, *signature;
	} rows[] = {
		{ "secret", "UO8siBag2S0WehWpWeg4odGb942IXFDVbbfrIdd7EZ4=" },
		{ "", "CFBLXlHWjoixYSWCMAWqtgxmeP8Wes7ds8QXHr2KzTw=" },
		{ "znWa4bxY1glpbQlZziHIlXA2shfF+HoCr9bnmZ5HPQg=",
		  "4ZjG7fCqRjX3/5xs78Siv2NkrerHKFF0LngIOcBnD4E=" },
	};
	char out[CRA_SIGNATURE_SIZE], other[CRA_SIGNATURE_SIZE];
	size_t i, j, wrong;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice key = slice_str(rows[i].key), right;

		tap_str(cra_signature(out, key, SLICE(CHALLENGE)),
		    rows[i].signature, "signed with \"%s\"", rows[i].key);
		right = slice_str(rows[i].signature);
		tap_ok(cra_matches(key, SLICE(CHALLENGE), right),
		    "the signature matches");
		for (wrong = j = 0; j < right.len; j++) {
			(void)cra_signature(other, key, SLICE(CHALLENGE));
			other[j] ^= 1;
			wrong += !cra_matches(key, SLICE(CHALLENGE),
			    slice_str(other));
		}
		tap_int((long long)wrong, (long long)right.len,
		    "with any other character, it does not");
		tap_ok(!cra_matches(key, SLICE(CHALLENGE " "), right) &&
		    !cra_matches(key, SLICE(CHALLENGE),
		    slice_of(right.p, right.len - 1)) &&
		    !cra_matches(key, SLICE(CHALLENGE), SLICE("")),
		    "nor for another challenge, nor in part");
	}
}

static void
test_challenge(void)
{
	struct cra_challenge c = {
		.authid = SLICE("AAAAAAAAAAAAAAAA"),
		.authkey = SLICE("foo\"bar"),
		.wall = INT64_C(1356998400123),
		.session = SLICE("v59mbCGDXZ7WTyxB"),
		.extra = SLICE("{ }"),
	};
	struct permission topic = { .uri = SLICE("a/"), .prefix = true };
	struct permission other = { .uri = SLICE("c/"), .prefix = true };
	struct permission call = { .uri = SLICE("b") };
	struct permissions *p = permissions_new();
	struct buf out = { 0 };

	if (p == NULL || cra_challenge_write(&out, &c) == -1)
		abort();
	tap_str(buf_cstr(&out), "{\"authid\":\"AAAAAAAAAAAAAAAA\","
	    "\"authkey\":\"foo\\\"bar\",\"timestamp\":"
	    "\"2013-01-01T00:00:00.123Z\",\"sessionid\":\"v59mbCGDXZ7WTyxB\","
	    "\"extra\":{ },\"permissions\":{\"pubsub\":[],\"rpc\":[]}}",
	    "a challenge");
	topic.allows[DECLARE_SUBSCRIBE] = true;
	other.allows[DECLARE_PUBLISH] = true;
	call.allows[DECLARE_CALL] = true;
	if (permissions_add_topic(p, &topic) == -1 ||
	    permissions_add_topic(p, &other) == -1 ||
	    permissions_add_procedure(p, &call) == -1)
		abort();
	c.permissions = p;
	c.salt = (struct cra_salt){ SLICE("x\"y"), 1000, 20 };
	buf_reset(&out);
	if (cra_challenge_write(&out, &c) == -1)
		abort();
	tap_str(strstr(buf_cstr(&out), ",\"permissions\":"),
	    ",\"permissions\":{\"pubsub\":["
	    "{\"uri\":\"a/\",\"prefix\":true,\"pub\":false,\"sub\":true},"
	    "{\"uri\":\"c/\",\"prefix\":true,\"pub\":true,\"sub\":false}],"
	    "\"rpc\":[{\"uri\":\"b\",\"call\":true}]},"
	    "\"authextra\":{\"salt\":\"x\\\"y\",\"iterations\":1000,"
	    "\"keylen\":20}}", "with permissions and a salt");
	permissions_unref(p);
	buf_clear(&out);
}

int
main(void)
{
	test_signatures();
	test_challenge();
	return tap_done();
}
