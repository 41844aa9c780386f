/*
 * t_wampd_tls_threads.c: TLS: handshakes in several threads at once, while the
 * certificates and the keys of tickets are renewed.  V=tsan finds races.
 */
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>

#include "tap.h"
#include "tls_maker.h"
#include "tls_peer.h"
#include "wampd/net/tls.h"

#define THREADS		4
#define ROUNDS		25
#define RENEWALS	20

static struct tls_made made[2];

/* The connections of one thread, which the main one has made. */
struct work {
	pthread_t	thread;
	SSL_CTX	       *client;
	struct tls_peer peers[ROUNDS];
	size_t		done;
};

static void *
work(void *arg)
{
	struct work *w = arg;
	SSL_SESSION *s = NULL;
	size_t i;

	for (i = 0; i < ROUNDS; i++) {
		if (s != NULL)
			(void)SSL_set_session(w->peers[i].client, s);
		SSL_SESSION_free(s);
		w->done += tls_peer_shake(&w->peers[i]);
		s = tls_peer_session(&w->peers[i]);
	}
	SSL_SESSION_free(s);
	return NULL;
}

static void
start(struct work *w, struct tls *tls)
{
	static const char *const hosts[] = { "a.test", "b.test" };
	size_t i;

	w->client = tls_client_new(made[0].cert, 0);
	SSL_CTX_set_verify(w->client, SSL_VERIFY_NONE, NULL);
	for (i = 0; i < ROUNDS; i++)
		tls_peer_init(&w->peers[i], tls, w->client, hosts[i % 2]);
	if (pthread_create(&w->thread, NULL, work, w) != 0)
		abort();
}

static void
finish(struct work *w)
{
	size_t i;

	(void)pthread_join(w->thread, NULL);
	tap_int((int64_t)w->done, ROUNDS, "handshakes of a thread");
	for (i = 0; i < ROUNDS; i++) {
		tap_ok(tls_peer_says(&w->peers[i], "x", 1), "here it goes on");
		tls_peer_clear(&w->peers[i]);
	}
	SSL_CTX_free(w->client);
}

int
main(void)
{
	static struct work works[THREADS];
	const char *certs[2], *keys[2];
	const struct tls_settings set = { .certs = { certs, 2 },
	    .keys = { keys, 2 } };
	struct errbuf e = { "" };
	struct tls *tls;
	size_t i;

	tls_maker_begin();
	made[0] = tls_make(&(struct tls_order){ .cn = "a.test" });
	made[1] = tls_make(&(struct tls_order){ .cn = "b.test" });
	for (i = 0; i < 2; i++) {
		certs[i] = made[i].cert_path;
		keys[i] = made[i].key_path;
	}
	tls = tls_new(&set, &e);
	if (!tap_ok(tls != NULL, "the files are read%s", e.msg))
		return tap_done();
	for (i = 0; i < THREADS; i++)
		start(&works[i], tls);
	for (i = 0; i < RENEWALS; i++) {
		tap_int(tls_renew(tls, &set, &e), 0, "renewed meanwhile");
		tap_int(tls_rotate(tls), 0, "tickets too");
	}
	tls_free(tls);
	for (i = 0; i < THREADS; i++)
		finish(&works[i]);
	tls_made_free(&made[0]);
	tls_made_free(&made[1]);
	tls_maker_end();
	return tap_done();
}
