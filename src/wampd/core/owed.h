/*
 * owed.h: an answer to a call that takes several turns to make.
 *
 * The code that makes it embeds this.  A peer that sends nothing more stays
 * connected until it has got the answers that it is owed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/pause.h"
#include "wampd/core/reply.h"

struct failure;
struct session;

struct owed {
	TAILQ_ENTRY(owed) link;		/* caller->ledger->owed */
	struct session *caller;		/* NULL: nothing is owed */
	struct buf	call_id;	/* owned; JSON */
	struct pause	pause;		/* of the caller */
	/* The session ends: call owed_end(), and send no answer. */
	void	(*forget)(struct owed *o);
};

TAILQ_HEAD(owed_list, owed);

/* Owe that caller an answer; o->forget is set.  wait: nothing is read from it
 * until then.  0, or -1 when out of memory; then nothing is owed. */
int	owed_begin(struct owed *o, const struct reply_to *to, bool wait);

/* The caller has got its answer, or leaves.  A session whose peer sends nothing
 * more may end now.  Nothing happens if it is not owed. */
void	owed_end(struct owed *o);

/* Answer, and end it. */
void	owed_result(struct owed *o, struct slice result);
void	owed_failure(struct owed *o, const struct failure *f);

/* Where the answer goes; borrowed from o. */
static inline struct reply_to
owed_to(const struct owed *o)
{
	return (struct reply_to){ .session = o->caller,
	    .id = buf_slice(&o->call_id) };
}

/* The structure of that type in which o is `member`. */
#define OWED_IN(o, type, member)					\
	((type *)(void *)((char *)(o) - offsetof(type, member)))
