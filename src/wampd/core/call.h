/*
 * call.h: a call, from the request to its answer.
 *
 * The broker's own procedures (procedure.h) are found by name.  All other
 * procedures are routed as topics are, and their handlers answer.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/json.h"
#include "wampd/core/reply.h"
#include "wampd/core/verdict.h"

struct broker;
struct topic;

#define CALL_ARGS_MAX	8

/* The arguments as they came.  All is borrowed. */
struct call_args {
	struct slice	text;		/* JSON values with commas between; or
					 * members of an object */
	bool		named;		/* they are members of an object */
	bool		newline;	/* a raw CR or LF is in text */
};

struct call {
	struct broker  *broker;
	struct reply_to	to;		/* the caller */
	void	       *ctx;		/* of the table with the procedure */
	struct call_args args;		/* for call_next() */
	struct json_elem arg[CALL_ARGS_MAX];	/* the first arguments */
	size_t		nargs;		/* in arg */
	struct topic   *topic;		/* the procedure, if a handler
					 * answers */
	struct slice	args_json;	/* the arguments as one JSON list or
					 * object, if a handler answers */
	struct buf     *out;		/* the result, JSON; empty: null */
	struct failure	failure;	/* why the call failed */
};

/* Call the procedure of that URI.  The caller gets one answer, now or later. */
void	call(const struct reply_to *to, struct slice uri,
	    const struct call_args *args);

/* ---- for procedures ---- */

/* Take the next argument off *rest, which begins as args.text.  The name of a
 * named argument is skipped.  Returns false at the end. */
bool	call_next(const struct call *c, struct slice *rest,
	    struct json_elem *arg);

/* The members of the only argument, which is an object, for json_next_member().
 * In mode oro, it comes as its members.  Without arguments there are none.
 * Returns false if there are other arguments. */
bool	call_options(const struct call *c, struct slice *members);

/* Fill c->failure because an argument is bad; what says why.  Returns -1. */
int	call_bad_argument(struct call *c, const char *what);

/* Fill c->failure because memory is out.  Returns -1. */
int	call_out_of_memory(struct call *c);
