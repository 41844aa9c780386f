/*
 * jq_pool.h: the processes that run the jq programs of handlers.
 *
 * Requests wait in lanes, one for each session, and are decided in the order
 * in which they came.  The pool has a slot for each process.  A lane with work
 * belongs to one slot; the lanes of a slot take turns.  Requests and answers go
 * in batches.
 *
 * If a process ends over a request, that request is refused, and the others are
 * sent again.  The time of each run is measured.  Slow lanes, and those that
 * made a process end, share the last slot, so that they delay only each other.
 * If a request turns out to be slow, the ones behind it are recalled and sent
 * elsewhere.
 *
 * The files, each of which calls only those above it:
 *
 *	jq_state.h	the structs of the pool
 *	jq_slot.c	a process, and the jobs that it was sent
 *	jq_lane.c	the waiting requests of a session
 *	jq_hear.c	the answers of a process
 *	jq_end.c	the end of a process
 *	jq_ask.c	starting a process, and sending it requests
 *	jq_watch.c	processes that take too long
 *	jq_pool.c	the pool
 *	jq_check.c	compiling programs before a reload
 *	jq_outcome.c	what programs yield, and its effects
 *	jq.c		the handler type
 */
#pragma once

#include <stdint.h>

#include "wampd/handlers/jq_state.h"

/* NULL when out of memory. */
struct jq_pool *jq_pool_new(struct broker *b, const struct jq_pool_ops *ops);
/* End all workers and refuse their requests, because the loop ends.  All
 * sessions are gone. */
void	jq_pool_close(struct jq_pool *p);
void	jq_pool_free(struct jq_pool *p);

/* Compile a program, unless a handler has the same already; the pool keeps a
 * copy.  It blocks, so it is for the start and for a new generation.  The id of
 * the program, or 0 with *e and *at filled. */
uint32_t jq_pool_add_program(struct jq_pool *p, const char *text,
	    int64_t limit, struct jq_answer *at, struct errbuf *e);

/* Whether a handler has that program already. */
bool	jq_pool_has_program(const struct jq_pool *p, const char *text,
	    int64_t limit);

/* As jq_pool_add_program(), for a program that another worker has compiled, so
 * it does not block.  0: out of memory. */
uint32_t jq_pool_know_program(struct jq_pool *p, const char *text,
	    int64_t limit);

/* A handler, and its requests, need it no more. */
void	jq_pool_drop_program(struct jq_pool *p, uint32_t id);

/* Whether there is room for a request of that size; *e is filled if not. */
bool	jq_pool_has_room(const struct jq_pool *p, size_t bytes,
	    struct errbuf *e);

/* Decide this request by that program.  r is NULL if there was no memory for
 * it. */
enum verdict jq_pool_ask(struct jq_pool *p, struct request *r,
	    uint32_t program, struct errbuf *e);

/* Send the buffered requests, at the end of every turn. */
void	jq_pool_flush(struct jq_pool *p);

/* Do what is due at broker->now.  In how many ms the next thing is due, or
 * -1. */
int64_t	jq_pool_tick(struct jq_pool *p);
