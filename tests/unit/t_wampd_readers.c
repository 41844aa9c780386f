/*
 * t_wampd_readers.c: who may read guarded pages of HTTP.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/opt_list.h"
#include "wampd/auth/addresses.h"
#include "wampd/auth/networks.h"
#include "ws_paging.h"

#define FORWARDED	"X-Forwarded-For: 203.0.113.7\r\n\r\n"
#define GUARDED		"GET /guarded HTTP/1.1\r\nHost: localhost\r\n"

static void
test_guarded(void)
{
	static const struct {
		const char *host;
		int	    status;
	} hosts[] = {
		{ "localhost:9464", 200 },
		{ "192.0.2.7:9464", 200 },
		{ "[2001:db8::1]", 200 },
		{ "wampd:9464", 200 },
		{ "", 400 },
		{ "evil.example", 421 },
		{ "evil.example.:9464", 421 },
		{ "127.0.0.1.evil.example", 421 },
	};
	struct loop *s = paging_open(NULL);
	char text[128];
	size_t i;

	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		(void)snprintf(text, sizeof(text),
		    "GET /guarded HTTP/1.1\r\nHost: %s\r\n\r\n",
		    hosts[i].host);
		tap_int(ask_once(s, true, "192.0.2.1", text),
		    hosts[i].status, "of its own address: Host: %s",
		    hosts[i].host);
	}
	tap_int(ask_once(s, true, "192.0.2.1",
	    "GET /guarded HTTP/1.0\r\n\r\n"), 200, "no Host");
	tap_int(ask_once(s, false, "192.0.2.1", GUARDED "\r\n"), 403,
	    "at the port of all, a stranger may not read it");
	tap_int(ask_once(s, false, "127.0.0.1", GUARDED "\r\n"), 200,
	    "who counts as local may");
	tap_int(ask_once(s, false, "127.0.0.1", GUARDED FORWARDED), 403,
	    "who came over a proxy does not");
	tap_int(ask_once(s, false, "127.0.0.1", GUARDED
	    "Origin: https://evil.example\r\n\r\n"), 403,
	    "nor does a page");
	paging_close(s, "guarded");
}

static void
test_by_address(void)
{
	struct ws_settings set = ws_loop_settings();
	struct loop *s;

	set.origin.by_address = false;
	s = paging_open(&set);
	tap_int(ask_once(s, false, "127.0.0.1", GUARDED "\r\n"), 403,
	    "without trust_loopback, nobody counts as local");
	tap_int(ask_once(s, false, "127.0.0.1", ASK("/small")), 200,
	    "others are for everybody");
	paging_close(s, "no rights by address");
}

static void
test_readers(void)
{
	static const char *texts[] = { "127.0.0.0/8", "10.0.0.0/8" };
	static const char *proxy[] = { "10.0.0.1" };
	static const char *allowed[] = { "10.0.0.0/8", "203.0.113.0/24" };
	const struct opt_list list = { texts, 2 }, none = { NULL, 0 },
	    proxies = { proxy, 1 }, admitted = { allowed, 2 };
	const struct addresses_settings lists = { &none, &admitted,
	    &proxies };
	struct ws_settings set = ws_loop_settings();
	struct addresses addresses;
	struct networks readers;
	struct errbuf e;
	struct loop *s;

	networks_init(&readers);
	if (networks_read(&readers, &list, &e) == -1 ||
	    addresses_init(&addresses, &lists, &e) == -1)
		abort();
	set.readers = &readers;
	set.addresses = &addresses;
	s = paging_open(&set);
	tap_int(ask_once(s, true, "127.0.0.2", GUARDED "\r\n"), 200,
	    "who is on the list may read it, where allowed_ips is not meant");
	tap_int(ask_once(s, true, "192.0.2.1", GUARDED "\r\n"), 403,
	    "others may not");
	tap_int(ask_once(s, true, "192.0.2.1", ASK("/small")), 200,
	    "except what is for everybody");
	tap_int(ask_once(s, true, "127.0.0.2", GUARDED FORWARDED), 403,
	    "an unknown proxy hides who reads");
	tap_int(ask_once(s, true, "10.0.0.1", GUARDED
	    "X-Forwarded-For: 10.1.2.3\r\n\r\n"), 200,
	    "what a trusted proxy tells counts");
	tap_int(ask_once(s, false, "10.0.0.1", GUARDED FORWARDED), 403,
	    "there, too");
	tap_ok(has(buf_cstr(&paging.heard), "Connection: close\r\n"),
	    "and its next client begins anew");
	paging_close(s, "readers");
	addresses_clear(&addresses);
	networks_clear(&readers);
}

int
main(void)
{
	test_guarded();
	test_by_address();
	test_readers();
	buf_clear(&paging.heard);
	return tap_done();
}
