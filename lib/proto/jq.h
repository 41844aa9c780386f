/*
 * jq.h: programs in jq's language, compiled once and run on JSON texts, in the
 * calling process.
 *
 * libjq aborts where it meets what it does not expect, takes any memory, and
 * cannot be interrupted.  So only a process that may be lost calls these
 * functions: jq_serve.c does, for jq_worker.h, which is for everybody else.
 *
 * libjq is loaded when the first program is compiled: who runs none, does not
 * pay for it.  Its values stay inside jq.c; in and out go JSON texts.
 *
 * jq knows numbers as doubles: above 2^53 it loses digits.  So what a program
 * hands on untouched is not written anew: its text is the input's own, byte
 * for byte.
 *
 * libjq 1.6 leaks a little when one fails amid the members of an object.
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

/* Where a text does not compile, in the program itself. */
struct jq_place {
	unsigned line;		/* from 1; 0: unknown */
	unsigned column;	/* from 1, in bytes; 0: unknown */
};

/* Compile a program.  When it gets no memory, then or later, it calls no_memory
 * with NULL; if that returns or is NULL, the process aborts.  NULL with *e, and
 * *at (may be NULL), filled when it is wrong, or when there is no libjq. */
struct jq_program *jq_program_new(const char *text,
	    void (*no_memory)(void *), struct jq_place *at,
	    struct errbuf *e);
void	jq_program_free(struct jq_program *p);

/* ---- running: one run at a time for each program ---- */

struct jq_member {
	const char  *name;
	struct slice text;	/* scanned JSON, see json.h */
	bool	     same;	/* as in the program's last start: no text */
};

/* Start on one value, or on the object of these members, at least one.  The
 * texts must stay until jq_run_stop() or the next start.  All members but the
 * last are kept, so that the next start may have them again.  0 or -1 with *e
 * filled. */
int	jq_run_start(struct jq_program *p, struct slice input,
	    struct errbuf *e);
int	jq_run_start_members(struct jq_program *p, const struct jq_member *v,
	    size_t n, struct errbuf *e);

enum jq_outcome {
	JQ_OUTPUT,		/* there is a value: jq_output_*() */
	JQ_END,			/* there are no more */
	JQ_ERROR,		/* *e says why; the run has ended */
};

/* Compute the next value.  The message of an error is the program's: it may
 * hold parts of the input. */
enum jq_outcome jq_run_next(struct jq_program *p, struct errbuf *e);

/* Let go of the input and the output, before the end or behind it. */
void	jq_run_stop(struct jq_program *p);

/* ---- the value that JQ_OUTPUT announced ---- */

enum json_type jq_output_type(const struct jq_program *p);

/* Its text: the input's own bytes when it is the input or a member that the
 * program left as it was, else written into *room (reset first) and borrowed
 * from there.  0, or -1 when out of memory. */
int	jq_output_text(const struct jq_program *p, struct buf *room,
	    struct slice *out);

/* Likewise the text of an object's member.  1, 0 when it is no object or has
 * no such member, or -1 when out of memory. */
int	jq_output_member(const struct jq_program *p, const char *name,
	    struct buf *room, struct slice *out);

/* Whether a text that these returned is that of the input's member i. */
bool	jq_is_input(const struct jq_program *p, size_t i, struct slice text);
