/*
 * t_wampd_tls.c: TLS: handshakes, and the bytes of a connection.
 */
#include "wampd/net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "tls_maker.h"
#include "tls_peer.h"

#define HOST	"wampd.test"
#define RECORD	16384

static struct tls_made made;
static struct tls *tls;

static void
begin(void)
{
	const struct tls_order order = { .cn = HOST, .names = "DNS:" HOST };
	const char *cert, *key;
	struct tls_settings set = { .certs = { &cert, 1 },
	    .keys = { &key, 1 } };
	struct errbuf e = { "" };

	tls_maker_begin();
	made = tls_make(&order);
	cert = made.cert_path;
	key = made.key_path;
	tls = tls_new(&set, &e);
	if (!tap_ok(tls != NULL, "the files are read %s", e.msg))
		exit(tap_done());
}

/* A client of that version, before the handshake. */
static void
peer_init(struct tls_peer *p, int version)
{
	SSL_CTX *client = tls_client_new(made.cert, version);

	tls_peer_init(p, tls, client, HOST);
	SSL_CTX_free(client);
}

/* A client after its handshake, at its failure. */
static void
peer_open(struct tls_peer *p, int version)
{
	peer_init(p, version);
	tap_ok(tls_peer_shake(p), "a handshake");
}

/* ---- handshakes ---- */

static void
test_versions(void)
{
	static const struct {
		int version;
		const char *name, *suite;
	} good[] = {
		{ TLS1_2_VERSION, "TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256" },
		{ TLS1_3_VERSION, "TLSv1.3", "TLS_AES_128_GCM_SHA256" },
		{ 0, "TLSv1.3", "TLS_AES_128_GCM_SHA256" },
	};
	struct tls_peer p;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		peer_open(&p, good[i].version);
		tap_str(SSL_get_version(p.client), good[i].name, "the version");
		tap_str(SSL_get_cipher(p.client), good[i].suite, "the suite");
		tap_ok(tls_peer_says(&p, "hello", 5), "the client is heard");
		tap_ok(tls_peer_hears(&p, "world", 5), "the server is heard");
		tap_str(tls_conn_failure(p.server), NULL, "nothing failed");
		tls_peer_clear(&p);
	}
	peer_init(&p, TLS1_1_VERSION);
	tap_ok(!tls_peer_shake(&p), "TLS 1.1 is refused");
	tap_str(tls_conn_failure(p.server), "unsupported protocol", "so");
	tls_peer_clear(&p);
}

/* Suites without forward secrecy, or with an old mode, are not spoken. */
static void
test_suites(void)
{
	static const char *const bad[] = { "AES128-GCM-SHA256",
	    "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384" };
	struct tls_peer p;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		peer_init(&p, TLS1_2_VERSION);
		(void)SSL_set_cipher_list(p.client, bad[i]);
		tap_ok(!tls_peer_shake(&p), "%s is refused", bad[i]);
		tap_str(tls_conn_failure(p.server), "no shared cipher", "so");
		tls_peer_clear(&p);
	}
}

static void
test_groups(void)
{
	static char groups[][8] = { "X25519", "P-256", "P-384", "P-521" };
	struct tls_peer p;
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		peer_init(&p, 0);
		(void)SSL_set1_groups_list(p.client, groups[i]);
		tap_ok(tls_peer_shake(&p) == (i < 3), "the group %s",
		    groups[i]);
		tls_peer_clear(&p);
	}
}

static void
test_alpn(void)
{
	static const struct {
		const char *offer, *chosen;
		unsigned size;
	} good[] = {
		{ "\x08http/1.1", "http/1.1", 9 },
		{ "\x02h2\x08http/1.1", "http/1.1", 12 },
		{ "\x08http/1.0\x08http/1.1\x02h2", "http/1.1", 21 },
	};
	struct tls_peer p;
	const unsigned char *got;
	unsigned n;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		peer_init(&p, 0);
		(void)SSL_set_alpn_protos(p.client,
		    (const unsigned char *)good[i].offer, good[i].size);
		tap_ok(tls_peer_shake(&p), "protocols are offered");
		SSL_get0_alpn_selected(p.client, &got, &n);
		tap_slice(slice_of((const char *)got, n), good[i].chosen,
		    "one is chosen");
		tls_peer_clear(&p);
	}
	peer_open(&p, 0);
	SSL_get0_alpn_selected(p.client, &got, &n);
	tap_int(n, 0, "none is chosen if none is offered");
	tls_peer_clear(&p);
	peer_init(&p, 0);
	(void)SSL_set_alpn_protos(p.client, (const unsigned char *)"\x02h2", 3);
	tap_ok(!tls_peer_shake(&p), "HTTP/2 alone is refused");
	tap_str(tls_conn_failure(p.server), "no application protocol", "so");
	tls_peer_clear(&p);
}

static void
test_byte_by_byte(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct tls_peer p;
	size_t i;

	for (i = 0; i < 2; i++) {
		peer_init(&p, versions[i]);
		p.cut = 1;
		tap_ok(tls_peer_shake(&p), "a handshake byte by byte");
		tap_ok(tls_peer_says(&p, "hello", 5), "data byte by byte");
		tap_ok(tls_peer_hears(&p, "world", 5), "the server is heard");
		tls_peer_clear(&p);
	}
}

/* ---- what is no handshake ---- */

/* The server gets these bytes.  Returns its answer. */
static struct buf
refused(const char *bytes, size_t n, const char *reason)
{
	struct tls_conn *c = tls_conn_new(tls);
	struct slice in = slice_of(bytes, n);
	struct buf out = { 0 };

	tap_int(tls_conn_handshake(c, &in, &out), TLS_FAILED, "it is refused");
	if (reason != NULL)
		tap_str(tls_conn_failure(c), reason, "the reason");
	tap_ok(tls_conn_failure(c) != NULL, "there is a reason");
	tap_int((int64_t)ERR_peek_error(), 0, "the thread's queue is empty");
	tls_conn_free(c);
	return out;
}

static void
test_garbage(void)
{
	static const struct {
		const char *bytes, *reason;
		size_t n;
	} bad[] = {
		{ "GET / HTTP/1.1\r\n\r\n", "http request", 18 },
		{ "CONNECT a:1 HTTP/1.1\r\n\r\n", "https proxy request", 24 },
		{ "[2,\"1\",\"wampd.info\"]\n", "wrong version number", 21 },
		/* The reason depends on the version of OpenSSL. */
		{ "\x16\x03\x01\xff\xff\x01\x00\x00\x00\x00", NULL, 10 },
		/* Alert, application data. */
		{ "\x15\x03\x01\x00\x02\x02\x28", "unexpected message", 7 },
		{ "\x17\x03\x03\x00\x02xx", "unexpected message", 7 },
		/* Records with a part of the hello's header, and with one that
		 * tells 100000 bytes. */
		{ "\x16\x03\x01\x00\x01\x01",
		    "the client's hello is cut up", 6 },
		{ "\x16\x03\x01\x00\x05\x01\x01\x86\xa0\x00",
		    "the client's hello is too long", 10 },
		/* SSL 2. */
		{ "\x80\x2e\x01\x03\x01\x00\x15", "unsupported protocol",
		    7 },
	};
	struct buf out;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		out = refused(bad[i].bytes, bad[i].n, bad[i].reason);
		tap_ok(out.len == 0 || (out.len == 7 && out.data[0] == 0x15),
		    "the answer is an alert, or nothing");
		buf_clear(&out);
	}
}

/* A peer that says little stays small: OpenSSL has not seen it yet. */
static void
test_little(void)
{
	static const char hello[] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc";
	struct tls_conn *c = tls_conn_new(tls);
	struct slice in = { NULL, 0 };
	struct buf out = { 0 };
	size_t i;

	tap_ok(!tls_conn_heard(c, &in), "silence");
	for (i = 0; i < sizeof(hello) - 1; i++) {
		in = slice_of(hello + i, 1);
		tap_ok(!tls_conn_heard(c, &in) && in.len == 0, "a byte");
		tap_int(tls_conn_handshake(c, &in, &out), TLS_MORE, "more");
	}
	tap_int((int64_t)out.len, 0, "is not answered");
	tls_conn_free(c);
	c = tls_conn_new(tls);
	in = slice_of("GET /", 4);
	tap_ok(!tls_conn_heard(c, &in), "four bytes of text may be anything");
	in = slice_of("/", 1);
	tap_ok(tls_conn_heard(c, &in), "the fifth decides");
	tls_conn_free(c);
	buf_clear(&out);
}

/* ---- data ---- */

static char *
make_text(size_t n)
{
	char *text = malloc(n);
	size_t i;

	if (text == NULL)
		abort();
	for (i = 0; i < n; i++)
		text[i] = (char)(i * 31 >> 3);
	return text;
}

/* The records in it: how many, and whether all but the last are full. */
static void
check_records(struct slice wire, size_t n, size_t extra)
{
	size_t size, count = 0;

	for (; wire.len > 5; count++) {
		size = (size_t)(unsigned char)wire.p[3] << 8 |
		    (unsigned char)wire.p[4];
		if (wire.len > size + 5 && size != RECORD + extra)
			tap_int((int64_t)size, (int64_t)(RECORD + extra),
			    "a record that is not full");
		if (size + 5 > wire.len)
			break;
		wire = slice_of(wire.p + size + 5, wire.len - size - 5);
	}
	tap_int((int64_t)wire.len, 0, "whole records");
	tap_int((int64_t)count, (int64_t)((n + RECORD - 1) / RECORD),
	    "%zu bytes in so many records", n);
}

static void
test_records(void)
{
	static const size_t sizes[] = { 1, RECORD - 1, RECORD, RECORD + 1,
	    4 * RECORD, 1000000 };
	char *text = make_text(1000000);
	struct tls_peer p;
	size_t i, v;

	for (v = 0; v < 2; v++) {
		peer_open(&p, v == 0 ? TLS1_2_VERSION : TLS1_3_VERSION);
		tap_ok(tls_peer_hears(&p, "a", 1), "tickets are out");
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			tap_int(tls_conn_write(p.server, text, sizes[i],
			    &p.out), 0, "%zu bytes", sizes[i]);
			/* A nonce or a type, and the tag. */
			check_records(buf_slice(&p.out), sizes[i], v == 0 ? 24 :
			    17);
			buf_reset(&p.heard);
			(void)tls_peer_pull(&p, &p.heard);
			tap_ok(slice_eq(buf_slice(&p.heard), slice_of(text,
			    sizes[i])), "arrive");
			tap_ok(tls_peer_says(&p, text, sizes[i]),
			    "and are read in one piece");
		}
		p.cut = 1000;
		tap_ok(tls_peer_says(&p, text, 1000000), "and in small ones");
		tls_peer_clear(&p);
	}
	free(text);
}

/* Early data behind the handshake is not lost. */
static void
test_early(void)
{
	struct tls_peer p;

	peer_init(&p, TLS1_3_VERSION);
	(void)SSL_do_handshake(p.client);
	tls_peer_push(&p);
	(void)BIO_write(SSL_get_rbio(p.client), p.out.data, (int)p.out.len);
	buf_reset(&p.out);
	(void)SSL_do_handshake(p.client);
	(void)SSL_write(p.client, "early", 5);
	tls_peer_push(&p);
	tap_int(p.result, TLS_DONE, "the handshake is done");
	tap_slice(buf_slice(&p.heard), "early", "data behind it is read");
	tls_peer_clear(&p);
}

static void
test_end(void)
{
	struct tls_peer p;
	struct buf text = { 0 };
	size_t v;

	for (v = 0; v < 2; v++) {
		peer_open(&p, v == 0 ? TLS1_2_VERSION : TLS1_3_VERSION);
		(void)SSL_write(p.client, "last", 4);
		(void)SSL_shutdown(p.client);
		tls_peer_push(&p);
		tap_slice(buf_slice(&p.heard), "last", "what was said last");
		tap_int(p.end, TLS_END, "then the peer has ended");
		tap_ok(tls_peer_hears(&p, "", 0), "we have not");
		tls_conn_end(p.server, &p.out);
		tap_int(tls_peer_pull(&p, &text), SSL_ERROR_ZERO_RETURN,
		    "now we have");
		tls_peer_clear(&p);
	}
	/* Before the handshake there is nothing to end. */
	peer_init(&p, 0);
	tls_conn_end(p.server, &p.out);
	tap_int((int64_t)p.out.len, 0, "nothing is sent before the handshake");
	tls_peer_clear(&p);
	buf_clear(&text);
}

/* OpenSSL answers with its own update when it writes next. */
static void
test_key_update(void)
{
	struct tls_peer p;
	int i;

	peer_open(&p, TLS1_3_VERSION);
	for (i = 0; i < 3; i++) {
		(void)SSL_key_update(p.client, SSL_KEY_UPDATE_REQUESTED);
		tap_ok(tls_peer_says(&p, "new", 3), "with another key");
		tap_ok(tls_peer_hears(&p, "key", 3), "with ours");
	}
	tls_peer_clear(&p);
}

/* Updates of keys cost the server far more than the client. */
static void
test_idle_records(void)
{
	char *text = make_text(4 * RECORD);
	struct tls_peer p;
	int i;

	peer_open(&p, TLS1_3_VERSION);
	for (i = 0; i < 1000; i++) {
		(void)SSL_key_update(p.client, SSL_KEY_UPDATE_NOT_REQUESTED);
		if (!tls_peer_says(&p, text, 4 * RECORD))
			break;
	}
	tap_int(i, 1000, "keys may be updated now and then");
	for (i = 0; i < 1000 + 100; i++) {
		(void)SSL_key_update(p.client, SSL_KEY_UPDATE_NOT_REQUESTED);
		(void)SSL_write(p.client, "x", 1);
	}
	tls_peer_push(&p);
	tap_int(p.end, -1, "not all the time");
	tap_str(tls_conn_failure(p.server), "too many records without data",
	    "so");
	tls_peer_clear(&p);
	free(text);
}

/* One bit of a record is wrong. */
static void
test_broken(void)
{
	struct tls_peer p;
	char *wire;
	long n;

	peer_open(&p, TLS1_3_VERSION);
	(void)SSL_write(p.client, "first", 5);
	(void)SSL_write(p.client, "second", 6);
	n = BIO_get_mem_data(SSL_get_wbio(p.client), &wire);
	wire[n - 1] ^= 1;
	tls_peer_push(&p);
	tap_slice(buf_slice(&p.heard), "first", "what came before it is read");
	tap_int(p.end, -1, "then the connection is broken");
	tap_str(tls_conn_failure(p.server),
	    "decryption failed or bad record mac", "so");
	tap_ok(p.out.len > 0, "the peer is told");
	tap_int((int64_t)ERR_peek_error(), 0, "the thread's queue is empty");
	buf_reset(&p.out);
	tap_int(tls_conn_write(p.server, "x", 1, &p.out), -1, "no writing");
	tls_conn_end(p.server, &p.out);
	tap_int((int64_t)p.out.len, 0, "nothing more is sent");
	tls_peer_clear(&p);
}

/* In TLS 1.2 a client may ask for another handshake; it gets a warning. */
static void
test_renegotiation(void)
{
	struct tls_peer p;

	peer_open(&p, TLS1_2_VERSION);
	(void)SSL_renegotiate(p.client);
	(void)SSL_do_handshake(p.client);
	tls_peer_push(&p);
	tap_int(p.end, 0, "the connection goes on");
	tap_ok(p.out.len > 0 && p.out.data[0] == 0x15, "with an alert");
	tls_peer_clear(&p);
}

int
main(void)
{
	begin();
	test_versions();
	test_suites();
	test_groups();
	test_alpn();
	test_byte_by_byte();
	test_garbage();
	test_little();
	test_records();
	test_early();
	test_end();
	test_key_update();
	test_idle_records();
	test_broken();
	test_renegotiation();
	tls_free(tls);
	tls_made_free(&made);
	tls_maker_end();
	return tap_done();
}
