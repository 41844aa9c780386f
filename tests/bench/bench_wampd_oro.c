/*
 * bench_wampd_oro.c: what a check of Oro's tickets costs: in a thread, beside
 * OpenSSL's SHA-512 alone, and in the loop.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/opt.h"
#include "fake.h"
#include "token/oro_ticket.h"
#include "wampd/auth/oro.h"
#include "wampd/auth/seen.h"
#include "wampd/core/address.h"
#include "wampd/core/loop.h"

#define SECRET	"ThisTokenIsNotSoSecretChangeIt"
#define NONCE	"0123456789abcdef"
#define CREATED	"2024-01-02T03:04:05+00:00"
#define NOW	INT64_C(1704164645000)
#define CHECKS	300
#define ROUNDS	5000

static int64_t
cpu_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- OpenSSL alone ---- */

/* So many hashes of what a round hashes: a hash, and the salted text. */
static double
openssl_us(void)
{
	static unsigned char text[64 + sizeof(NONCE CREATED SECRET SECRET) +
	    3];
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA512", NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int64_t start = cpu_ns();
	int i;

	for (i = 0; i < CHECKS * ROUNDS; i++)
		if (EVP_DigestInit_ex2(ctx, md, NULL) != 1 ||
		    EVP_DigestUpdate(ctx, text, sizeof(text)) != 1 ||
		    EVP_DigestFinal_ex(ctx, text, NULL) != 1)
			exit(1);
	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return (double)(cpu_ns() - start) / 1e3 / CHECKS;
}

/* ---- the broker ---- */

static void (*run)(void *arg);
static void (*done)(void *arg, int64_t now);
static void *job;

static int
take_work(void *ctx, void (*r)(void *arg), void (*d)(void *arg, int64_t now),
    void *arg)
{
	(void)ctx;
	run = r;
	done = d;
	job = arg;
	return 0;
}

static const struct loop_ops ops = { .work = take_work };

static int64_t
wall(void)
{
	return NOW;
}

static int right;

static void
on_answer(struct identity_ask *ask, const struct principal *p,
    const struct identity_refusal *why)
{
	(void)ask;
	(void)why;
	right += p != NULL;
}

static int
sha512(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	(void)arg;
	return EVP_Q_digest(NULL, "SHA512", NULL, p, len, out, NULL) == 1 ?
	    0 : -1;
}

static struct buf
make_ticket(void)
{
	const struct oro_hash hash = { sha512, NULL };
	struct buf out = { 0 };

	if (oro_ticket_make(&out, SLICE(""), SLICE(NONCE), SLICE(CREATED),
	    SLICE(SECRET), SLICE(SECRET), &hash) == -1)
		exit(1);
	return out;
}

/* A check, in the loop and in a thread. */
static void
check(struct oro *o, struct slice ticket, int64_t *loop, int64_t *thread)
{
	const struct address peer = { .u.sa.sa_family = AF_UNIX };
	const struct visitor v = { .peer = &peer };
	struct identity_ask ask = { .done = on_answer };
	const struct principal *p;
	struct identity_refusal why;
	int64_t start = cpu_ns();

	if (oro_begin(o, &v, ticket, &ask, &p, &why) != IDENTITY_ASKING)
		exit(1);
	*loop += cpu_ns() - start;
	start = cpu_ns();
	run(job);
	*thread += cpu_ns() - start;
	start = cpu_ns();
	done(job, 0);
	*loop += cpu_ns() - start;
}

int
main(void)
{
	struct broker_settings core = fake_settings();
	const struct opt_list none = { NULL, 0 };
	const struct oro_settings set = { .secret = SECRET,
	    .ttl = 300000, .queue = 16, .threads = 1, .backends = &none };
	struct broker *b = fake_broker(&core);
	int64_t loop = 0, thread = 0;
	struct buf ticket = make_ticket();
	double alone = openssl_us();
	struct errbuf e;
	struct seen seen;
	struct oro *o;
	int i;

	b->loop = &ops;
	b->wall = wall;
	seen_init(&seen, SEEN_MOST, 0);
	if ((o = oro_new(&set, b, &e)) == NULL ||
	    oro_start(o, NULL, &seen, &e) == -1) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	for (i = 0; i < CHECKS; i++)
		check(o, buf_slice(&ticket), &loop, &thread);
	printf("%-34s %10.1f us\n", "5000 SHA-512 of OpenSSL", alone);
	printf("%-34s %10.1f us, %.2f of that\n", "a check, in a thread",
	    (double)thread / 1e3 / CHECKS,
	    (double)thread / 1e3 / CHECKS / alone);
	printf("%-34s %10.1f us\n", "a check, in the loop",
	    (double)loop / 1e3 / CHECKS);
	if (right != CHECKS)
		printf("%d of %d were right\n", right, CHECKS);
	buf_clear(&ticket);
	oro_free(o);
	seen_clear(&seen);
	fake_end(b);
	return 0;
}
