/*
 * oro_sodium.h: what libsodium does for Oro's tickets.
 */
#pragma once

#include <stdint.h>

#include "token/oro_ticket.h"

#define ORO_STAMP_NONCE	16	/* characters, as in Oro's own */

/* What makes a new ticket different from the others; NUL-terminated. */
struct oro_stamp {
	char nonce[ORO_STAMP_NONCE + 1];
	char created[32];
};

/* Its SHA-512. */
extern const struct oro_hash oro_hash_sodium;

/* Fill *s for a ticket that is made now, which is in seconds since 1970. */
void	oro_stamp_fill(struct oro_stamp *s, int64_t now);
