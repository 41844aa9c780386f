/*
 * oro_sodium.c: what libsodium does for Oro's tickets.
 *
 * It is not in oro_ticket.c, because some programs load the library only when
 * they need it.
 */
#include "token/oro_sodium.h"

#include <sodium.h>
#include <time.h>

static int
sha512(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	(void)arg;
	return crypto_hash_sha512(out, p, len);
}

const struct oro_hash oro_hash_sodium = { sha512, NULL };

void
oro_stamp_fill(struct oro_stamp *s, int64_t now)
{
	unsigned char random[ORO_STAMP_NONCE / 2];
	time_t t = (time_t)now;
	struct tm tm;

	randombytes_buf(random, sizeof(random));
	(void)sodium_bin2hex(s->nonce, sizeof(s->nonce), random,
	    sizeof(random));
	(void)strftime(s->created, sizeof(s->created),
	    "%Y-%m-%dT%H:%M:%S+00:00", gmtime_r(&t, &tm));
}
