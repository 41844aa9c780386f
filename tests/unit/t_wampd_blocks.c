/*
 * t_wampd_blocks.c: addresses that are blocked while the broker runs.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/opt_list.h"
#include "fake.h"
#include "tap.h"
#include "wampd/auth/block_calls.h"
#include "wampd/auth/blocks.h"

#define NOON	INT64_C(1764504000000)	/* ms: 2025-11-30T12:00:00Z */
#define HOUR	INT64_C(3600000)
#define MANY	2500	/* sessions */
#define PIECE	1024	/* that are looked at per turn */

static char folder[] = "/tmp/t_wampd_blocks.XXXXXX";

static int64_t wall = NOON;

static int64_t
read_wall(void)
{
	return wall;
}

struct stage {
	struct addresses addresses;
	struct broker	*broker;
	struct fake_peer *admin;	/* on the control socket */
};

static void
stage_open(struct stage *s)
{
	const struct opt_list none = { .n = 0 };
	const struct addresses_settings set = { &none, &none, &none };
	struct broker_settings core = fake_settings();
	struct blocks *blocks;
	struct errbuf e = { "" };

	core.state_dir = folder;
	core.limit_sessions = core.limit_sessions_address = 2 * MANY;
	s->broker = fake_broker(&core);
	s->broker->wall = read_wall;
	if (addresses_init(&s->addresses, &set, &e) == -1 ||
	    (blocks = blocks_add(s->broker, &s->addresses, &e)) == NULL ||
	    block_calls_add(blocks) == -1) {
		(void)fprintf(stderr, "%s\n", e.msg);
		abort();
	}
	s->admin = fake_open(s->broker, WIRE_LINE);
}

static void
stage_close(struct stage *s)
{
	fake_end(s->broker);
	addresses_clear(&s->addresses);
}

static struct address
address(const char *text)
{
	struct address a = { .u.sa.sa_family = AF_INET };

	if (inet_pton(AF_INET, text, &a.u.in.sin_addr) != 1) {
		a.u.sa.sa_family = AF_INET6;
		if (inet_pton(AF_INET6, text, &a.u.in6.sin6_addr) != 1)
			abort();
	}
	return a;
}

static bool
is_blocked(const struct stage *s, const char *text)
{
	struct address a = address(text);

	return !addresses_admit(&s->addresses, &a, wall);
}

static const char *
call(struct stage *s, const char *procedure, const char *args)
{
	(void)fake_say(s->admin, "[2,\"c\",\"%s\",%s]", procedure, args);
	return fake_hear(s->admin);
}

static void
put_file(const char *text)
{
	char path[sizeof(folder) + 32];
	struct errbuf e;

	(void)snprintf(path, sizeof(path), "%s/blocked.json", folder);
	if (io_replace_file(path, slice_str(text), 0600, &e) == -1)
		abort();
}

static struct fake_peer *
come(struct stage *s, const char *from)
{
	struct address a = address(from);

	return fake_open_from(s->broker, &a, &principal_anonymous);
}

/* Only the sessions from there are closed, and administrators never. */
static void
test_closing(void)
{
	struct stage s;
	struct fake_peer *in, *mapped, *out, *unknown;

	stage_open(&s);
	in = come(&s, "192.0.2.7");
	mapped = come(&s, "::ffff:192.0.2.8");
	out = come(&s, "192.0.3.1");
	unknown = fake_open(s.broker, WIRE_WS);
	(void)call(&s, "wampd.block", "\"192.0.2.0/24\",{\"close\":false}");
	(void)fake_turn(s.broker);
	tap_ok(in->session != NULL, "close: false keeps the sessions");
	(void)call(&s, "wampd.block", "\"192.0.2.0/24\"");
	(void)fake_turn(s.broker);
	(void)fake_turn(s.broker);
	tap_ok(in->closed && in->code == 1008,
	    "a session from there is closed");
	tap_ok(mapped->closed, "also if its address is mapped");
	tap_ok(!out->closed && !unknown->closed, "the others are not");
	tap_ok(!s.admin->closed, "nor is the caller");
	tap_int((int64_t)s.broker->stats.sessions_blocked, 2,
	    "they are counted");
	(void)call(&s, "wampd.unblock", "\"192.0.2.0/24\"");
	stage_close(&s);
}

/* A turn does not look at all of many sessions. */
static void
test_many(void)
{
	struct stage s;
	uint64_t before, most = 0;
	int i;

	stage_open(&s);
	for (i = 0; i < MANY; i++)
		(void)come(&s, "192.0.2.7");
	(void)fake_say(s.admin,
	    "[2,\"c\",\"wampd.block\",\"192.0.2.7\"]");
	for (i = 0; i < 2 + MANY / PIECE; i++) {
		before = s.broker->stats.sessions_blocked;
		(void)fake_turn(s.broker);
		if (s.broker->stats.sessions_blocked - before > most)
			most = s.broker->stats.sessions_blocked - before;
	}
	tap_int((int64_t)s.broker->stats.sessions_blocked, MANY,
	    "many sessions are closed");
	tap_int((int64_t)most, PIECE, "so many at most in a turn");
	(void)call(&s, "wampd.unblock", "\"192.0.2.7\"");
	stage_close(&s);
}

/* Give the addresses other lists of the configuration. */
static void
renew(struct stage *s, const char *blocked, const char *allowed)
{
	const struct opt_list none = { .n = 0 };
	const struct opt_list block = { .v = &blocked, .n = blocked != NULL };
	const struct opt_list allow = { .v = &allowed, .n = allowed != NULL };
	const struct addresses_settings set = { &block, &allow, &none };
	struct addresses fresh;
	struct errbuf e;

	if (addresses_init(&fresh, &set, &e) == -1)
		abort();
	blocks_renew(s->addresses.blocks, &fresh);
	addresses_clear(&fresh);
	(void)fake_turn(s->broker);
	(void)fake_turn(s->broker);
}

static void
test_renew(void)
{
	struct stage s;
	struct fake_peer *in, *out, *unknown, *kept;

	stage_open(&s);
	in = come(&s, "192.0.2.7");
	out = come(&s, "192.0.3.1");
	kept = come(&s, "192.0.4.1");
	unknown = fake_open(s.broker, WIRE_WS);
	(void)call(&s, "wampd.block", "\"192.0.4.1\",{\"close\":false}");
	renew(&s, "192.0.2.0/24", NULL);
	tap_ok(in->closed && in->code == 1008, "new lists: a session whose "
	    "address is blocked is closed");
	tap_ok(!out->closed && !unknown->closed && !s.admin->closed,
	    "the others are not");
	tap_ok(!kept->closed, "nor one that wampd.block has spared");
	tap_ok(is_blocked(&s, "192.0.2.7"), "it cannot come back");
	tap_ok(is_blocked(&s, "192.0.4.1"), "what wampd.block did stays");
	renew(&s, NULL, "192.0.4.0/24");
	tap_ok(out->closed, "who is not allowed any more is closed");
	tap_ok(!kept->closed && !unknown->closed && !s.admin->closed,
	    "the others are not");
	tap_ok(is_blocked(&s, "192.0.2.7"), "not allowed is blocked");
	renew(&s, NULL, NULL);
	tap_ok(!is_blocked(&s, "192.0.2.7"), "without lists, all may come");
	tap_int((int64_t)s.broker->stats.sessions_blocked, 2,
	    "those that were closed are counted");
	(void)call(&s, "wampd.unblock", "\"192.0.4.1\"");
	stage_close(&s);
}

/* A block ends when its time is up, whether or not the loop wakes for that. */
static void
test_end(void)
{
	struct stage s;

	wall = NOON;
	stage_open(&s);
	tap_ok(has(call(&s, "wampd.block", "\"192.0.2.1\",{\"for\":\"1h\"}"),
	    "\"until\":\"2025-11-30T13:00:00.000Z\""), "a block with an end");
	tap_ok(has(call(&s, "wampd.block", "\"192.0.2.2\",{\"for\":7200}"),
	    "\"until\":\"2025-11-30T14:00:00.000Z\""), "in seconds");
	tap_ok(has(call(&s, "wampd.block", "\"192.0.2.1\",{\"for\":\"1h\"}"),
	    "\"changed\":false"), "the same end changes nothing");
	wall = NOON + HOUR - 1;
	tap_ok(is_blocked(&s, "192.0.2.1"), "before the end");
	wall = NOON + HOUR;
	tap_ok(!is_blocked(&s, "192.0.2.1"), "at the end");
	tap_ok(!has(call(&s, "wampd.blocked", "\"192.0.2.1\""), "192.0.2.1"),
	    "it is not listed");
	fake_pass(s.broker, HOUR);
	tap_int((int64_t)networks_count(&s.addresses.added), 1,
	    "it is forgotten");
	tap_ok(has(call(&s, "wampd.block", "\"192.0.2.2\""),
	    "\"changed\":true,\"until\":null"), "an end may be taken back");
	wall = NOON + 9 * HOUR;
	tap_ok(is_blocked(&s, "192.0.2.2"), "then there is none");
	stage_close(&s);
	stage_open(&s);
	tap_ok(is_blocked(&s, "192.0.2.2"), "over a restart, too");
	(void)call(&s, "wampd.unblock", "\"192.0.2.2\"");
	stage_close(&s);
	wall = NOON;
}

static void
assert_file(const char *text, size_t blocks, bool ours)
{
	char path[sizeof(folder) + 32];
	struct stage s;

	put_file(text);
	stage_open(&s);
	(void)fake_turn(s.broker);
	(void)snprintf(path, sizeof(path), "%s/blocked.json.bad", folder);
	tap_int((int64_t)networks_count(&s.addresses.added), (int64_t)blocks,
	    "%.40s: %zu blocks", text, blocks);
	tap_ok((unlink(path) == -1) == ours, "%.40s: %s", text,
	    ours ? "ours" : "set aside");
	stage_close(&s);
}

static void
test_files(void)
{
	assert_file("[]", 0, true);
	assert_file("[[\"192.0.2.1\",null],[\"2001:db8::/32\","
	    "\"2025-11-30T13:00:00Z\"]]", 2, true);
	assert_file("[[\"192.0.2.1\",\"2025-11-30T11:00:00Z\"]]", 0, true);
	assert_file("", 0, false);
	assert_file("{}", 0, false);
	assert_file("[[\"192.0.2.1\",null],[\"10.0.0.1/8\",null]]", 0, false);
	assert_file("[[\"192.0.2.1\"]]", 0, false);
	assert_file("[[\"192.0.2.1\",null,null]]", 0, false);
	assert_file("[[\"192.0.2.1\",7]]", 0, false);
	assert_file("[[7,null]]", 0, false);
	assert_file("[\"192.0.2.1\"]", 0, false);
	assert_file("[[[\"192.0.2.1\"],null]]", 0, false);
	assert_file("[[\"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:"
	    "bbbb:cccc:dddd\",null]]", 0, false);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		abort();
	test_closing();
	test_many();
	test_renew();
	test_end();
	test_files();
	put_file("[]");
	if (chdir(folder) == 0)
		(void)unlink("blocked.json");
	(void)rmdir(folder);
	return tap_done();
}
