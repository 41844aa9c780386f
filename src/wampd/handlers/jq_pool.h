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
 *	jq_pool.c	all of it
 *	jq_lane.c	who waits, who is next, who is held up
 *	jq_slot.c	one process: started, asked, heard
 *	jq_slot_end.c	its end, and what takes too long
 *	handlers/jq*.c	what is asked, and what the answers do
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/err.h"
#include "proto/jq_worker.h"
#include "wampd/core/extra.h"
#include "wampd/core/handler.h"
#include "wampd/core/hold.h"
#include "wampd/core/loop.h"

#define JQ_SLOT_HELD	20	/* ms without an answer: the others of a slot
				 * go elsewhere */
#define JQ_GROWTH	16	/* times limits.message: what comes of one */

struct broker;
struct jq_pool;
struct jq_slot;
struct request;
struct session;

/* ---- jobs ---- */

struct jq_job {
	TAILQ_ENTRY(jq_job) link;	/* lane->waiting or slot->sent */
	struct jq_lane	*lane;		/* borrowed */
	struct request	*request;	/* owned; ended by the handler */
	uint32_t	 program;	/* id, from 1 */
	uint32_t	 seq;		/* of its run */
	uint32_t	 version;	/* of the session's attributes that it
					 * has seen */
	bool		 follows;	/* it sees what those before it in its
					 * group note */
	uint8_t		 stale;		/* how often it was */
};

TAILQ_HEAD(jq_job_list, jq_job);

/* What one run yields, gathered until it is complete. */
struct jq_result {
	struct buf answers;	/* the handler's, as the next one */
	struct buf notes;
	unsigned   values;
	bool	   yes;
	struct errbuf why;	/* why it is no good; or "" */
};

/* ---- lanes ---- */

struct jq_lane {
	struct extra_part part;		/* session->extra's; comes first */
	TAILQ_ENTRY(jq_lane) link;	/* slot->ready */
	TAILQ_ENTRY(jq_lane) all_link;	/* pool->lanes */
	TAILQ_ENTRY(jq_lane) choked_link; /* pool->choked */
	struct jq_pool	*pool;		/* borrowed */
	struct session	*session;	/* NULL: it has left, or never was */
	struct jq_slot	*slot;		/* while there is work; or NULL */
	struct jq_job_list waiting;
	struct jq_job	*back;		/* the last of those at the front of
					 * waiting that were taken back */
	size_t		 nwaiting;
	size_t		 nsent;
	size_t		 bytes;		/* of all its requests */
	uint32_t	 cost;		/* us of a run, about; 0: unknown */
	bool		 ready;		/* on slot->ready */
	/* If its requests note something, they are asked in groups, of which
	 * each sees what those before it note. */
	bool		 notes;
	bool		 closed;	/* until the group is decided */
	bool		 broken;	/* its rest has seen what is not so */
	uint32_t	 version;	/* of the attributes, as its requests
					 * have left them */
	bool		 choked;	/* on pool->choked */
	struct hold	 hold;		/* its session waits here */
	struct buf	 who;		/* of a session that has left */
	struct buf	 attributes;	/* the same */
};

TAILQ_HEAD(jq_lane_list, jq_lane);

/* ---- slots ---- */

struct jq_seen;

struct jq_slot {
	struct jq_pool	  *pool;	/* borrowed */
	struct jq_worker  *worker;	/* owned; NULL: it does not run */
	struct loop_watch *watch;
	struct jq_job_list sent;	/* oldest first: its answer is next */
	size_t		   nsent;
	size_t		   bytes;	/* of what was sent */
	struct jq_lane_list ready;	/* may be asked, in turns */
	size_t		   nlanes;	/* that belong to it */
	struct jq_seen	  *seen;	/* owned; of each program */
	struct jq_result   result;	/* of the oldest, as far as it came */
	int64_t		   started;	/* ms */
	int64_t		   heard;	/* ms; an answer, or work after none */
	uint32_t	   recalled;	/* the last run that was; or 0 */
	int64_t		   cpu;		/* us; of the worker, when it was last
					 * looked at */
	int64_t		   start_at;	/* ms; it is not started before */
	int64_t		   delay;	/* ms; before the last start, or 0 */
	unsigned	   failures;	/* starts that came to nothing */
	bool		   writing;	/* it did not take all that is sent */
	bool		   stopping;	/* it is being killed */
	bool		   is_slow;	/* for slow lanes */
};

/* What a program in a worker was asked last: what is the same again need not
 * be sent. */
struct jq_seen {
	bool	   compiled;
	bool	   valid;
	char	   session[SESSION_ID_SIZE];
	uint32_t   version;
	struct buf topic;
};

/* ---- the pool ---- */

/* What the handler does with jobs. */
struct jq_pool_ops {
	/* Add the run to the worker.  0 or -1 when out of memory. */
	int	(*ask)(struct jq_job *job, struct jq_worker *w,
		    struct jq_seen *seen);
	/* A value that it yields. */
	void	(*value)(const struct jq_job *job, struct jq_result *result,
		    const struct jq_answer *a);
	/* There are no more.  failure: the program's own, or NULL.  Ends the
	 * request. */
	void	(*done)(struct jq_job *job, struct jq_result *result,
		    const char *failure);
	/* It has cost that worker its life (pid 0: it was not asked), in
	 * these words (NULL: the broker stops).  Ends the request. */
	void	(*lost)(struct jq_job *job, const char *how, long pid);
	/* Whether it has seen what is no longer so. */
	bool	(*is_stale)(struct jq_job *job);
};

struct jq_pool {
	struct broker	  *broker;	/* borrowed */
	const struct jq_pool_ops *ops;	/* static */
	struct jq_slot	  *slots;	/* owned; n of them */
	size_t		   n;
	struct jq_worker  *compiler;	/* owned; compiles at the start, then
					 * serves a slot; or NULL */
	struct jq_text_of {
		const char *text;	/* borrowed */
		int64_t	    limit;	/* ms */
		uint32_t    cost;	/* us of a run, about; 0: unknown */
	} *programs;			/* owned; by id - 1 */
	uint32_t	   nprograms;
	struct jq_lane	  *nobody;	/* owned; for what no session asks */
	struct jq_lane_list lanes;	/* all */
	struct jq_lane_list choked;
	size_t		   bytes;	/* of all requests */
	size_t		   njobs;
	uint32_t	   seq;
};

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

/* ---- between jq_pool.c, jq_lane.c and jq_slot*.c ---- */

/* The session's (NULL: nobody's), made when there is none.  NULL when out of
 * memory. */
struct jq_lane *jq_lane_obtain(struct jq_pool *p, struct session *s);
void	jq_lane_free(struct jq_lane *l);
/* Put a job behind all others. */
void	jq_lane_add(struct jq_lane *l, struct jq_job *job);
/* It was held up by a slow receiver: let it go on if it is so no longer. */
void	jq_lane_release(struct jq_lane *l);

void	jq_slot_init(struct jq_slot *s, struct jq_pool *p);
void	jq_slot_clear(struct jq_slot *s);
/* Ask as much as it takes. */
void	jq_slot_pump(struct jq_slot *s);
void	jq_slot_flush(struct jq_slot *s);
int64_t	jq_slot_tick(struct jq_slot *s);

/* What jq_slot_end.c needs of jq_slot.c. */
int64_t	jq_slot_now(const struct jq_slot *s);
size_t	jq_slot_index(const struct jq_slot *s);
int	jq_slot_hear(struct jq_slot *s);
void	jq_slot_reset_result(struct jq_slot *s);
void	jq_slot_close(struct jq_slot *s);
void	jq_slot_delay(struct jq_slot *s);
void	jq_slot_failed(struct jq_slot *s, const char *why);
/* Its worker has nothing to do with the job any more. */
void	jq_slot_unsend(struct jq_slot *s, struct jq_job *job);
/* The job is not decided: how and pid are as jq_pool_ops has them.  It is
 * freed, and its lane may be. */
void	jq_slot_lose(struct jq_slot *s, struct jq_job *job, const char *how,
	    long pid);
/* The process is gone. */
void	jq_slot_lost(struct jq_slot *s);

/* The next job of a lane is to be asked now; it leaves the lane's list. */
struct jq_job *jq_lane_take(struct jq_lane *l);
/* No more of it is asked until all that was is decided, if it notes. */
void	jq_lane_close(struct jq_lane *l);
/* One that was asked is asked no more. */
void	jq_lane_done(struct jq_lane *l);
/* A job that was asked must be asked again. */
void	jq_lane_put_back(struct jq_lane *l, struct jq_job *job);
/* Who is there and may be asked. */
void	jq_lane_update(struct jq_lane *l);
/* The handler must not go on with it now: a receiver is slow. */
bool	jq_lane_is_choked(struct jq_lane *l, const struct jq_job *job);
/* A job is being decided: it counts no more.  It has been: free it. */
void	jq_job_settle(struct jq_job *job);
void	jq_job_free(struct jq_job *job);
/* A new worker.  NULL with *e filled. */
struct jq_worker *jq_pool_start(const struct jq_pool *p, bool slow,
	    struct errbuf *e);
/* An answer took so long. */
void	jq_job_charge(struct jq_job *job, uint32_t us);
/* A lane of which nothing was asked yet: is there a better slot for it? */
void	jq_lane_move(struct jq_lane *l);
/* What its worker does takes long. */
bool	jq_slot_is_held(const struct jq_slot *s);
