/*
 * t_oro_ticket.c: reading Oro's tickets, when they are valid, their digest.
 */
#include "token/oro_ticket.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define DIGEST	"fWakKqpgDw/j+vGJTKj5FI/5TWKyNXYHuJZxr2ad/SFTUcoXuC4BveOIX" \
		"FgrlSGHnhesS19eyoFVKt9yTYDsSg=="
#define NONCE	"0123456789abcdef"
#define CREATED	"2024-01-02T03:04:05+00:00"
#define SECONDS	1704164645
#define SECRET	"ThisTokenIsNotSoSecretChangeIt"

/* ---- digests ---- */

static int
sha512(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	unsigned *calls = arg;

	++*calls;
	return crypto_hash_sha512(out, p, len);
}

static int
broken(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	(void)arg;
	(void)out;
	(void)p;
	(void)len;
	return -1;
}

static void
digest(const char *nonce, const char *created, const char *password,
    const char *secret, const char *want)
{
	unsigned calls = 0;
	const struct oro_hash hash = { sha512, &calls };
	char got[ORO_DIGEST_SIZE] = "";

	tap_int(oro_digest(got, slice_str(nonce), slice_str(created),
	    slice_str(password), slice_str(secret), &hash), 0, "a digest");
	tap_slice(slice_of(got, sizeof(got)), want, "of %s", password);
	tap_int((int64_t)calls, 5000, "in 5000 rounds");
}

static void
test_digest(void)
{
	const struct oro_hash bad = { broken, NULL };
	unsigned calls = 0;
	const struct oro_hash hash = { sha512, &calls };
	static char much[ORO_RAW_MAX];
	char got[ORO_DIGEST_SIZE];

	digest(NONCE, CREATED, SECRET, SECRET, DIGEST);
	digest("fedcba9876543210", CREATED, "$2y$13$abcdefghijklmnopqrstuv",
	    "s3cr3t", "jrA/v/2VKAGUYpNadd+N1J38PbRfSqeiSCsZqtqZdOeCCzQmcKu8D"
	    "/dyo2VCm2f5X7vbHE/TDMipKBxNNUBUHA==");
	/* Computed with Python's hashlib. */
	digest("n", "c", "p", "", "ZVIM/153HTv0+Q40maXgv9q25dZR8F9FHrnCZZFhT"
	    "4a534xpWgHPgMsjFnPhcZEiM1JWVSuZpYieAzoEEeKgbQ==");
	tap_int(oro_digest(got, SLICE("n"), SLICE("c"), SLICE("p"),
	    SLICE("s"), &bad), -1, "a hash that fails");
	memset(much, 'x', ORO_RAW_MAX);
	tap_int(oro_digest(got, SLICE("n"), SLICE("c"),
	    slice_of(much, ORO_RAW_MAX - 4), SLICE("s"), &hash), 0,
	    "as long as Symfony allows");
	tap_int(oro_digest(got, SLICE("n"), SLICE("c"),
	    slice_of(much, ORO_RAW_MAX - 3), SLICE("s"), &hash), -1,
	    "one byte longer");
}

static void
secret(const char *text, const char *why)
{
	struct errbuf e = { "" };

	tap_int(oro_secret_check(slice_str(text), &e), *why == '\0' ? 0 : -1,
	    "the secret %s: %s", text, e.msg);
	tap_ok(strstr(e.msg, why) != NULL, "since %s", why);
}

static void
test_secret(void)
{
	char much[4002];

	secret(SECRET, "");
	secret("a{b", "{ nor }");
	secret("a}b", "{ nor }");
	memset(much, 's', sizeof(much));
	much[4001] = '\0';
	secret(much, "longer than 4000 bytes");
	much[4000] = '\0';
	secret(much, "");
}

/* ---- reading ---- */

/* The text of a ticket, in base64; valid until the next call. */
static const char *
wrapped(const char *text)
{
	static char out[4096];

	return sodium_bin2base64(out, sizeof(out),
	    (const unsigned char *)text, strlen(text),
	    sodium_base64_VARIANT_ORIGINAL);
}

static enum token_verdict
read_text(struct oro_ticket *t, struct buf *mem, const char *text,
    const char **why)
{
	buf_clear(mem);
	return oro_ticket_read(t, slice_str(text), mem, why);
}

static void
good(const char *text, const char *user)
{
	struct buf mem = { 0 };
	struct oro_ticket t;
	const char *why = NULL;

	tap_int(read_text(&t, &mem, text, &why), TOKEN_OK, "good: %s",
	    why != NULL ? why : "");
	tap_slice(t.digest, DIGEST, "its digest");
	tap_slice(t.user, user, "its user");
	tap_slice(t.nonce, NONCE, "its nonce");
	tap_slice(t.created, CREATED, "its time");
	tap_int(t.when, SECONDS, "the same in seconds");
	buf_clear(&mem);
}

static void
bad(const char *text, const char *reason)
{
	struct buf mem = { 0 };
	struct oro_ticket t;
	const char *why = NULL;

	tap_int(read_text(&t, &mem, text, &why), TOKEN_MALFORMED, "bad: %.60s",
	    text);
	tap_ok(why != NULL && strstr(why, reason) != NULL, "since %s", reason);
	buf_clear(&mem);
}

static void
test_read(void)
{
	static char much[TOKEN_MAX + 2];
	char text[512], more[516], *pad;

	good(wrapped(DIGEST ";;" NONCE ";" CREATED), "");
	good(wrapped(DIGEST ";admin;" NONCE ";" CREATED), "admin");
	good(wrapped(DIGEST ";admin;" NONCE ";" CREATED ";more;x"), "admin");
	good(wrapped(DIGEST ";J\xc3\xbcrgen M\xc3\xbcller;" NONCE ";" CREATED),
	    "J\xc3\xbcrgen M\xc3\xbcller");
	/* Without padding, with line ends, in the other alphabet. */
	(void)snprintf(text, sizeof(text) - 2, "%s",
	    wrapped(DIGEST ";a>?~b;" NONCE ";" CREATED));
	good(text, "a>?~b");
	while ((pad = strchr(text, '=')) != NULL)
		*pad = '\0';
	good(text, "a>?~b");
	while ((pad = strchr(text, '+')) != NULL)
		*pad = ' ';
	good(text, "a>?~b");
	while ((pad = strpbrk(text, " ")) != NULL)
		*pad = '-';
	while ((pad = strchr(text, '/')) != NULL)
		*pad = '_';
	good(text, "a>?~b");
	(void)snprintf(more, sizeof(more), "%s\r\n", text);
	good(more, "a>?~b");

	bad("", "fewer");
	bad("=", "fewer");
	bad("%%%%", "fewer");
	bad(wrapped(DIGEST), "fewer");
	bad(wrapped(DIGEST ";admin;" NONCE), "fewer");
	bad(wrapped(";;;"), "digest");
	bad(wrapped("x" DIGEST ";admin;" NONCE ";" CREATED), "digest");
	bad(wrapped(DIGEST ";ad;min;" NONCE ";" CREATED), "time");
	bad(wrapped(DIGEST ";admin;" NONCE ";"), "time");
	bad(wrapped(DIGEST ";admin;" NONCE ";yesterday"), "time");
	bad(wrapped(DIGEST ";admin;" NONCE ";2024-02-30T03:04:05+00:00"),
	    "time");
	bad(wrapped(DIGEST ";\xff;" NONCE ";" CREATED), "not text");
	bad(wrapped(DIGEST ";a\nb;" NONCE ";" CREATED), "not text");
	bad(wrapped(DIGEST ";a;" NONCE NONCE NONCE NONCE "x;" CREATED),
	    "nonce");
	bad("5a1b2c3d;admin;bm9uY2U=;" CREATED, "Oro 2.6");
	memset(much, 'A', TOKEN_MAX + 1);
	bad(much, "long");
}

/* ---- times ---- */

static void
created(const char *text, int64_t want)
{
	char whole[256];
	struct buf mem = { 0 };
	struct oro_ticket t;
	const char *why = NULL;

	(void)snprintf(whole, sizeof(whole), DIGEST ";a;" NONCE ";%s", text);
	tap_int(read_text(&t, &mem, wrapped(whole), &why), want == -1 ?
	    TOKEN_MALFORMED : TOKEN_OK, "%s", text);
	if (want != -1)
		tap_int(t.when, want, "when that is");
	buf_clear(&mem);
}

static void
valid(int64_t age, enum token_verdict want)
{
	const struct oro_ticket t = { .when = SECONDS };

	tap_int(oro_ticket_check(&t, SECONDS + age, 300, 30), want,
	    "%lld s old", (long long)age);
}

static void
test_times(void)
{
	created("2024-01-02T04:04:05+01:00", SECONDS);
	created("2024-01-01T20:04:05-0700", SECONDS);
	created("2024-01-02T03:04:05Z", SECONDS);
	created("2024-01-02 03:04:05.999Z", SECONDS);
	created("2024-01-02T03:04:05", SECONDS);
	created("2024-01-02T03:04Z", SECONDS - 5);
	created("1969-12-31T23:59:59Z", -1);
	created("2024-13-02T03:04:05Z", -1);
	created("2024-01-02T24:04:05Z", -1);
	created("2024-01-02T03:04:05+15:00", -1);
	created("2024-01-02T03:04:05Zjunk", -1);
	created("2024-01-02T03:04:05.00000000000000000000000000000", -1);
	created("1704164645", -1);

	valid(0, TOKEN_OK);
	valid(300, TOKEN_OK);
	valid(301, TOKEN_EXPIRED);
	valid(-30, TOKEN_OK);
	valid(-31, TOKEN_EARLY);
	valid(INT32_MAX, TOKEN_EXPIRED);
}

/* ---- making ---- */

static void
test_make(void)
{
	unsigned calls = 0;
	const struct oro_hash hash = { sha512, &calls };
	struct buf text = { 0 }, mem = { 0 };
	struct oro_ticket t;
	const char *why = NULL;

	tap_int(oro_ticket_make(&text, SLICE(""), slice_str(NONCE),
	    slice_str(CREATED), slice_str(SECRET), slice_str(SECRET), &hash),
	    0, "an anonymous ticket");
	tap_slice(buf_slice(&text), wrapped(DIGEST ";;" NONCE ";" CREATED),
	    "is the one of Oro");
	buf_reset(&text);
	tap_int(oro_ticket_make(&text, SLICE("bob"), SLICE("n"),
	    slice_str(CREATED), SLICE("hash"), SLICE("s"), &hash), 0,
	    "one of a user");
	tap_int(oro_ticket_read(&t, buf_slice(&text), &mem, &why), TOKEN_OK,
	    "can be read");
	tap_slice(t.user, "bob", "and names him");
	buf_clear(&text);
	buf_clear(&mem);
}

int
main(void)
{
	test_digest();
	test_secret();
	test_read();
	test_times();
	test_make();
	return tap_done();
}
