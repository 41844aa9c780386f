/*
 * jq_wire.h: the messages between a process that needs jq programs, and the
 * worker that runs them.
 *
 * They are frames over a socket pair.  Both ends are the same program, so
 * numbers have the byte order of the machine.  The worker trusts its parent.
 * The parent does not trust the worker: the output of libjq may be wrong in any
 * way.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/* ---- frames ---- */

enum jq_kind {
	/* to the worker */
	JQ_PROGRAM = 1,		/* id, limit in ms; the text */
	JQ_RUN,			/* seq, members; jq_order, jq_text of each */
	/* from it */
	JQ_COMPILED,		/* id */
	JQ_REJECTED,		/* id, line; column, what is wrong */
	JQ_VALUE,		/* seq; jq_value, jq_text of each part */
	JQ_DONE,		/* seq, us; there are no more values */
	JQ_FAILED,		/* seq, us; 1: the topic program; why */
};

struct jq_head {
	uint32_t len;		/* bytes after this head */
	uint32_t kind;		/* enum jq_kind */
	uint32_t seq;		/* the number of a run, or the id of a program;
				 * not 0 */
	uint32_t n;		/* see each kind */
};

#define JQ_FRAME_MAX	(1u << 30)	/* bytes after the head */

struct jq_order {
	uint32_t program;	/* 0: the value is the input's text */
	uint32_t topic;		/* another program, which runs on the same
				 * input.  Its results, at most two, are parts
				 * JQ_TOPIC of each value; 0: none */
	uint32_t parts;		/* bit set of enum jq_name: instead of a value
				 * its members of these names; 0: the value */
	uint32_t first;		/* 1: one value is enough */
	uint32_t refer;		/* 1: JQ_LAST may stand for a text */
	uint32_t most;		/* values; 0: any number */
	uint64_t max;		/* bytes of all values; 0: any */
	/* If noted is not 0, the attributes of the session are updated with
	 * what runs note.  The text JQ_SESSION has them from that byte on, up
	 * to its last brace. */
	uint32_t noted;
	uint32_t notes_max;	/* bytes of them */
	uint32_t follow;	/* 1: use the session of the previous run, and
				 * ignore the text */
};

/* The meaning of a text.  Programs of handlers see and use these names. */
enum jq_name { JQ_WHOLE, JQ_SESSION, JQ_TOPIC, JQ_ROUTE, JQ_ATTRIBUTES,
    JQ_EVENT, JQ_ARGS, JQ_EXCLUDE, JQ_ELIGIBLE, JQ_NAMES };

extern const char *const jq_names[JQ_NAMES];

/* The place of a text. */
enum jq_from {
	JQ_NEW,			/* it follows the head */
	JQ_SAME,		/* of a run: the one of the last run of the
				 * program */
	JQ_LAST,		/* of a value: the run's last text */
};

struct jq_text {
	uint32_t name;		/* enum jq_name */
	uint32_t from;		/* enum jq_from */
	uint32_t len;		/* bytes that follow */
};

struct jq_value {
	uint32_t type;		/* enum json_type */
};

/* Append a head whose len is set by jq_frame_end().  *at is its position.  All
 * of these return 0, or -1 when out of memory or too large. */
int	jq_frame_begin(struct buf *out, enum jq_kind kind, uint32_t seq,
	    uint32_t n, size_t *at);
int	jq_frame_end(struct buf *out, size_t at);
int	jq_frame_text(struct buf *out, enum jq_name name, enum jq_from from,
	    struct slice text);

/* The next frame in *rest, which moves after it.  1; 0 if it is incomplete; or
 * -1 if it is larger than max. */
int	jq_frame_next(struct slice *rest, size_t max, struct jq_head *head,
	    struct slice *body);

/* Take a part off the beginning of the body. false if it is not there. */
bool	jq_take(struct slice *body, void *out, size_t len);
bool	jq_take_text(struct slice *body, struct jq_text *head,
	    struct slice *text);

/* ---- memory that both share ---- */

#define JQ_PAGE_OUT	(64u << 10)	/* bytes */
#define JQ_COMPILING	0	/* jq_page.running while a program is read */

enum jq_end {
	JQ_END_UNKNOWN,		/* ask the kernel */
	JQ_END_CRASH,		/* by libjq's fault */
	JQ_END_RETIRED,		/* it has used much memory and frees it by
				 * ending; this is not a failure */
	JQ_END_TIME,		/* it took longer than allowed */
	JQ_END_MEMORY,		/* it needed more memory than allowed */
};

/*
 * The parent writes it before the start, then the worker does.  After the end
 * of the worker, the parent reads what the worker was doing, and which results
 * it has not sent.
 */
struct jq_page {
	uint64_t memory;	/* bytes that it may have; 0: any */
	int32_t	 asker;		/* process of the parent */
	uint32_t bare;		/* it gets no files of the user */
	_Atomic uint64_t recalled; /* by the parent: runs that must not begin,
				    * after the first number up to the second;
				    * or 0 */

	_Atomic uint32_t busy;	/* it is working */
	_Atomic uint32_t running; /* the run; or JQ_COMPILING */
	_Atomic uint32_t end;	/* enum jq_end */
	_Atomic uint64_t sent;	/* bytes that have been written */
	_Atomic uint32_t filled; /* bytes in out that follow */
	char	 out[JQ_PAGE_OUT];
};
