/*
 * t_wampd_origin.c: who may come from where, by Host and Origin.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "tap.h"
#include "wampd/auth/origin.h"

#define PORT	8080

static struct host_list none, hosts, origins, applications;

/* Nothing is configured; there are routes; and with lists. */
static const struct origin_rules try_out = {
	.hosts = &none, .origins = &none, .applications = &none,
	.machine = "box.example", .try_out = true, .by_address = true,
}, routed = {
	.hosts = &none, .origins = &none, .applications = &none,
	.machine = "box.example",
}, application = {
	.hosts = &none, .origins = &none, .applications = &applications,
}, listed = {
	.hosts = &hosts, .origins = &origins, .applications = &none,
	.need_origin = true,
}, trusting = {
	.hosts = &none, .origins = &none, .applications = &none,
	.by_address = true,
};

static struct address
address_of(const char *text)
{
	struct address a = { .u.sa.sa_family = AF_UNIX };

	if (text == NULL)
		return a;
	a.u.in = (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(PORT),
	};
	(void)inet_pton(AF_INET, text, &a.u.in.sin_addr);
	return a;
}

struct asked {
	const char *host, *origin;
	const char *want;	/* "host", "malformed", "foreign", "missing",
				 * "fine" or "local" */
};

static const char *
word_of(const struct origin_verdict *v)
{
	switch (v->fault) {
	case ORIGIN_BAD_HOST:
		return "host";
	case ORIGIN_MALFORMED:
		return "malformed";
	case ORIGIN_FOREIGN:
		return "foreign";
	case ORIGIN_MISSING:
		return "missing";
	case ORIGIN_FINE:
	default:
		return v->local ? "local" : "fine";
	}
}

/* A WebSocket from that peer, which is at the same address as we. */
static struct origin_request
request_of(const struct asked *a, const char *peer)
{
	struct origin_request r = {
		.host = slice_str(a->host), .upgrade = true,
		.peer = address_of(peer), .own = address_of(peer),
	};

	if (a->origin != NULL) {
		r.origin = slice_str(a->origin);
		r.n_origins = 1;
	}
	return r;
}

static void
judge_all(const struct origin_rules *rules, const struct asked *a, size_t n,
    const char *peer, const char *name)
{
	struct origin_request r;
	struct origin_verdict v;
	size_t i;

	for (i = 0; i < n; i++) {
		r = request_of(&a[i], peer);
		v = origin_judge(rules, &r);
		tap_str(word_of(&v), a[i].want, "%s: Host %s, Origin %s",
		    name, a[i].host, a[i].origin != NULL ? a[i].origin :
		    "missing");
		tap_ok((v.fault == ORIGIN_FINE ||
		    v.fault == ORIGIN_MALFORMED) == (v.key == NULL),
		    "a refusal names its key, if there is one");
	}
}

#define JUDGE(rules, rows, peer)					\
	judge_all(&(rules), rows, sizeof(rows) / sizeof((rows)[0]),	\
	    peer, #rules)

static const struct asked rows_try_out[] = {
	{ "127.0.0.1:8080", NULL, "local" },
	{ "localhost:8080", NULL, "local" },
	{ "[::1]:8080", NULL, "local" },
	{ "app.localhost", NULL, "local" },
	{ "localhost.:8080", "http://localhost.", "local" },
	{ "localhost:8080", "http://localhost", "local" },
	{ "localhost:8080", "https://localhost:3000", "local" },
	{ "localhost:8080", "HTTP://LOCALHOST:3000", "local" },
	{ "localhost:8080", "http://[::1]:3000", "local" },
	{ "localhost:8080", "http://app.localhost", "local" },
	{ "127.0.0.1:8080", "127.0.0.1", "local" },
	/* Names that are not known, whatever the page. */
	{ "evil.example:8080", "http://evil.example:8080", "host" },
	{ "evil.example:8080", "http://evil.example", "host" },
	{ "evil.example:8080", NULL, "host" },
	{ "evil.example", "https://evil.example", "host" },
	{ "evil.example:8080", "http://localhost", "host" },
	{ "localhost.evil.example", "http://localhost.evil.example", "host" },
	{ "127.0.0.1.evil.example", NULL, "host" },
	{ "127.1:8080", NULL, "host" },
	{ "localhost@evil.example", NULL, "host" },
	/* Addresses, and this machine's name, are no names of others. */
	{ "192.0.2.1:8080", NULL, "fine" },
	{ "0.0.0.0:8080", NULL, "fine" },
	{ "box.example:8080", NULL, "fine" },
	{ "box.example:8080", "http://box.example", "fine" },
	{ "192.0.2.1:8080", "http://192.0.2.1", "fine" },
	{ "192.0.2.1:8080", "http://localhost", "fine" },
	/* Pages of other sites. */
	{ "localhost:8080", "http://evil.example", "foreign" },
	{ "localhost:8080", "http://192.0.2.1", "foreign" },
	{ "localhost:8080", "http://localhost.evil.example", "foreign" },
	{ "localhost:8080", "http://notlocalhost", "foreign" },
	{ "localhost:8080", "http://127.0.0.1.evil.example", "foreign" },
	{ "localhost:8080", "http://xn--lcalhost-n1a", "foreign" },
	{ "0.0.0.0:8080", "http://evil.example", "foreign" },
	{ "localhost:8080", "chrome-extension://abcdefgh", "foreign" },
	{ "localhost:8080", "app://localhost", "foreign" },
	/* What no browser says. */
	{ "localhost:8080", "null", "malformed" },
	{ "localhost:8080", "NULL", "malformed" },
	{ "localhost:8080", "", "malformed" },
	{ "localhost:8080", "file://", "malformed" },
	{ "localhost:8080", "http://", "malformed" },
	{ "localhost:8080", "http://localhost/", "malformed" },
	{ "localhost:8080", "http://localhost@evil.example", "malformed" },
	{ "localhost:8080", "http://evil.example#localhost", "malformed" },
	{ "localhost:8080", "http://evil.example\\@localhost", "malformed" },
	{ "localhost:8080", "http://localhost http://evil.example",
	  "malformed" },
	{ "localhost:8080", "http://localhost,http://evil.example",
	  "malformed" },
	{ "localhost:8080", "://localhost", "malformed" },
	{ "localhost:8080", "http:localhost", "malformed" },
	{ "localhost:8080", "http://127.1", "malformed" },
};

static const struct asked rows_routed[] = {
	/* Nobody is local. */
	{ "127.0.0.1:8080", NULL, "fine" },
	{ "localhost:8080", "http://localhost", "fine" },
	/* nginx, with the name that the browser asked for. */
	{ "www.example.com", "https://www.example.com", "fine" },
	{ "www.example.com:8443", "https://www.example.com:8443", "fine" },
	{ "www.example.com", NULL, "fine" },
	/* nginx as Oro's documentation has it: its Host is the upstream. */
	{ "127.0.0.1:8080", "https://www.example.com", "foreign" },
	/* Another site's page, and a name that points here. */
	{ "www.example.com", "https://evil.example", "foreign" },
	{ "evil.example:8080", "http://evil.example:8080", "host" },
	{ "evil.example:8080", "http://evil.example", "host" },
	{ "evil.example:8080", NULL, "host" },
	{ "box.example:8080", "http://box.example", "fine" },
};

static const struct asked rows_application[] = {
	{ "127.0.0.1:8080", "https://www.example.com", "fine" },
	{ "www.example.com:8080", "https://www.example.com", "fine" },
	{ "127.0.0.1:8080", "https://shop.example.com", "foreign" },
	{ "127.0.0.1:8080", "http://localhost", "fine" },
};

/* Oro takes the host alone, so its scheme does not count. */
static const struct asked rows_listed[] = {
	{ "ws.example.com", "https://www.example.com", "fine" },
	{ "a.ws.example.com", "http://www.example.com:81", "fine" },
	{ "ws.example.com", "https://a.example.org", "fine" },
	{ "ws.example.com", "https://example.org", "foreign" },
	{ "ws.example.com", "https://ws.example.com", "foreign" },
	{ "ws.example.com", "http://localhost", "fine" },
	{ "ws.example.com", "app://localhost", "fine" },
	{ "ws.example.com", "127.0.0.1", "fine" },
	{ "ws.example.com", "null", "malformed" },
	{ "ws.example.com", NULL, "missing" },
	{ "localhost:8080", "http://localhost", "fine" },
	{ "127.0.0.1:8080", "127.0.0.1", "fine" },
	{ "other.example.com", "https://www.example.com", "host" },
	{ "192.0.2.1:8080", "https://www.example.com", "host" },
};

static const struct asked rows_trusting[] = {
	{ "127.0.0.1:8080", NULL, "local" },
	{ "localhost:8080", "http://localhost", "local" },
	{ "www.example.com", "https://www.example.com", "fine" },
	{ "evil.example:8080", "http://evil.example:8080", "host" },
};

static const struct asked rows_remote[] = {
	{ "localhost:8080", NULL, "fine" },
	{ "localhost:8080", "http://localhost", "fine" },
	{ "evil.example:8080", "http://evil.example:8080", "host" },
};

/* A server that is reached by its name. */
static const struct asked rows_public[] = {
	{ "www.example.com:8080", "http://www.example.com", "fine" },
	{ "www.example.com:8080", "http://evil.example", "foreign" },
};

static void
test_proxies(void)
{
	static const struct asked local = { "127.0.0.1:8080", NULL, "" };
	static const char *const names[] = { "X-Forwarded-For",
	    "x-forwarded-anything", "Forwarded", "VIA", "X-Real-IP" };
	static const char *const others[] = { "Via2", "For", "X-Forwarded",
	    "X-Real", "Host" };
	struct origin_request r = request_of(&local, "127.0.0.1");
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		tap_ok(origin_is_forwarding(slice_str(names[i])),
		    "%s is of a proxy", names[i]);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		tap_ok(!origin_is_forwarding(slice_str(others[i])),
		    "%s is not", others[i]);
	tap_ok(origin_judge(&try_out, &r).local, "a local peer");
	r.forwarded = true;
	tap_ok(!origin_judge(&try_out, &r).local &&
	    origin_judge(&try_out, &r).fault == ORIGIN_FINE,
	    "what a proxy passes on is not local");
}

static void
test_forwarded_host(void)
{
	static const struct asked page = {
		"127.0.0.1:8080", "https://www.example.com", ""
	};
	struct origin_request r = request_of(&page, "127.0.0.1");

	r.forwarded_host = SLICE("www.example.com");
	tap_int(origin_judge(&routed, &r).fault, ORIGIN_FINE,
	    "the host that a trusted proxy was asked for");
	r.forwarded_host = SLICE("evil.example");
	tap_int(origin_judge(&routed, &r).fault, ORIGIN_FOREIGN,
	    "and no other");
	tap_int(origin_judge(&listed, &r).fault, ORIGIN_BAD_HOST,
	    "hosts holds for it");
}

static void
test_others(void)
{
	static const struct asked local = {
		"localhost:8080", "http://localhost", ""
	}, without = { "", NULL, "" }, none_said = {
		"ws.example.com", NULL, ""
	}, default_port = { "evil.example", "http://evil.example", "" };
	struct origin_request r = request_of(&local, "127.0.0.1");

	r.n_origins = 2;
	tap_int(origin_judge(&try_out, &r).fault, ORIGIN_MALFORMED,
	    "two origins");
	r = request_of(&without, "127.0.0.1");
	tap_ok(origin_judge(&try_out, &r).fault == ORIGIN_FINE &&
	    !origin_judge(&try_out, &r).local, "no Host: not local");
	r = request_of(&local, NULL);
	tap_ok(origin_judge(&try_out, &r).local, "a Unix socket");
	r = request_of(&none_said, "127.0.0.1");
	r.upgrade = false;
	tap_int(origin_judge(&listed, &r).fault, ORIGIN_FINE,
	    "plain HTTP needs no origin");
	r = request_of(&default_port, "127.0.0.1");
	r.own.u.in.sin_port = htons(80);
	tap_int(origin_judge(&routed, &r).fault, ORIGIN_BAD_HOST,
	    "port 80 is not said");
	r.tls = true;
	tap_int(origin_judge(&routed, &r).fault, ORIGIN_FINE,
	    "with TLS, it would be");
	r.own.u.in.sin_port = htons(443);
	tap_int(origin_judge(&routed, &r).fault, ORIGIN_BAD_HOST,
	    "port 443 is not said with TLS");
	tap_ok(origin_needs_own(&routed, &r.peer) &&
	    !origin_needs_own(&try_out, &r.peer) &&
	    !origin_needs_own(&listed, &r.peer), "who needs our address");
}

int
main(void)
{
	struct errbuf e;

	tap_ok(host_list_add(&hosts, "ws.example.com", &e) == 0 &&
	    host_list_add(&hosts, "*.ws.example.com", &e) == 0 &&
	    host_list_add(&origins, "www.example.com", &e) == 0 &&
	    host_list_add(&origins, "*.example.org", &e) == 0 &&
	    host_list_add_url(&applications, "https://www.example.com/shop",
	    &e) == 0, "the lists");
	JUDGE(try_out, rows_try_out, "127.0.0.1");
	JUDGE(routed, rows_routed, "127.0.0.1");
	JUDGE(application, rows_application, "127.0.0.1");
	JUDGE(listed, rows_listed, "127.0.0.1");
	JUDGE(trusting, rows_trusting, "127.0.0.1");
	JUDGE(try_out, rows_remote, "192.0.2.1");
	JUDGE(routed, rows_public, "192.0.2.1");
	test_proxies();
	test_forwarded_host();
	test_others();
	host_list_clear(&hosts);
	host_list_clear(&origins);
	host_list_clear(&applications);
	return tap_done();
}
