/*
 * t_wampd_handshake.c: the WebSocket handshake of the server.
 */
#include <stdio.h>

#include "http_cut.h"
#include "tap.h"
#include "wampd/net/handshake.h"

#define LIMIT	16384

/* RFC 6455 section 1.3. */
#define RFC_KEY		"dGhlIHNhbXBsZSBub25jZQ=="
#define RFC_ACCEPT	"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

#define GET	"GET /chat HTTP/1.1\r\n"
#define HOST	"Host: h\r\n"
#define UPGRADE	"Upgrade: websocket\r\n"
#define CONN	"Connection: Upgrade\r\n"
#define KEY	"Sec-WebSocket-Key: " RFC_KEY "\r\n"
#define VERSION	"Sec-WebSocket-Version: 13\r\n"
#define PROTO	"Sec-WebSocket-Protocol: wamp\r\n"
#define END	"\r\n"
#define START	GET HOST UPGRADE CONN
#define ALL	START KEY VERSION
#define KEYED(key) START "Sec-WebSocket-Key: " key "\r\n" VERSION END
#define OFFER	"Sec-WebSocket-Extensions: "

static const char *const protocols[] = { "wamp", "wamp.2.json", NULL };
static struct handshake_digest digest;
static struct handshake_rules rules = { &digest, protocols, false, true };

struct sample {
	const char *name;
	const char *text;
	const char *want;	/* by describe() */
};

static const struct sample requests[] = {
	{ "the least", ALL END, "101 none" },
	{ "a subprotocol", ALL PROTO END, "101 wamp" },
	{ "POST", "POST / HTTP/1.1\r\n" HOST UPGRADE CONN KEY VERSION END,
	    "405 method" },
	{ "POST with content", "POST / HTTP/1.1\r\n" HOST
	    "Content-Length: 5\r\n" END, "405 method" },
	{ "get", "get / HTTP/1.1\r\n" HOST UPGRADE CONN KEY VERSION END,
	    "405 method" },
	{ "OPTIONS of the server", "OPTIONS * HTTP/1.1\r\n" HOST END,
	    "405 method" },
	{ "CONNECT", "CONNECT h:80 HTTP/1.1\r\n" HOST END, "405 method" },
	{ "HEAD", "HEAD / HTTP/1.1\r\n" HOST END, "426 no_upgrade" },
	{ "HEAD with an upgrade", "HEAD / HTTP/1.1\r\n" HOST UPGRADE CONN KEY
	    VERSION END, "405 method" },
	{ "HTTP/1.0", "GET / HTTP/1.0\r\n" HOST UPGRADE CONN KEY VERSION END,
	    "505 http_version" },
	{ "HTTP/1.0 without a field", "GET / HTTP/1.0\r\n\r\n",
	    "505 http_version" },
	{ "HEAD of HTTP/1.0", "HEAD / HTTP/1.0\r\n" UPGRADE END,
	    "505 http_version" },
	{ "POST of HTTP/1.0", "POST / HTTP/1.0\r\n\r\n", "405 method" },
	{ "HTTP/1.2", "GET / HTTP/1.2\r\n" HOST UPGRADE CONN KEY VERSION END,
	    "101 none" },
	{ "content", ALL "Content-Length: 1\r\n" END, "413 content" },
	{ "chunked content", ALL "Transfer-Encoding: chunked\r\n" END,
	    "413 content" },
	{ "empty content", ALL "Content-Length: 0\r\n" END, "101 none" },
	{ "absolute", "GET ws://i/ HTTP/1.1\r\n" HOST UPGRADE CONN KEY VERSION
	    END, "101 none" },
	{ "no upgrade", GET HOST CONN KEY VERSION END, "426 no_upgrade" },
	{ "another upgrade", GET HOST "Upgrade: h2c\r\n"
	    "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n" CONN END,
	    "426 no_upgrade" },
	{ "an upgrade with a version", GET HOST "Upgrade: websocket/13\r\n"
	    CONN KEY VERSION END, "426 no_upgrade" },
	{ "a longer upgrade", GET HOST "Upgrade: websockets\r\n" CONN KEY
	    VERSION END, "426 no_upgrade" },
	{ "a quoted upgrade", GET HOST "Upgrade: \"websocket\"\r\n" CONN KEY
	    VERSION END, "426 no_upgrade" },
	{ "an upgrade by a longer name", GET HOST "Upgrades: websocket\r\n"
	    CONN KEY VERSION END, "426 no_upgrade" },
	{ "several upgrades", GET HOST "Upgrade: h2c , WebSocket\r\n" CONN
	    KEY VERSION END, "101 none" },
	{ "several fields of upgrades", GET HOST "Upgrade: h2c\r\n" UPGRADE
	    CONN KEY VERSION END, "101 none" },
	{ "no connection", GET HOST UPGRADE KEY VERSION END,
	    "400 bad_connection" },
	{ "another connection", GET HOST UPGRADE "Connection: keep-alive\r\n"
	    KEY VERSION END, "400 bad_connection" },
	{ "several options", GET HOST UPGRADE
	    "Connection: keep-alive, Upgrade\r\n" KEY VERSION END,
	    "101 none" },
	{ "several fields of options", GET HOST UPGRADE
	    "Connection: keep-alive\r\nconnection:,UPGRADE\r\n" KEY VERSION
	    END, "101 none" },
	{ "no key", START VERSION END, "400 bad_key" },
	{ "two keys", START KEY KEY VERSION END, "400 bad_key" },
	{ "keys in one field", START
	    "Sec-WebSocket-Key: " RFC_KEY "," RFC_KEY "\r\n" VERSION END,
	    "400 bad_key" },
	{ "blanks around the key", START
	    "Sec-WebSocket-Key:\t" RFC_KEY " \r\n" VERSION END, "101 none" },
	{ "no version", START KEY END, "426 websocket_version" },
	{ "version 8", START KEY "Sec-WebSocket-Version: 8\r\n" END,
	    "426 websocket_version" },
	{ "version 013", START KEY "Sec-WebSocket-Version: 013\r\n" END,
	    "426 websocket_version" },
	{ "version 130", START KEY "Sec-WebSocket-Version: 130\r\n" END,
	    "426 websocket_version" },
	{ "versions", START KEY "Sec-WebSocket-Version: 13, 8\r\n" END,
	    "426 websocket_version" },
	{ "the version twice", START KEY VERSION VERSION END,
	    "426 websocket_version" },
};

static const struct sample keys[] = {
	{ "every sign, 1", KEYED("ABCDEFGHIJKLMNOPQRSTUg=="), "101 none" },
	{ "every sign, 2", KEYED("VWXYZabcdefghijklmnopw=="), "101 none" },
	{ "every sign, 3", KEYED("qrstuvwxyz0123456789+A=="), "101 none" },
	{ "every sign, 4", KEYED("/AAAAAAAAAAAAAAAAAAAAQ=="), "101 none" },
	{ "none", KEYED(""), "400 bad_key" },
	{ "15 bytes", KEYED("dGhlIHNhbXBsZSBub25j"), "400 bad_key" },
	{ "17 bytes", KEYED("dGhlIHNhbXBsZSBub25jZWQ="), "400 bad_key" },
	{ "18 bytes", KEYED("dGhlIHNhbXBsZSBub25jZWRl"), "400 bad_key" },
	{ "no end", KEYED("dGhlIHNhbXBsZSBub25jZQ"), "400 bad_key" },
	{ "another sign", KEYED("dGhlIHNhbXBs-SBub25jZQ=="), "400 bad_key" },
	{ "another first sign", KEYED("-GhlIHNhbXBsZSBub25jZQ=="),
	    "400 bad_key" },
	{ "the end too early", KEYED("dGhlIHNhbXBsZSBub25jZ==="),
	    "400 bad_key" },
	{ "bits behind the bytes", KEYED("dGhlIHNhbXBsZSBub25jZR=="),
	    "400 bad_key" },
};

static const struct sample subprotocols[] = {
	{ "the first one known", ALL
	    "Sec-WebSocket-Protocol: foo, wamp.2.json ,wamp\r\n" END,
	    "101 wamp.2.json" },
	{ "two fields", ALL "Sec-WebSocket-Protocol: foo\r\n" PROTO END,
	    "101 wamp" },
	{ "no known one", ALL "Sec-WebSocket-Protocol: foo\r\n" END,
	    "400 unknown_subprotocol" },
	{ "names have a case", ALL "Sec-WebSocket-Protocol: WAMP\r\n" END,
	    "400 unknown_subprotocol" },
	{ "names are whole", ALL
	    "Sec-WebSocket-Protocol: wam, wamp1, wamp.2\r\n" END,
	    "400 unknown_subprotocol" },
	{ "no name", ALL "Sec-WebSocket-Protocol: wamp, a b\r\n" END,
	    "400 bad_subprotocol" },
	{ "a quoted name", ALL "Sec-WebSocket-Protocol: \"wamp\"\r\n" END,
	    "400 bad_subprotocol" },
	{ "an empty list", ALL "Sec-WebSocket-Protocol: ,\r\n" END,
	    "400 bad_subprotocol" },
};

static const struct sample offers[] = {
	{ "one", ALL OFFER "permessage-deflate\r\n" END,
	    "101 none [permessage-deflate]" },
	{ "several", ALL OFFER "a; b , c;d=1;e=\"f\"\r\nX: y\r\n" OFFER
	    "g\r\n" END, "101 none [a; b][c;d=1;e=\"f\"][g]" },
	{ "blanks", ALL OFFER "a ;\tb = c\r\n" END, "101 none [a ;\tb = c]" },
	{ "an escaped token", ALL OFFER "a;b=\"\\c\"\r\n" END,
	    "101 none [a;b=\"\\c\"]" },
	{ "nothing", ALL OFFER "\r\n" END, "400 bad_extensions" },
	{ "no token", ALL OFFER "a/b\r\n" END, "400 bad_extensions" },
	{ "two tokens", ALL OFFER "a b\r\n" END, "400 bad_extensions" },
	{ "a good one and a bad one", ALL OFFER "a, ;b\r\n" END,
	    "400 bad_extensions" },
	{ "an empty parameter", ALL OFFER "a;\r\n" END,
	    "400 bad_extensions" },
	{ "a parameter without a name", ALL OFFER "a;=b\r\n" END,
	    "400 bad_extensions" },
	{ "a value without a name", ALL OFFER "a=b\r\n" END,
	    "400 bad_extensions" },
	{ "an empty value", ALL OFFER "a;b=\r\n" END, "400 bad_extensions" },
	{ "an empty quoted value", ALL OFFER "a;b=\"\"\r\n" END,
	    "400 bad_extensions" },
	{ "a quoted value that is no token", ALL OFFER "a;b=\"c,d\"\r\n" END,
	    "400 bad_extensions" },
	{ "an open quoted value", ALL OFFER "a;b=\"c\r\n" END,
	    "400 bad_extensions" },
	{ "an open escape", ALL OFFER "a;b=\"c\\\r\n" END,
	    "400 bad_extensions" },
	{ "more behind a value", ALL OFFER "a;b=\"c\"d\r\n" END,
	    "400 bad_extensions" },
};

static void
describe(struct buf *out, enum http_read read,
    const struct http_request *req, const struct http_refusal *why)
{
	struct http_refusal mine = *why;
	struct handshake h;
	struct slice offer;

	if (read == HTTP_READ_REFUSED ||
	    handshake_check(req, &rules, &h, &mine) == -1) {
		(void)buf_addf(out, "%u %s\n", http_cause_status(mine.cause),
		    http_cause_name(mine.cause));
		return;
	}
	(void)buf_addf(out, "101 %s", h.protocol != NULL ? h.protocol :
	    "none");
	if (handshake_offer_next(&h.offers, &offer)) {
		(void)buf_add_char(out, ' ');
		do
			(void)buf_addf(out, "[%.*s]", (int)offer.len,
			    offer.p);
		while (handshake_offer_next(&h.offers, &offer));
	}
	(void)buf_addf(out, "\n%s\n", h.accept);
}

static void
check_all(const char *what, const struct sample *samples, size_t n)
{
	char name[128];
	size_t i;

	for (i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "%s: %s", what,
		    samples[i].name);
		http_cut_check(name, slice_str(samples[i].text), LIMIT,
		    samples[i].want, describe);
	}
}

#define CHECK_ALL(what, samples)					\
	check_all((what), (samples), sizeof(samples) / sizeof((samples)[0]))

/* A request that is good HTTP, and what becomes of it. */
static int
ask(const char *text, const struct handshake_rules *by, struct handshake *h,
    struct http_refusal *why)
{
	struct http_scan scan = { 0 };
	struct http_request req;

	if (http_request_read(&scan, slice_str(text), LIMIT, &req, why) !=
	    HTTP_READ_DONE)
		return -1;
	return handshake_check(&req, by, h, why);
}

static void
test_rules(void)
{
	struct handshake_rules strict = { &digest, protocols, true, false };
	struct http_refusal why;
	struct handshake h;
	struct slice offer;

	tap_int(ask(ALL END, &strict, &h, &why), -1, "one must be offered");
	tap_int(why.cause, HTTP_CAUSE_NO_SUBPROTOCOL, "the cause");
	tap_ok(why.names == protocols, "and which ones can be");
	tap_int(ask(ALL PROTO OFFER "a\r\n" END, &strict, &h, &why), 0,
	    "one is offered");
	tap_ok(!handshake_offer_next(&h.offers, &offer),
	    "extensions that the rules don't ask for are not handed out");
	tap_int(ask(ALL PROTO OFFER "/\r\n" END, &strict, &h, &why), -1,
	    "but they must be well-formed");
	tap_int(ask(ALL "Sec-WebSocket-Protocol: a\r\n" END, &rules, &h,
	    &why), -1, "an unknown one");
	tap_ok(why.names == protocols, "the known ones are named");
	tap_int(ask(GET HOST END, &rules, &h, &why), -1, "no upgrade");
	tap_ok(why.names == NULL, "has nothing to do with them");
}

static void
test_answer(void)
{
	struct http_refusal why;
	struct handshake h;
	struct buf out = { 0 };

	tap_int(ask(ALL END, &rules, &h, &why), 0, "a handshake");
	tap_str(h.accept, RFC_ACCEPT, "the value in RFC 6455");
	tap_int(handshake_write(&h, NULL, NULL, &out), 0, "the answer");
	tap_slice(buf_slice(&out), "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: " RFC_ACCEPT "\r\n\r\n", "at least");
	buf_reset(&out);
	tap_int(ask(ALL PROTO END, &rules, &h, &why), 0, "another one");
	tap_int(handshake_write(&h, "a; b", "C: d\r\nE: f\r\n", &out), 0,
	    "its answer");
	tap_slice(buf_slice(&out), "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: " RFC_ACCEPT "\r\n"
	    "Sec-WebSocket-Protocol: wamp\r\n"
	    "Sec-WebSocket-Extensions: a; b\r\n"
	    "C: d\r\nE: f\r\n\r\n", "at most");
	buf_clear(&out);
}

int
main(void)
{
	struct errbuf e;

	tap_int(handshake_digest_init(&digest, &e), 0, "a digest");
	CHECK_ALL("request", requests);
	CHECK_ALL("key", keys);
	CHECK_ALL("subprotocol", subprotocols);
	CHECK_ALL("extensions", offers);
	test_rules();
	test_answer();
	handshake_digest_clear(&digest);
	handshake_digest_clear(&digest);
	return tap_done();
}
