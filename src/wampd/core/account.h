/*
 * account.h: the memory that each session causes, beside its queue.
 *
 * A session is charged for what it makes the broker keep: prefixes,
 * subscriptions, topics that nobody else has, attributes and reasons of
 * refusals.  limits.memory_session bounds the account of one session, and
 * limits.memory those of all.  A message that is coming in is not on the
 * account, because limits.message bounds it.
 *
 * A session that asks for too much is refused, or is not read from.  What
 * others cause is charged without asking: the topic of a session that leaves,
 * for example, belongs to the next subscriber.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct session;

/* Whether s may cause n more bytes.  Returns 0; or -1 with *e filled, and
 * counts that. */
int	account_check(const struct session *s, size_t n, struct errbuf *e);

/* Charge s for n bytes, or give them back.  The n of both must be the same. */
void	account_charge(struct session *s, size_t n);
void	account_refund(struct session *s, size_t n);

/* The bytes on the account of s, and how many more there may be. */
size_t	account_of(const struct session *s);
size_t	account_room(const struct session *s);

/* The session is open: its account counts in limits.memory.  Its account does
 * not count any more. */
void	account_open(struct session *s);
void	account_close(struct session *s);
