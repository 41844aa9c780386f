/*
 * jq_state.h: the structs of the pool of processes for jq programs.
 *
 * The files of the pool share them; jq_pool.h tells how these work together.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/err.h"
#include "proto/jq_worker.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"
#include "wampd/core/loop.h"

#define JQ_SLOT_HELD	20	/* ms without an answer: the other jobs of the
				 * slot go elsewhere */
#define JQ_GROWTH	16	/* times limits.message: the output of a run */

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
	uint32_t	 seq;		/* number of its run */
	uint32_t	 version;	/* of the session's attributes that it
					 * has seen */
	bool		 follows;	/* it sees the notes of the jobs before
					 * it in its group */
	uint8_t		 stale;		/* how often it was asked again because
					 * these had changed */
};

TAILQ_HEAD(jq_job_list, jq_job);

/* What one run yields, gathered until it is complete. */
struct jq_result {
	struct buf answers;	/* written by the handler, like notes */
	struct buf notes;
	unsigned   values;
	bool	   yes;
	struct errbuf why;	/* why it is invalid; or "" */
};

/* ---- lanes ---- */

struct jq_lane {
	struct ledger_part part;	/* of session->ledger; must be first */
	TAILQ_ENTRY(jq_lane) link;	/* slot->ready */
	TAILQ_ENTRY(jq_lane) all_link;	/* pool->lanes */
	TAILQ_ENTRY(jq_lane) paused_link; /* pool->paused */
	struct jq_pool	*pool;		/* borrowed */
	struct session	*session;	/* NULL: gone, or there is none */
	struct jq_slot	*slot;		/* NULL if there is no work */
	struct jq_job_list waiting;
	struct jq_job	*back;		/* in waiting: the last of the jobs in
					 * front that were put back */
	size_t		 nwaiting;
	size_t		 nsent;
	size_t		 bytes;		/* of all its requests */
	uint32_t	 cost;		/* us of a run, about; 0: unknown */
	bool		 ready;		/* on slot->ready */
	/* If its requests note something, they are asked in groups.  A job
	 * sees the notes of the jobs before it in its group. */
	bool		 notes;
	bool		 closed;	/* until the group is decided */
	bool		 broken;	/* the rest of the group has seen wrong
					 * notes */
	uint32_t	 version;	/* of the attributes that its requests
					 * have left */
	bool		 paused;	/* on pool->paused */
	struct buf	 who;		/* of a session that has left */
	struct buf	 attributes;	/* of a session that has left */
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
	struct jq_lane_list ready;	/* may be asked; they take turns */
	size_t		   nlanes;	/* that belong to it */
	struct jq_seen	  *seen;	/* owned; of each program */
	struct jq_result   result;	/* of the oldest job, so far */
	int64_t		   started;	/* ms */
	int64_t		   heard;	/* ms; the last answer, or the first job
					 * after it was idle */
	uint32_t	   recalled;	/* seq of the last recalled run; or 0 */
	int64_t		   cpu;		/* us; used by the worker at the last
					 * look */
	int64_t		   start_at;	/* ms; not started before that */
	int64_t		   delay;	/* ms; before the last start, or 0 */
	unsigned	   failures;	/* failed starts in a row */
	bool		   writing;	/* it has not taken all input yet */
	bool		   stopping;	/* it is being killed */
	bool		   is_slow;	/* for slow lanes */
};

/* The input of the last run of a program in a worker: parts that are the same
 * in the next run are not sent again. */
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
	/* Add the run to the worker's input.  0, or -1 when out of memory. */
	int	(*ask)(struct jq_job *job, struct jq_worker *w,
		    struct jq_seen *seen);
	/* Keep a value that the run has yielded. */
	void	(*value)(const struct jq_job *job, struct jq_result *result,
		    const struct jq_answer *a);
	/* Decide and end the request: the run is complete.  failure is why the
	 * program failed, or NULL. */
	void	(*done)(struct jq_job *job, struct jq_result *result,
		    const char *failure);
	/* Refuse and end the request: the worker with that pid has ended over
	 * it, as `how` says.  pid is 0 if it was never sent; how is NULL if the
	 * broker stops. */
	void	(*lost)(struct jq_job *job, const char *how, long pid);
	/* Whether the job has seen attributes that have changed since. */
	bool	(*is_stale)(struct jq_job *job);
};

struct jq_pool {
	struct broker	  *broker;	/* borrowed */
	const struct jq_pool_ops *ops;	/* static */
	struct jq_slot	  *slots;	/* owned; n of them */
	size_t		   n;
	struct jq_worker  *compiler;	/* owned; compiles at the start, then
					 * serves a slot; or NULL */
	uint32_t	   compiled;	/* that many programs are older than
					 * the compiler, which has the rest */
	struct jq_text_of {
		char	   *text;	/* owned; NULL: dropped */
		int64_t	    limit;	/* ms */
		uint32_t    cost;	/* us of a run, about; 0: unknown */
		uint32_t    uses;	/* handlers, of all generations */
	} *programs;			/* owned; by id - 1 */
	uint32_t	   nprograms;
	struct jq_lane	  *nobody;	/* owned; requests without a session */
	struct jq_lane_list lanes;	/* all */
	struct jq_lane_list paused;
	size_t		   bytes;	/* of all requests */
	size_t		   njobs;
	uint32_t	   seq;
};
