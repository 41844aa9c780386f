/*
 * jq_pool.h: the processes in which handlers' jq programs run.
 *
 * Requests wait in lanes, one for each session, and are decided in the order
 * in which they came.  A lane with work belongs to one process, a slot of the
 * pool; the lanes of a slot take turns.  Requests and answers go in batches.
 *
 * A process that is lost costs the request that it was lost over; the others
 * are asked again.  What a lane's requests take is measured: slow ones, and
 * those that cost processes their lives, share the last slot, so that they
 * hold up only each other.  What waits behind one that turns out to be slow is
 * recalled, and asked elsewhere.
 *
 * The files, each of which calls only those above it:
 *
 *	jq_state.h	what all of them work on
 *	jq_slot.c	one process, and what it was sent
 *	jq_lane.c	who waits, who is next, who is held up
 *	jq_hear.c	what a process answers
 *	jq_end.c	its end, and what that costs
 *	jq_ask.c	started and asked
 *	jq_watch.c	what takes too long
 *	jq_pool.c	all of it
 *	jq_outcome.c	what comes of what programs yield
 *	jq.c		what they are asked: the handler type
 */
#pragma once

#include <stdint.h>

#include "wampd/handlers/jq_state.h"

/* NULL when out of memory. */
struct jq_pool *jq_pool_new(struct broker *b, const struct jq_pool_ops *ops);
/* The loop ends: end all workers, and wait for nothing any more.  All sessions
 * are gone. */
void	jq_pool_close(struct jq_pool *p);
void	jq_pool_free(struct jq_pool *p);

/* Compile a program, which stays the caller's, and wait for that: only at the
 * start.  Its id, or 0 with *e and *at filled. */
uint32_t jq_pool_add_program(struct jq_pool *p, const char *text,
	    int64_t limit, struct jq_answer *at, struct errbuf *e);

/* Whether there is room for a request of so many bytes.  *e says if not. */
bool	jq_pool_has_room(const struct jq_pool *p, size_t bytes,
	    struct errbuf *e);

/* Decide this request (NULL: there was no memory for one) by that program. */
enum verdict jq_pool_ask(struct jq_pool *p, struct request *r,
	    uint32_t program, struct errbuf *e);

/* Send what has gathered: at the end of every turn. */
void	jq_pool_flush(struct jq_pool *p);

/* Do what is due at broker->now; in how many ms the next thing is, or -1. */
int64_t	jq_pool_tick(struct jq_pool *p);
