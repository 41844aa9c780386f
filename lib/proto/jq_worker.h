/*
 * jq_worker.h: a process that runs jq programs for us.
 *
 * A program may run for ever, use any amount of memory or crash.  Only its run
 * is lost then, and the worker.  Requests and answers go in batches: add all
 * requests, then send; receive, then take the answers, which have the order of
 * the requests.  Nothing here blocks unless its comment says so.
 *
 * The worker gets none of our descriptors, ends when we end, and gets no
 * signals of a terminal or a service manager.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/jq_wire.h"
#include "proto/json.h"

struct jq_worker;

struct jq_worker_options {
	uint64_t memory;	/* bytes that it may have; 0: any */
	size_t	 answer_max;	/* bytes of a frame from it */
	bool	 bare;		/* no environment, no files, no stderr: for
				 * programs with input from others */
	bool	 nice;		/* with low priority */
	/* Starts a bare one as a child of this process, for one that cannot do
	 * that itself: has it call jq_spawn_become().  0 or an errno.  NULL: it
	 * is started here. */
	int	(*spawn)(void *arg, pid_t *pid, int socket, int page);
	void	*spawn_arg;
};

/* NULL with *e filled. */
struct jq_worker *jq_worker_start(const struct jq_worker_options *o,
	    struct errbuf *e);

/* Kill it, unless jq_worker_end() has seen it end, and wait for that. */
void	jq_worker_free(struct jq_worker *w);

/* The descriptor to poll for input, and for output while anything is unsent. */
int	jq_worker_fd(const struct jq_worker *w);

long	jq_worker_pid(const struct jq_worker *w);

/* The processor time of the worker, in us. */
int64_t	jq_worker_cpu(const struct jq_worker *w);

/* ---- requests: 0, or -1 when out of memory (nothing was added) ---- */

/* Add a program with that id (from 1), and a limit on the processor time of
 * each run. */
int	jq_worker_add_program(struct jq_worker *w, uint32_t id,
	    struct slice text, int64_t limit_ms);

struct jq_part {
	enum jq_name name;
	struct slice text;	/* JSON */
	bool	     same;	/* the same as in the last run of the program;
				 * not for the last part */
};

/* Add a run: on one JQ_WHOLE part, or on an object of these parts. */
int	jq_worker_add_run(struct jq_worker *w, uint32_t seq,
	    const struct jq_order *order, const struct jq_part *v, size_t n);

/* The current run, or 0. */
uint32_t jq_worker_running(const struct jq_worker *w);

/* Runs after `after`, up to `last`, must not begin any more.  One that has
 * begun in the meantime is answered; the others are not. */
void	jq_worker_recall(struct jq_worker *w, uint32_t after, uint32_t last);

/* Bytes that were added and not sent. */
size_t	jq_worker_unsent(const struct jq_worker *w);

/* Send as much as the worker takes now.  0, or -1 if it has ended. */
int	jq_worker_send(struct jq_worker *w);

/* ---- answers ---- */

/* Read what is there.  1 after reading data, 0 if there is none yet, or -1 if
 * the worker has ended: jq_worker_end(). */
int	jq_worker_receive(struct jq_worker *w);

struct jq_answer {
	enum jq_kind kind;
	uint32_t     seq;	/* of the run; or the program's id */
	uint32_t     us;	/* JQ_DONE, JQ_FAILED: the time it took */
	uint32_t     line;	/* JQ_REJECTED; 0: unknown */
	uint32_t     column;
	bool	     is_topic;	/* JQ_FAILED: the topic program failed */
	enum json_type type;	/* JQ_VALUE: the whole value's */
	struct slice parts;	/* JQ_VALUE: for jq_answer_part() */
	struct slice message;	/* JQ_REJECTED, JQ_FAILED; any bytes */
};

/* The next answer, borrowed until jq_worker_receive() or jq_worker_free().  1;
 * 0 if there is none; or -1 if it is invalid: kill the worker. */
int	jq_worker_next(struct jq_worker *w, struct jq_answer *a);

/* The same for bytes from a worker, *rest, which moves after the answer.  No
 * answer is longer than max. */
int	jq_answer_next(struct slice *rest, size_t max, struct jq_answer *a);

/* The next part of a value. last is the last part of the request, which the
 * value may refer to.  Any other part need not be JSON. */
bool	jq_answer_part(struct slice *parts, enum jq_name *name,
	    struct slice last, struct slice *text);

/* ---- the end ---- */

/* Let the worker end; jq_worker_receive() reports it. */
void	jq_worker_kill(struct jq_worker *w);

struct jq_fate {
	enum jq_end  end;
	bool	     busy;	/* it was working */
	uint32_t     running;	/* the run; or JQ_COMPILING */
	char	     how[128];	/* "it took longer than allowed" */
};

/* The worker has ended: how, and during which run.  Earlier results can still
 * be taken with jq_worker_next(). */
void	jq_worker_end(struct jq_worker *w, struct jq_fate *f);

/* ---- waiting ---- */

/* Compile a program in the worker and wait.  0, or -1 with *e, *line and
 * *column filled: the program is wrong (0: unknown place), or has ended the
 * worker, which *lost says. */
int	jq_worker_compile(struct jq_worker *w, uint32_t id,
	    struct slice text, int64_t limit_ms, struct jq_answer *place,
	    bool *lost, struct errbuf *e);
