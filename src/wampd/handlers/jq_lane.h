/*
 * jq_lane.h: the requests of a session for jq programs: in their order, as many
 * at a time as they are quick, and where they are asked.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "wampd/handlers/jq_state.h"

/* The session's (NULL: nobody's), made when there is none.  NULL when out of
 * memory. */
struct jq_lane *jq_lane_obtain(struct jq_pool *p, struct session *s);
void	jq_lane_free(struct jq_lane *l);

/* Let it be asked if it may, and free it if nobody needs it any more. */
void	jq_lane_update(struct jq_lane *l);

/* A lane of which nothing was asked yet: is there a better slot for it? */
void	jq_lane_move(struct jq_lane *l);

/* ---- its jobs ---- */

/* Put a job behind all others. */
void	jq_lane_add(struct jq_lane *l, struct jq_job *job);

/* The next job is to be asked now; it leaves the lane's list. */
struct jq_job *jq_lane_take(struct jq_lane *l);

/* No more is asked until all that was is decided, if it notes. */
void	jq_lane_close(struct jq_lane *l);

/* One that was asked is asked no more. */
void	jq_lane_done(struct jq_lane *l);

/* A job that was asked must be asked again. */
void	jq_lane_put_back(struct jq_lane *l, struct jq_job *job);

/* The same of all that the slot was sent, from `first` on (NULL: none). */
void	jq_lane_take_back(struct jq_slot *s, struct jq_job *first);

/* An answer to that job took so long. */
void	jq_lane_charge(struct jq_job *job, uint32_t us);

/* A job is being decided: it counts no more.  It has been: free it, and
 * perhaps its lane. */
void	jq_lane_settle(struct jq_job *job);
void	jq_lane_free_job(struct jq_job *job);

/* It is not decided: how and pid are as jq_pool_ops has them.  It is freed, and
 * its lane may be. */
void	jq_lane_lose(struct jq_job *job, const char *how, long pid);

/* ---- slow receivers ---- */

/* The handler must not go on with the job now: a receiver is slow. */
bool	jq_lane_is_choked(struct jq_lane *l, const struct jq_job *job);

/* It was held up by a slow receiver: let it go on if it is so no longer. */
void	jq_lane_release(struct jq_lane *l);
