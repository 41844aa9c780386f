/*
 * jq_state.h: what the pool of processes for jq programs consists of.
 *
 * The files of the pool share this; jq_pool.h tells how they work together.
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
