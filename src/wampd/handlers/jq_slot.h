/*
 * jq_slot.h: one process of the pool, and what it was sent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wampd/handlers/jq_state.h"

void	jq_slot_init(struct jq_slot *s, struct jq_pool *p);

/* Its number, for the log. */
size_t	jq_slot_index(const struct jq_slot *s);

/* broker->now */
int64_t	jq_slot_now(const struct jq_slot *s);

/* ---- the worker ---- */

/* Start one, which is for no slot yet.  NULL with *e filled. */
struct jq_worker *jq_slot_new_worker(const struct jq_pool *p, bool slow,
	    struct errbuf *e);

/* End it, if it runs; what it was sent stays on the list. */
void	jq_slot_close(struct jq_slot *s);

/* The same, and free all that the slot has. */
void	jq_slot_clear(struct jq_slot *s);

/* Forget what has come of the oldest job. */
void	jq_slot_reset_result(struct jq_slot *s);

/* ---- what it was sent ---- */

/* What its worker does takes long. */
bool	jq_slot_is_held(const struct jq_slot *s);

/* It is to get no more now. */
bool	jq_slot_is_full(const struct jq_slot *s);

/* Its worker was sent a job; has nothing to do with it any more. */
void	jq_slot_add(struct jq_slot *s, struct jq_job *job);
void	jq_slot_remove(struct jq_slot *s, struct jq_job *job);

/* ---- which one ---- */

/* The best one for a lane that has work; slow: for one that takes long. */
struct jq_slot *jq_slot_pick(struct jq_pool *p, bool slow);
