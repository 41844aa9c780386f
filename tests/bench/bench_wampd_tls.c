/*
 * bench_wampd_tls.c: what TLS costs: encrypting and decrypting, a handshake,
 * and the memory of an idle connection.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <malloc.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tls_maker.h"
#include "tls_peer.h"
#include "wampd/net/tls.h"

#define BENCH_US	300000	/* time spent on each row */
#define BATCH		(1u << 20)	/* bytes between looks at the clock */
#define SOCKET		65536	/* bytes that a read of a socket delivers */
#define IDLE		1000	/* connections */

static struct tls *tls;
static SSL_CTX *client;
static char text[BATCH];

/* Of this process: other ones may run beside it. */
static int64_t
cpu_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
open_peer(struct tls_peer *p)
{
	tls_peer_init(p, tls, client, NULL);
	if (!tls_peer_shake(p)) {
		fprintf(stderr, "%s\n", tls_conn_failure(p->server));
		exit(1);
	}
}

static void
row(const char *what, size_t size, size_t bytes, size_t count, int64_t us)
{
	printf("%-22s %6zu bytes %8.1f ns %8.1f MB/s\n", what, size,
	    (double)us * 1e3 / (double)count, (double)bytes / (double)us);
}

static void
bench_write(size_t size)
{
	int64_t start, spent;
	size_t count = 0, i;
	struct tls_peer p;

	open_peer(&p);
	start = cpu_us();
	do {
		buf_reset(&p.out);
		for (i = 0; i + size <= BATCH; i += size, count++)
			if (tls_conn_write(p.server, text + i, size,
			    &p.out) == -1)
				exit(1);
	} while ((spent = cpu_us() - start) < BENCH_US);
	row("write", size, count * size, count, spent);
	tls_peer_clear(&p);
}

/* Decrypt what the client has sent, as a socket delivers it. */
static void
drain(struct tls_peer *p, struct slice all)
{
	static char plain[SOCKET];
	struct slice in;
	size_t n;

	for (; all.len > 0; all = slice_of(all.p + n, all.len - n)) {
		n = all.len < SOCKET ? all.len : SOCKET;
		in = slice_of(all.p, n);
		while (tls_conn_read(p->server, &in, plain, sizeof(plain),
		    &p->out) > 0)
			;
	}
}

static void
bench_read(size_t size)
{
	int64_t spent = 0, start;
	size_t count = 0, i;
	struct tls_peer p;
	char *wire;
	long n;

	open_peer(&p);
	while (spent < BENCH_US) {
		for (i = 0; i + size <= BATCH; i += size, count++)
			(void)SSL_write(p.client, text + i, (int)size);
		n = BIO_get_mem_data(SSL_get_wbio(p.client), &wire);
		start = cpu_us();
		drain(&p, slice_of(wire, (size_t)n));
		spent += cpu_us() - start;
		(void)BIO_reset(SSL_get_wbio(p.client));
	}
	row("read", size, count * size, count, spent);
	tls_peer_clear(&p);
}

/* The client, which is in it, takes about as long as the server. */
static void
bench_handshake(void)
{
	int64_t start = cpu_us(), spent;
	struct tls_peer p;
	size_t count = 0;

	do {
		open_peer(&p);
		tls_peer_clear(&p);
		count++;
	} while ((spent = cpu_us() - start) < BENCH_US);
	printf("%-22s %21.1f us, client included\n", "handshake",
	    (double)spent / (double)count);
}

static size_t
used(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

enum progress { NOTHING, HELLO, OPEN };

/* Go on with a connection up to there, and free all but the server's side. */
static void
prepare(struct tls_peer *p, enum progress progress)
{
	tls_peer_init(p, tls, client, NULL);
	if (progress == HELLO) {
		(void)SSL_do_handshake(p->client);
		tls_peer_push(p);
	} else if (progress == OPEN && (!tls_peer_shake(p) ||
	    !tls_peer_says(p, "x", 1) || !tls_peer_hears(p, "x", 1))) {
		exit(1);
	}
	SSL_free(p->client);
	p->client = NULL;
	buf_clear(&p->out);
	buf_clear(&p->heard);
}

static void
bench_memory(const char *what, enum progress progress)
{
	static struct tls_peer peers[IDLE];
	size_t i, before = used();

	for (i = 0; i < IDLE; i++)
		prepare(&peers[i], progress);
	printf("%-22s %14zu bytes\n", what, (used() - before) / IDLE);
	for (i = 0; i < IDLE; i++)
		tls_peer_clear(&peers[i]);
}

static void
bench_all(int version)
{
	static const size_t sizes[] = { 100, 1000, 16384, 65536, BATCH };
	size_t i;

	printf("TLS 1.%d\n", version == TLS1_3_VERSION ? 3 : 2);
	(void)SSL_CTX_set_min_proto_version(client, version);
	(void)SSL_CTX_set_max_proto_version(client, version);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		bench_write(sizes[i]);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]) - 1; i++)
		bench_read(sizes[i]);
	bench_handshake();
	bench_memory("before the hello", NOTHING);
	bench_memory("behind the hello", HELLO);
	bench_memory("an open connection", OPEN);
}

int
main(void)
{
	struct tls_made made;
	const char *cert, *key;
	struct tls_settings set = { .certs = { &cert, 1 },
	    .keys = { &key, 1 } };
	struct errbuf e;

	tls_maker_begin();
	made = tls_make(&(struct tls_order){ .cn = "a.test" });
	cert = made.cert_path;
	key = made.key_path;
	client = tls_client_new(made.cert, 0);
	if ((tls = tls_new(&set, &e)) == NULL) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	bench_all(TLS1_2_VERSION);
	bench_all(TLS1_3_VERSION);
	tls_free(tls);
	SSL_CTX_free(client);
	tls_made_free(&made);
	tls_maker_end();
	return 0;
}
