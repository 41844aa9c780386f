/*
 * t_wampd_tls_certs.c: TLS: certificates of the server and of clients.
 */
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tap.h"
#include "tls_maker.h"
#include "tls_peer.h"
#include "wampd/net/tls.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

enum { FIRST, FIRST_RSA, WILD, EXACT, NAMELESS, ADDRESS, MADE };

static struct tls_made ca, other_ca, made[MADE];
static const char *certs[MADE], *keys[MADE];

static void
begin(void)
{
	static const struct tls_order orders[MADE] = {
		[FIRST] = { .cn = "first", .names = "DNS:first.test,"
		    "DNS:also.test", .by = &ca },
		[FIRST_RSA] = { .kind = TLS_KIND_RSA, .cn = "first RSA",
		    .names = "DNS:FIRST.test", .by = &ca },
		[WILD] = { .cn = "wild", .names = "DNS:*.wild.test",
		    .by = &ca },
		[EXACT] = { .cn = "exact", .names = "DNS:exact.wild.test",
		    .by = &ca },
		[NAMELESS] = { .cn = "nameless.test", .by = &ca },
		[ADDRESS] = { .cn = "address.test", .names = "IP:192.0.2.1,"
		    "IP:2001:db8::1", .by = &ca },
	};
	size_t i;

	tls_maker_begin();
	ca = tls_make(&(struct tls_order){ .cn = "authority" });
	other_ca = tls_make(&(struct tls_order){ .cn = "another" });
	for (i = 0; i < MADE; i++) {
		made[i] = tls_make(&orders[i]);
		certs[i] = made[i].cert_path;
		keys[MADE - 1 - i] = made[i].key_path;
	}
}

static void
end(void)
{
	size_t i;

	for (i = 0; i < MADE; i++)
		tls_made_free(&made[i]);
	tls_made_free(&ca);
	tls_made_free(&other_ca);
	tls_maker_end();
}

static struct tls *
open_tls(const struct tls_settings *set)
{
	struct errbuf e = { "" };
	struct tls *tls = tls_new(set, &e);

	if (!tap_ok(tls != NULL, "the files are read%s", e.msg))
		exit(tap_done());
	return tls;
}

/* ---- names ---- */

/* The common name of the certificate that a client gets which names that host
 * and can verify only that signature; NULL: the handshake fails. */
static const char *
served(struct tls *tls, const char *host, int version, char *signature)
{
	static char name[64];
	SSL_CTX *ctx = tls_client_new(ca.cert, version);
	struct tls_peer p;
	bool done;

	tls_peer_init(&p, tls, ctx, NULL);
	if (host != NULL)
		(void)SSL_ctrl(p.client, SSL_CTRL_SET_TLSEXT_HOSTNAME,
		    TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)host);
	if (signature != NULL)
		(void)SSL_set1_sigalgs_list(p.client, signature);
	if ((done = tls_peer_shake(&p)))
		(void)X509_NAME_get_text_by_NID(X509_get_subject_name(
		    SSL_get0_peer_certificate(p.client)), NID_commonName, name,
		    sizeof(name));
	tls_peer_clear(&p);
	SSL_CTX_free(ctx);
	return done ? name : NULL;
}

static char rsa_only[] = "RSA-PSS+SHA256", ec_only[] = "ECDSA+SHA256";

static void
test_names(void)
{
	static const struct {
		const char *host, *cn;
		char	   *signature;
	} cases[] = {
		{ "first.test", "first", ec_only },
		{ "first.test", "first RSA", rsa_only },
		{ "also.test", "first", NULL },
		{ "also.test", NULL, rsa_only },
		{ "a.wild.test", "wild", NULL },
		{ "EXACT.Wild.test", "exact", NULL },
		{ "wild.test", "first", ec_only },
		{ "a.b.wild.test", "first", ec_only },
		{ "nameless.test", "nameless.test", NULL },
		{ "192.0.2.1", "address.test", NULL },
		{ "2001:db8::1", "address.test", NULL },
		{ "address.test", "address.test", NULL },
		{ "unknown.test", "first", ec_only },
		{ "unknown.test", "first RSA", rsa_only },
		{ "unknown", "first", ec_only },
		{ NULL, "first", ec_only },
		{ NULL, "first RSA", rsa_only },
	};
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	const struct tls_settings set = { .certs = { certs, MADE },
	    .keys = { keys, MADE } };
	struct tls *tls = open_tls(&set);
	size_t i, v;

	for (v = 0; v < COUNT(versions); v++)
		for (i = 0; i < COUNT(cases); i++)
			tap_str(served(tls, cases[i].host, versions[v],
			    cases[i].signature), cases[i].cn, "the certificate "
			    "for %s", cases[i].host != NULL ? cases[i].host :
			    "a client that names nobody");
	tls_free(tls);
}

/* ---- faults ---- */

static void
on_fault(void *arg, enum tls_file file, size_t i, const char *text)
{
	(void)buf_addf(arg, "%d/%zu: %s\n", file, i, text);
}

/* Check the files; the faults must be these, with %s for the folder. */
static void
faults(const struct tls_settings *set, const char *wanted)
{
	struct buf got = { 0 };
	const struct tls_report report = { .fault = on_fault, .arg = &got };

	tap_int(tls_check(set, &report), wanted[0] == '\0' ? 0 : -1, "a check");
	tap_slice(buf_slice(&got), wanted, "its faults");
	buf_clear(&got);
}

static void
test_faults(void)
{
	const char *some_certs[] = { made[FIRST].cert_path,
	    made[WILD].cert_path };
	const char *some_keys[] = { made[WILD].key_path,
	    made[FIRST].key_path };
	struct tls_settings set = { .certs = { some_certs, 2 },
	    .keys = { some_keys, 2 } };
	char text[512];

	faults(&set, "");
	set.client_ca = ca.cert_path;
	faults(&set, "");
	set.client_ca = ca.key_path;
	(void)snprintf(text, sizeof(text), "2/0: tls.client_ca: %s: no "
	    "certificate in PEM: no start line\n", ca.key_path);
	faults(&set, text);
	set.client_ca = NULL;
	some_keys[1] = made[EXACT].key_path;
	(void)snprintf(text, sizeof(text), "1/1: tls.key: %s: it belongs to no "
	    "certificate of tls.cert\n", some_keys[1]);
	faults(&set, text);
	set.certs.n = 1;
	set.keys.n = 1;
	(void)snprintf(text, sizeof(text), "1/0: tls.key: %s: it does not "
	    "belong to tls.cert\n", some_keys[0]);
	faults(&set, text);
	set.certs.n = 2;
	some_keys[0] = made[FIRST].key_path;
	(void)snprintf(text, sizeof(text), "0/1: tls.cert: %s: its key is not "
	    "in tls.key\n", some_certs[1]);
	faults(&set, text);
	set.keys.n = 2;
	some_certs[0] = "/none";
	(void)snprintf(text, sizeof(text), "0/0: tls.cert: /none: No such file "
	    "or directory\n");
	faults(&set, text);
}

/* ---- renewal ---- */

static void
test_renew(void)
{
	const char *cert = made[FIRST].cert_path, *key = made[FIRST].key_path;
	const struct tls_settings set = { .certs = { &cert, 1 },
	    .keys = { &key, 1 } };
	struct tls *tls = open_tls(&set);
	SSL_CTX *ctx = tls_client_new(ca.cert, 0);
	struct errbuf e = { "" };
	struct tls_peer old, amid;

	tls_peer_init(&old, tls, ctx, "first.test");
	tap_ok(tls_peer_shake(&old), "a connection");
	tls_peer_init(&amid, tls, ctx, "first.test");
	(void)SSL_do_handshake(amid.client);
	amid.cut = 10;
	tls_peer_push(&amid);
	tls_made_replace(&made[EXACT], &made[FIRST]);
	tap_str(served(tls, NULL, 0, NULL), "first", "new files count later");
	tap_int(tls_renew(tls, &set, &e), 0, "they are read");
	tap_str(served(tls, NULL, 0, NULL), "exact", "now they count");
	tap_ok(tls_peer_says(&old, "on", 2) && tls_peer_hears(&old, "and", 3),
	    "an open connection goes on");
	tap_ok(tls_peer_shake(&amid), "so does a handshake that had begun");
	cert = made[WILD].cert_path;
	tap_int(tls_renew(tls, &set, &e), -1, "files that do not match");
	tap_ok(strstr(e.msg, "it does not belong to tls.cert") != NULL,
	    "are an error: %s", e.msg);
	tap_str(served(tls, NULL, 0, NULL), "exact", "and change nothing");
	tls_free(tls);
	tap_ok(tls_peer_says(&old, "last", 4), "it outlives the server");
	tls_peer_clear(&old);
	tls_peer_clear(&amid);
	SSL_CTX_free(ctx);
	tls_made_replace(&made[FIRST], &made[FIRST]);
}

static void
test_soonest(void)
{
	struct tls_made late = tls_make(&(struct tls_order){ .cn = "late",
	    .names = "DNS:late.test", .from = -60, .to = 86400, .by = &ca });
	struct tls_made soon = tls_make(&(struct tls_order){ .cn = "soon",
	    .names = "DNS:soon.test", .from = -60, .to = 3600, .by = &ca });
	const char *two[] = { late.cert_path, soon.cert_path };
	const char *both[] = { soon.key_path, late.key_path };
	struct tls_settings set = { .certs = { two, 2 }, .keys = { both, 2 } };
	struct tls *tls = open_tls(&set);
	int64_t now = (int64_t)time(NULL);
	struct tls_context *fresh;
	const struct tls_report report = { .arg = NULL };
	struct tls_cert first = tls_soonest(tls);

	tap_str(first.name, "soon.test", "what expires first");
	tap_ok(first.not_after / 1000 > now + 3000 &&
	    first.not_after / 1000 <= now + 3600, "and when");
	set.certs.n = set.keys.n = 1;
	set.keys.v++;
	fresh = tls_prepare(tls, &set, &report);
	tap_ok(fresh != NULL, "other files are read");
	tap_str(tls_soonest(tls).name, "soon.test", "they do not count yet");
	tls_commit(tls, fresh);
	tap_str(tls_soonest(tls).name, "late.test", "now they do");
	tls_discard(tls_prepare(tls, &set, &report));
	tls_free(tls);
	tls_made_free(&late);
	tls_made_free(&soon);
}

/* ---- clients' certificates ---- */

/* Shake hands with that certificate of the client.  The subject that the server
 * sees, or why it refuses. */
static const char *
admits(struct tls *tls, int version, const struct tls_made *own)
{
	static char text[128];
	SSL_CTX *ctx = tls_client_new(ca.cert, version);
	struct buf name = { 0 };
	struct tls_peer p;

	tls_peer_init(&p, tls, ctx, "first.test");
	if (own != NULL)
		(void)SSL_use_cert_and_key(p.client, own->cert, own->key, NULL,
		    1);
	(void)tls_peer_shake(&p);
	if (p.result == TLS_DONE &&
	    tls_conn_peer_name(p.server, &name) == 0)
		(void)snprintf(text, sizeof(text), "%s", buf_cstr(&name));
	else
		(void)snprintf(text, sizeof(text), "%s", p.result == TLS_DONE ?
		    "nobody" : tls_conn_failure(p.server));
	tls_peer_clear(&p);
	buf_clear(&name);
	SSL_CTX_free(ctx);
	return text;
}

static void
test_clients(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	static const char no_issuer[] = "certificate verify failed: unable to "
	    "get local issuer certificate";
	struct tls_settings set = { .certs = { certs, 1 },
	    .keys = { &keys[MADE - 1], 1 }, .client_ca = ca.cert_path };
	struct tls_made good = tls_make(&(struct tls_order){ .cn = "Zoë, Ltd",
	    .by = &ca });
	struct tls_made bad = tls_make(&(struct tls_order){ .cn = "Eve",
	    .by = &other_ca });
	struct tls_made late = tls_make(&(struct tls_order){ .cn = "Old",
	    .by = &ca, .from = -1000, .to = -10 });
	struct tls *tls;
	size_t i;
	int v;

	for (i = 0; i < COUNT(versions); i++) {
		v = versions[i];
		set.client_cert = TLS_CLIENT_NONE;
		tls = open_tls(&set);
		tap_str(admits(tls, v, &good), "nobody", "none: not asked");
		tls_free(tls);
		set.client_cert = TLS_CLIENT_REQUEST;
		tls = open_tls(&set);
		tap_str(admits(tls, v, NULL), "nobody", "request: without");
		tap_str(admits(tls, v, &good), "CN=Zoë\\, Ltd", "a good one");
		tap_str(admits(tls, v, &bad), no_issuer, "a bad one");
		tls_free(tls);
		set.client_cert = TLS_CLIENT_REQUIRE;
		tls = open_tls(&set);
		tap_str(admits(tls, v, NULL), "peer did not return a "
		    "certificate", "require: without");
		tap_str(admits(tls, v, &good), "CN=Zoë\\, Ltd", "a good one");
		tap_str(admits(tls, v, &bad), no_issuer, "a bad one");
		tap_str(admits(tls, v, &late), "certificate verify failed: "
		    "certificate has expired", "an old one");
		tls_free(tls);
	}
	tls_made_free(&good);
	tls_made_free(&bad);
	tls_made_free(&late);
}

int
main(void)
{
	begin();
	test_names();
	test_faults();
	test_renew();
	test_soonest();
	test_clients();
	end();
	return tap_done();
}
