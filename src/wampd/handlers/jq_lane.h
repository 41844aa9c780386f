/*
 * jq_lane.h: the requests of a session for jq programs.
 *
 * A lane keeps them in their order, and decides how many of them are sent at a
 * time and to which slot.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wampd/handlers/jq_state.h"

/* The lane of a session, or of requests without a session if s is NULL.  It is
 * made if there is none.  NULL when out of memory. */
struct jq_lane *jq_lane_obtain(struct jq_pool *p, struct session *s);
void	jq_lane_free(struct jq_lane *l);

/* Put the lane on its slot's list if it may be asked; free it if it is not used
 * any more. */
void	jq_lane_update(struct jq_lane *l);

/* Move a lane that has sent nothing yet to a better slot, if there is one. */
void	jq_lane_move(struct jq_lane *l);

/* ---- its jobs ---- */

/* Put a job behind all others. */
void	jq_lane_add(struct jq_lane *l, struct jq_job *job);

/* Take the next job off the list, to be sent. */
struct jq_job *jq_lane_take(struct jq_lane *l);

/* If the lane notes something, end the group: nothing is sent before all jobs
 * that were sent are decided. */
void	jq_lane_close(struct jq_lane *l);

/* A job that was sent is no longer with the worker. */
void	jq_lane_done(struct jq_lane *l);

/* Put a job back that must be sent again. */
void	jq_lane_put_back(struct jq_lane *l, struct jq_job *job);

/* Put all jobs back that the slot was sent, from `first` on (NULL: none). */
void	jq_lane_take_back(struct jq_slot *s, struct jq_job *first);

/* Note that the run of this job took so long. */
void	jq_lane_charge(struct jq_job *job, uint32_t us);

/* Before a job is decided: it counts no longer.  Afterwards: free it, and
 * perhaps its lane. */
void	jq_lane_settle(struct jq_job *job);
void	jq_lane_free_job(struct jq_job *job);

/* Refuse a job as jq_pool_ops.lost() does, and free it, and perhaps its
 * lane. */
void	jq_lane_lose(struct jq_job *job, const char *how, long pid);

/* ---- slow receivers ---- */

/* Whether the job must wait because a receiver is slow. */
bool	jq_lane_is_paused(struct jq_lane *l, const struct jq_job *job);

/* Let a lane go on that waited for a slow receiver, if that has caught up. */
void	jq_lane_release(struct jq_lane *l);
