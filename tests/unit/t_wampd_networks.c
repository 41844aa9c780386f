/*
 * t_wampd_networks.c: sets of networks.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tap.h"
#include "wampd/auth/networks.h"
#include "wampd/core/address.h"

#define MANY	10000
#define LOOKUPS	100000

static struct address
address(const char *text)
{
	struct address a = { .u.sa.sa_family = AF_UNSPEC };

	if (inet_pton(AF_INET, text, &a.u.in.sin_addr) == 1)
		a.u.sa.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.u.in6.sin6_addr) == 1)
		a.u.sa.sa_family = AF_INET6;
	return a;
}

static struct network
network(const char *text)
{
	struct network n = { 0 };
	struct errbuf e = { "" };

	if (network_parse(&n, text, &e) == -1)
		tap_ok(false, "%s", e.msg);
	return n;
}

static void
add(struct networks *all, const char *text, int64_t until)
{
	struct network n = network(text);

	tap_ok(networks_add(all, &n, until) == 0, "%s is added", text);
}

/* The entry that matches is `want`, or none if that is NULL. */
static void
assert_match(const struct networks *all, const char *text, int64_t wall,
    const char *want)
{
	struct address a = address(text);
	const struct networks_entry *entry = networks_match(all, &a, wall);
	struct buf out = { 0 };

	if (entry != NULL)
		(void)network_write(&entry->net, &out);
	tap_str(entry != NULL ? buf_cstr(&out) : NULL, want, "%s at %d", text,
	    (int)wall);
	buf_clear(&out);
}

static void
test_match(void)
{
	struct networks all;

	networks_init(&all);
	assert_match(&all, "192.0.2.1", 0, NULL);
	add(&all, "192.0.2.0/24", 0);
	add(&all, "192.0.2.7", 0);
	add(&all, "2001:db8::/32", 0);
	assert_match(&all, "192.0.2.7", 0, "192.0.2.7");
	assert_match(&all, "192.0.2.8", 0, "192.0.2.0/24");
	assert_match(&all, "192.0.3.8", 0, NULL);
	assert_match(&all, "::ffff:192.0.2.8", 0, "192.0.2.0/24");
	assert_match(&all, "::192.0.2.8", 0, NULL);
	assert_match(&all, "2001:db8:1::1", 0, "2001:db8::/32");
	assert_match(&all, "2001:db9::1", 0, NULL);
	assert_match(&all, "not an address", 0, NULL);
	add(&all, "::/0", 0);
	assert_match(&all, "::1", 0, "::/0");
	assert_match(&all, "203.0.113.1", 0, NULL);
	add(&all, "0.0.0.0/0", 0);
	assert_match(&all, "203.0.113.1", 0, "0.0.0.0/0");
	assert_match(&all, "::ffff:203.0.113.1", 0, "0.0.0.0/0");
	networks_clear(&all);
	assert_match(&all, "203.0.113.1", 0, NULL);
	networks_clear(&all);
}

static void
test_remove(void)
{
	struct networks all;
	struct network one = network("192.0.2.7");

	networks_init(&all);
	add(&all, "192.0.2.0/24", 0);
	tap_ok(!networks_remove(&all, &one), "only entries are removed");
	assert_match(&all, "192.0.2.7", 0, "192.0.2.0/24");
	add(&all, "192.0.2.7", 0);
	add(&all, "192.0.2.7", 0);
	tap_int((int64_t)networks_count(&all), 2, "an entry is there once");
	tap_ok(networks_remove(&all, &one), "an entry is removed");
	assert_match(&all, "192.0.2.7", 0, "192.0.2.0/24");
	tap_ok(networks_find(&all, &one) == NULL, "it is gone");
	networks_clear(&all);
}

static void
test_until(void)
{
	struct networks all;

	networks_init(&all);
	add(&all, "192.0.2.0/24", 100);
	add(&all, "192.0.2.7", 50);
	add(&all, "::/0", 0);
	assert_match(&all, "192.0.2.7", 49, "192.0.2.7");
	assert_match(&all, "192.0.2.7", 50, "192.0.2.0/24");
	assert_match(&all, "192.0.2.7", 100, NULL);
	tap_int(networks_expire(&all, 49), 50, "the next end");
	tap_int(networks_expire(&all, 50), 100, "the end after that");
	tap_int((int64_t)networks_count(&all), 2, "one has ended");
	tap_int(networks_expire(&all, 100), 0, "no other one ends");
	tap_int((int64_t)networks_count(&all), 1, "the other one stays");
	add(&all, "192.0.2.7", 50);
	add(&all, "192.0.2.7", 500);
	assert_match(&all, "192.0.2.7", 60, "192.0.2.7");
	networks_clear(&all);
}

/* Ten thousand entries must not be walked: that would take a thousand times as
 * long as the map's few lookups. */
static void
test_many(void)
{
	struct networks all;
	struct address a = address("10.255.255.255");
	struct network n;
	int64_t began, took;
	uint32_t addr;
	int i, found = 0;

	networks_init(&all);
	for (i = 0; i < MANY; i++) {
		addr = htonl(0x0a000000u + (uint32_t)i * 4);
		n = network_of(&addr, 4);
		network_widen(&n, i % 2 == 0 ? 32 : 30);
		if (networks_add(&all, &n, 0) == -1)
			break;
	}
	tap_int((int64_t)networks_count(&all), MANY, "all are added");
	began = clock_us();
	for (i = 0; i < LOOKUPS; i++) {
		a.u.in.sin_addr.s_addr = htonl(0x0a000000u + (uint32_t)i);
		found += networks_match(&all, &a, 0) != NULL;
	}
	took = clock_us() - began;
	/* Of eight addresses in a row, the first and four more. */
	tap_int(found, MANY / 2 * 5, "the right ones are found");
	tap_diag("%d ns for a lookup in %d entries",
	    (int)(took * 1000 / LOOKUPS), MANY);
	networks_clear(&all);
}

int
main(void)
{
	test_match();
	test_remove();
	test_until();
	test_many();
	return tap_done();
}
