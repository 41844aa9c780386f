/*
 * jq_slot.h: a process of the pool, and the jobs that it was sent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/handlers/jq_state.h"

void	jq_slot_init(struct jq_slot *s, struct jq_pool *p);

/* The number of the slot, for the log. */
size_t	jq_slot_index(const struct jq_slot *s);

/* broker->now */
int64_t	jq_slot_now(const struct jq_slot *s);

/* ---- the worker ---- */

/* Start a worker that belongs to no slot yet.  NULL with *e filled. */
struct jq_worker *jq_slot_new_worker(const struct jq_pool *p, bool slow,
	    struct errbuf *e);

/* End the worker, if it runs.  Its jobs stay on the list. */
void	jq_slot_close(struct jq_slot *s);

/* Its worker may be asked for one program more, the n-th.  0, or -1 when out of
 * memory. */
int	jq_slot_grow(struct jq_slot *s, size_t n);

/* End the worker and free what the slot owns. */
void	jq_slot_clear(struct jq_slot *s);

/* Forget what the run of the oldest job has yielded. */
void	jq_slot_reset_result(struct jq_slot *s);

/* ---- its jobs ---- */

/* Whether its worker has not answered for JQ_SLOT_HELD ms. */
bool	jq_slot_is_held(const struct jq_slot *s);

/* Whether it must not be sent another job now. */
bool	jq_slot_is_full(const struct jq_slot *s);

/* Note that the worker was sent a job; forget the job. */
void	jq_slot_add(struct jq_slot *s, struct jq_job *job);
void	jq_slot_remove(struct jq_slot *s, struct jq_job *job);

/* ---- which one ---- */

/* The best slot for a lane that has work.  slow: the lane is a slow one. */
struct jq_slot *jq_slot_pick(struct jq_pool *p, bool slow);
