/*
 * jq_wire.h: what a process that has jq programs run, and the worker that runs
 * them, say to each other.
 *
 * Frames over a socket pair.  Both ends are the same program, so numbers are
 * in the machine's own order.  The worker trusts its asker.  The asker trusts
 * no worker: what comes out of libjq may be wrong in any way.
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
	uint32_t len;		/* bytes behind this head */
	uint32_t kind;		/* enum jq_kind */
	uint32_t seq;		/* of a run, or a program's id; not 0 */
	uint32_t n;		/* as said at each kind */
};

#define JQ_FRAME_MAX	(1u << 30)	/* bytes behind the head */

struct jq_order {
	uint32_t program;	/* 0: the value is the input's text */
	uint32_t topic;		/* another program, which runs on the same
				 * input: what it yields, at most two texts,
				 * are parts JQ_TOPIC of each value; 0: none */
	uint32_t parts;		/* bit set of enum jq_name: instead of a value
				 * its members of these names; 0: the value */
	uint32_t first;		/* 1: one value is enough */
	uint32_t refer;		/* 1: JQ_LAST may stand for a text */
	uint32_t most;		/* values; 0: any number */
	uint64_t max;		/* bytes of all values; 0: any */
	/* The session's attributes are kept in step with what runs note, if
	 * noted is not 0: then the text JQ_SESSION has them from that byte on,
	 * up to its last brace. */
	uint32_t noted;
	uint32_t notes_max;	/* bytes of them */
	uint32_t follow;	/* 1: the session is that of the run before,
				 * whatever the text */
};

/* What a text is.  The names are those that handlers' programs see and use. */
enum jq_name { JQ_WHOLE, JQ_SESSION, JQ_TOPIC, JQ_ROUTE, JQ_ATTRIBUTES,
    JQ_EVENT, JQ_ARGS, JQ_EXCLUDE, JQ_ELIGIBLE, JQ_NAMES };

extern const char *const jq_names[JQ_NAMES];

/* Where a text is. */
enum jq_from {
	JQ_NEW,			/* it follows */
	JQ_SAME,		/* of a run: as in the program's last one */
	JQ_LAST,		/* of a value: it is the run's last text */
};

struct jq_text {
	uint32_t name;		/* enum jq_name */
	uint32_t from;		/* enum jq_from */
	uint32_t len;		/* bytes that follow */
};

struct jq_value {
	uint32_t type;		/* enum json_type */
};

/* Append a head whose len jq_frame_end() fills in.  *at is where it is.  All
 * of these return 0, or -1 when out of memory or too large. */
int	jq_frame_begin(struct buf *out, enum jq_kind kind, uint32_t seq,
	    uint32_t n, size_t *at);
int	jq_frame_end(struct buf *out, size_t at);
int	jq_frame_text(struct buf *out, enum jq_name name, enum jq_from from,
	    struct slice text);

/* The next frame in *rest, which moves behind it.  1, 0 when it is not there
 * as a whole, or -1 when it is larger than max. */
int	jq_frame_next(struct slice *rest, size_t max, struct jq_head *head,
	    struct slice *body);

/* Take a part off the body's front.  false when it is not there. */
bool	jq_take(struct slice *body, void *out, size_t len);
bool	jq_take_text(struct slice *body, struct jq_text *head,
	    struct slice *text);

/* ---- memory that both share ---- */

#define JQ_PAGE_OUT	(64u << 10)	/* bytes */
#define JQ_COMPILING	0	/* jq_page.running while a program is read */

enum jq_end {
	JQ_END_UNKNOWN,		/* ask the kernel */
	JQ_END_CRASH,		/* by libjq's fault */
	JQ_END_RETIRED,		/* it has used much memory, and lets go of it:
				 * nothing is wrong */
	JQ_END_TIME,		/* it took longer than allowed */
	JQ_END_MEMORY,		/* it wanted more memory than allowed */
};

/*
 * Written by the asker before the start, then by the worker.  The asker looks
 * at it once the worker has ended: then it tells what the worker was doing,
 * and what it had found but not sent.
 */
struct jq_page {
	uint64_t memory;	/* bytes that it may have; 0: any */
	int32_t	 asker;		/* its process */
	uint32_t bare;		/* it gets nothing of the user's: no files */
	_Atomic uint64_t recalled; /* by the asker: runs that are not to begin,
				 * from behind the one to the other; or 0 */

	_Atomic uint32_t busy;	/* it is doing something: */
	_Atomic uint32_t running; /* the run; or JQ_COMPILING */
	_Atomic uint32_t end;	/* enum jq_end */
	_Atomic uint64_t sent;	/* bytes that have been written, */
	_Atomic uint32_t filled; /* and that follow, in out */
	char	 out[JQ_PAGE_OUT];
};
