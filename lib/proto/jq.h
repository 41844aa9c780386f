/*
 * jq.h: programs in jq's language, compiled once and run on JSON texts, in the
 * calling process.
 *
 * libjq aborts in unexpected situations, may use any amount of memory, and
 * cannot be interrupted.  Therefore only a process that may be lost calls these
 * functions: jq_serve.c does.  All others use jq_worker.h.
 *
 * libjq is loaded when the first program is compiled, so programs without jq
 * need not load it.  Its values stay inside jq.c; input and output are JSON
 * texts.
 *
 * jq stores numbers as doubles, which lose digits above 2^53.  Therefore values
 * that a program passes on unchanged are not written anew: their text is that
 * of the input, byte for byte.
 *
 * libjq 1.6 leaks a little memory when a program fails inside the construction
 * of an object.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "proto/json.h"

struct jq_program;

/* Load libjq now.  0, or -1 with *e filled. */
int	jq_prepare(struct errbuf *e);

/* The place of an error in the program. */
struct jq_place {
	unsigned line;		/* from 1; 0: unknown */
	unsigned column;	/* from 1, in bytes; 0: unknown */
};

/* Compile a program.  If memory runs out, now or later, no_memory is called
 * with NULL; if that returns or is NULL, the process aborts.  NULL if the
 * program is wrong or there is no libjq, with *e, and *at (may be NULL),
 * filled. */
struct jq_program *jq_program_new(const char *text,
	    void (*no_memory)(void *), struct jq_place *at,
	    struct errbuf *e);
void	jq_program_free(struct jq_program *p);

/* ---- running: one run at a time for each program ---- */

struct jq_member {
	const char  *name;
	struct slice text;	/* scanned JSON, see json.h */
	bool	     same;	/* the same text as in the last start */
};

/* Start on one value, or on an object with these members, at least one.  The
 * texts must remain valid until jq_run_stop() or the next start.  All members
 * except the last are kept, so that the next start may use them again.  0 or -1
 * with *e filled. */
int	jq_run_start(struct jq_program *p, struct slice input,
	    struct errbuf *e);
int	jq_run_start_members(struct jq_program *p, const struct jq_member *v,
	    size_t n, struct errbuf *e);

enum jq_outcome {
	JQ_OUTPUT,		/* there is a value: jq_output_*() */
	JQ_END,			/* there are no more */
	JQ_ERROR,		/* *e says why; the run has ended */
};

/* Compute the next value.  The message of an error comes from the program, and
 * may contain parts of the input. */
enum jq_outcome jq_run_next(struct jq_program *p, struct errbuf *e);

/* Release the input and the output, before or after the end. */
void	jq_run_stop(struct jq_program *p);

/* ---- the value that JQ_OUTPUT announced ---- */

enum json_type jq_output_type(const struct jq_program *p);

/* Its text: that of the input, if it is the input or an unchanged member of it;
 * else it is written to *room, which is reset first, and borrowed from there.
 * 0, or -1 when out of memory. */
int	jq_output_text(const struct jq_program *p, struct buf *room,
	    struct slice *out);

/* The text of a member of an object, likewise.  1; 0 if it is not an object or
 * has no such member; or -1 when out of memory. */
int	jq_output_member(const struct jq_program *p, const char *name,
	    struct buf *room, struct slice *out);

/* Whether a text that these returned is that of the input's member i. */
bool	jq_is_input(const struct jq_program *p, size_t i, struct slice text);
