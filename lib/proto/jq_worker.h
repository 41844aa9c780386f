/*
 * jq_worker.h: a process that runs jq programs for us.
 *
 * A program may run for ever, take any memory or crash; that costs the worker,
 * and us only the one run that did it.  Requests and answers go in batches:
 * add as many as there are, then send; receive, then take the answers, which
 * come in the order of the requests.  Nothing here blocks, except where it
 * says so.
 *
 * The worker gets no descriptor of ours, ends when we end, and signals of a
 * terminal or a service manager do not reach it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/jq_wire.h"
#include "proto/json.h"

struct jq_worker;

struct jq_worker_options {
	uint64_t memory;	/* bytes that it may have; 0: any */
	size_t	 answer_max;	/* bytes of a frame of it */
	bool	 bare;		/* no environment, no files, and no stderr:
				 * for programs that others feed */
	bool	 nice;		/* it may have what time others leave */
};

/* NULL with *e filled. */
struct jq_worker *jq_worker_start(const struct jq_worker_options *o,
	    struct errbuf *e);

/* Kill it, unless jq_worker_end() has seen it end, and wait for that. */
void	jq_worker_free(struct jq_worker *w);

/* To poll for input, and for output while anything is unsent. */
int	jq_worker_fd(const struct jq_worker *w);

long	jq_worker_pid(const struct jq_worker *w);

/* Processor time that it has had, in us. */
int64_t	jq_worker_cpu(const struct jq_worker *w);

/* ---- requests: 0, or -1 when out of memory (nothing was added) ---- */

/* A program, known by that id (from 1) from now on; its runs may take so much
 * processor time. */
int	jq_worker_add_program(struct jq_worker *w, uint32_t id,
	    struct slice text, int64_t limit_ms);

struct jq_part {
	enum jq_name name;
	struct slice text;	/* JSON */
	bool	     same;	/* as in the program's last run, and not the
				 * last part */
};

/* A run: on one JQ_WHOLE part, or on the object of these. */
int	jq_worker_add_run(struct jq_worker *w, uint32_t seq,
	    const struct jq_order *order, const struct jq_part *v, size_t n);

/* The run that it is doing, or 0. */
uint32_t jq_worker_running(const struct jq_worker *w);

/* Runs behind `after`, up to `last`, are not to begin any more.  One that has
 * begun meanwhile is answered all the same; of the others nothing is heard. */
void	jq_worker_recall(struct jq_worker *w, uint32_t after, uint32_t last);

/* Bytes that have been added and not sent. */
size_t	jq_worker_unsent(const struct jq_worker *w);

/* Send as much as it takes now.  0, or -1 when it is gone. */
int	jq_worker_send(struct jq_worker *w);

/* ---- answers ---- */

/* Read what is there.  1 when something came, 0 when nothing is there yet, or
 * -1 when it is gone: jq_worker_end(). */
int	jq_worker_receive(struct jq_worker *w);

struct jq_answer {
	enum jq_kind kind;
	uint32_t     seq;	/* of the run; or the program's id */
	uint32_t     us;	/* JQ_DONE, JQ_FAILED: it took so long */
	uint32_t     line;	/* JQ_REJECTED; 0: unknown */
	uint32_t     column;
	bool	     is_topic;	/* JQ_FAILED: the topic program has */
	enum json_type type;	/* JQ_VALUE: the whole value's */
	struct slice parts;	/* JQ_VALUE: for jq_answer_part() */
	struct slice message;	/* JQ_REJECTED, JQ_FAILED; any bytes */
};

/* The next answer, borrowed until jq_worker_receive() or jq_worker_free().
 * 1, 0 when none is there, or -1 when it is nonsense: kill the worker. */
int	jq_worker_next(struct jq_worker *w, struct jq_answer *a);

/* The same of bytes that a worker sent, *rest, which moves behind the answer;
 * none is longer than max. */
int	jq_answer_next(struct slice *rest, size_t max, struct jq_answer *a);

/* The next part of a value; last is the last part of the run's request, whose
 * very bytes it may be.  Anything else need not be JSON. */
bool	jq_answer_part(struct slice *parts, enum jq_name *name,
	    struct slice last, struct slice *text);

/* ---- the end ---- */

/* Let it end; jq_worker_receive() will tell. */
void	jq_worker_kill(struct jq_worker *w);

struct jq_fate {
	enum jq_end  end;
	bool	     busy;	/* it was doing something: */
	uint32_t     running;	/* that run; or JQ_COMPILING */
	char	     how[128];	/* "it took longer than allowed" */
};

/* It is gone: how, and amid what.  What it had found before can still be taken
 * with jq_worker_next(). */
void	jq_worker_end(struct jq_worker *w, struct jq_fate *f);

/* ---- waiting ---- */

/* Compile a program in it and wait.  0, or -1 with *e and *line and *column
 * filled: the program is wrong (place 0: unknown) or has cost the worker its
 * life, which *lost then tells. */
int	jq_worker_compile(struct jq_worker *w, uint32_t id,
	    struct slice text, int64_t limit_ms, struct jq_answer *place,
	    bool *lost, struct errbuf *e);
