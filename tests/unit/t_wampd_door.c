/*
 * t_wampd_door.c: the bounds of connections that are no session yet, and the
 * table of paths.
 */
#include "wampd/net/door.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tap.h"
#include "wampd/net/site.h"

#define TIME	1000	/* ms; of a visit */

static struct address
address(const char *text)
{
	struct address a = { .u.sa.sa_family = AF_UNSPEC };

	if (inet_pton(AF_INET, text, &a.u.in.sin_addr) == 1)
		a.u.sa.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.u.in6.sin6_addr) == 1)
		a.u.sa.sa_family = AF_INET6;
	else if (strcmp(text, "unix") == 0)
		a.u.sa.sa_family = AF_UNIX;
	return a;
}

static void
enter(struct door *d, struct visit *v, const char *from, int64_t now)
{
	const struct address a = address(from);

	if (door_enter(d, v, &a, now) == -1)
		abort();
}

/* Nothing may be left. */
static void
close_door(struct door *d, const char *what)
{
	tap_int((int64_t)d->visits.n, 0, "%s: no visit is left", what);
	tap_int((int64_t)d->origins.count, 0, "%s: nor an address", what);
	door_clear(d);
}

/* ---- the door ---- */

static void
test_all(void)
{
	struct visit v[4];
	struct door d;
	size_t i;

	door_init(&d, 2, 100, TIME);
	tap_int(visits_wait(&d.visits, 0), -1, "nobody is waited for");
	for (i = 0; i < 2; i++)
		enter(&d, &v[i], "192.0.2.1", (int64_t)i * 10);
	tap_ok(door_excess(&d, &v[1]) == NULL, "as many as may be");
	enter(&d, &v[2], "192.0.2.2", 20);
	tap_ok(door_excess(&d, &v[2]) == &v[0], "the oldest must go");
	door_leave(&d, &v[0]);
	tap_ok(door_excess(&d, &v[2]) == NULL, "and no other");
	tap_int(visits_wait(&d.visits, 20), TIME - 10, "the oldest has time");
	tap_ok(visits_older(&d.visits, 10) == NULL, "it began at 10");
	tap_ok(visits_older(&d.visits, 11) == &v[1], "and not later");
	tap_ok(visits_late(&d.visits, TIME + 9) == NULL, "all of it");
	tap_ok(visits_late(&d.visits, TIME + 10) == &v[1], "and no more");
	tap_int(visits_wait(&d.visits, TIME + 50), 1,
	    "one that is late is not asked for at once for ever");
	door_leave(&d, &v[2]);
	door_leave(&d, &v[1]);
	close_door(&d, "a door");
}

/* With one visit of an address, so that two of the same are too many. */
static bool
are_same(const char *one, const char *other)
{
	struct visit v[2];
	struct door d;
	bool same;

	door_init(&d, 100, 1, TIME);
	enter(&d, &v[0], one, 0);
	enter(&d, &v[1], other, 0);
	same = door_excess(&d, &v[1]) == &v[0];
	if (!same && door_excess(&d, &v[1]) != NULL)
		abort();
	door_leave(&d, &v[0]);
	if (door_excess(&d, &v[1]) != NULL)
		abort();
	door_leave(&d, &v[1]);
	close_door(&d, one);
	return same;
}

static void
test_addresses(void)
{
	static const char *const local[] = { "127.0.0.1", "127.9.9.9", "::1",
	    "::ffff:127.0.0.1", "unix", "unknown" };
	size_t i;

	tap_ok(are_same("192.0.2.1", "192.0.2.1"), "an address of IPv4");
	tap_ok(!are_same("192.0.2.1", "192.0.2.2"), "and another one");
	tap_ok(are_same("192.0.2.1", "::ffff:192.0.2.1"), "the same in IPv6");
	tap_ok(!are_same("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
	    "not the network of such addresses");
	tap_ok(are_same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
	    "a network of IPv6 is one customer's");
	tap_ok(!are_same("2001:db8:1:2::1", "2001:db8:1:3::1"),
	    "another network is not");
	tap_ok(!are_same("192.0.2.1", "c000:0201::"),
	    "an address of IPv6 that looks like one of IPv4");
	for (i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		tap_ok(!are_same(local[i], local[i]), "%s does not count",
		    local[i]);
}

/* The address's own bound comes first, and hits only its own. */
static void
test_origin(void)
{
	struct visit v[5];
	struct door d;
	size_t i;

	door_init(&d, 4, 2, TIME);
	enter(&d, &v[0], "127.0.0.1", 0);
	enter(&d, &v[1], "192.0.2.1", 0);
	enter(&d, &v[2], "2001:db8::1", 0);
	enter(&d, &v[3], "192.0.2.1", 0);
	tap_ok(door_excess(&d, &v[3]) == NULL, "two of an address may be");
	enter(&d, &v[4], "192.0.2.1", 0);
	tap_ok(door_excess(&d, &v[4]) == &v[1], "the oldest of three goes");
	door_leave(&d, &v[1]);
	enter(&d, &v[1], "192.0.2.9", 0);
	tap_ok(door_excess(&d, &v[1]) == &v[0],
	    "too many in all: the oldest of all, from wherever it is");
	for (i = 0; i < 5; i++)
		door_leave(&d, &v[i]);
	close_door(&d, "an address");
}

static void
test_many_origins(void)
{
	enum { MANY = 3000 };
	struct visit *v = calloc(MANY, sizeof(*v));
	char text[32];
	struct door d;
	int i;

	if (v == NULL)
		abort();
	door_init(&d, MANY, 1, TIME);
	for (i = 0; i < MANY; i++) {
		(void)snprintf(text, sizeof(text), "10.1.%d.%d", i / 256,
		    i % 256);
		enter(&d, &v[i], text, i);
	}
	tap_int((int64_t)d.origins.count, MANY, "each address is known");
	tap_ok(door_excess(&d, &v[MANY - 1]) == NULL, "none is too many");
	for (i = 0; i < MANY; i++)
		door_leave(&d, &v[i * 7 % MANY]);
	close_door(&d, "many addresses");
	free(v);
}

static void
test_log(void)
{
	struct door d;
	int i, n = 0;

	door_init(&d, 1, 1, TIME);
	for (i = 0; i < 100; i++)
		n += door_may_log(&d, 5000 + i);
	tap_int(n, 10, "some of many refusals are logged in a second");
	tap_int((int64_t)d.silent, 90, "the others are counted");
	tap_ok(!door_may_log(&d, 5999), "until it is over");
	tap_ok(door_may_log(&d, 6000), "then again");
	tap_int((int64_t)d.silent, 0, "and the count was told");
	tap_int(door_log_rest(&d, 6001), -1, "nothing else is to be told");
	for (i = 0; i < 100; i++)
		(void)door_may_log(&d, 6002);
	tap_int(door_log_rest(&d, 6003), 997, "a count is told in time");
	tap_int((int64_t)d.silent, 91, "and not before");
	tap_int(door_log_rest(&d, 7000), -1, "even if nothing more comes");
	tap_int((int64_t)d.silent, 0, "and only once");
	close_door(&d, "the log");
}

/* ---- the table of paths ---- */

static const struct site_server health = { "health", NULL, NULL };
static const struct site_server files = { "files", NULL, NULL };

/* Which row of the site serves that: its number, or -1. */
static int
row_of(const struct site *site, const char *path, bool upgrade)
{
	const struct http_request req = { .path = slice_str(path) };
	const struct site_row *row = site_find(site, &req, upgrade);

	return row == NULL ? -1 : (int)(row - site->rows);
}

static void
test_site(void)
{
	struct site site = { 0 };

	tap_int(row_of(&site, "/", true), -1, "an empty table serves nothing");
	if (site_add(&site, "/health", &health) == -1 ||
	    site_add(&site, "/ws", NULL) == -1 ||
	    site_add(&site, "/", NULL) == -1 ||
	    site_add(&site, "/ws", &files) == -1 ||
	    site_add(&site, "/files/", &files) == -1)
		abort();
	tap_int(row_of(&site, "/ws", true), 1, "a WebSocket's path");
	tap_int(row_of(&site, "/ws", false), 3,
	    "what is no upgrade goes to the server of the path");
	tap_int(row_of(&site, "/", true), 2, "the root");
	tap_int(row_of(&site, "/", false), 2,
	    "where no server is, the handshake refuses");
	tap_int(row_of(&site, "/other", true), -1, "no folder of WebSockets");
	tap_int(row_of(&site, "/ws/", true), -1, "a path and more");
	tap_int(row_of(&site, "/WS", true), -1, "another case");
	tap_int(row_of(&site, "/health", false), 0, "a server's path");
	tap_int(row_of(&site, "/health", true), -1,
	    "an upgrade where there is only a server");
	tap_int(row_of(&site, "/files/x", false), 4, "a server's folder");
	tap_int(row_of(&site, "/files", false), -1, "a folder's bare name");
	tap_int(row_of(&site, "", true), -1, "the path of CONNECT");
	tap_int(row_of(&site, "*", false), -1, "the path of OPTIONS");
	site_clear(&site);
}

static void
test_any_path(void)
{
	struct site site = { 0 };

	if (site_add(&site, NULL, NULL) == -1 ||
	    site_add(&site, "/health", &health) == -1)
		abort();
	tap_int(row_of(&site, "/x", true), 0, "any path");
	tap_int(row_of(&site, "", true), 0, "even an empty one");
	tap_int(row_of(&site, "/health", false), 1,
	    "does not hide a server behind it");
	tap_int(row_of(&site, "/health", true), 0, "nor WebSockets there");
	tap_int(row_of(&site, "/x", false), 0, "others are refused");
	site_clear(&site);
	tap_ok(site.rows == NULL && site.n == 0, "and it is cleared");
}

int
main(void)
{
	log_init("test", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	test_all();
	test_addresses();
	test_origin();
	test_many_origins();
	test_log();
	test_site();
	test_any_path();
	return tap_done();
}
