/*
 * call.h: a call on its way to a procedure and back.
 *
 * The broker's own procedures (procedure.h) are found by their names.  All
 * others are routed like topics, and their handlers answer.
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

/* The arguments as they came. */
struct call_args {
	struct slice	text;		/* between their commas, JSON */
	bool		named;		/* the members of an object */
	bool		newline;	/* a raw CR or LF is in text */
};

struct call {
	struct broker  *broker;
	struct reply_to	to;		/* the caller */
	void	       *ctx;		/* of the table with the procedure */
	struct call_args args;		/* for call_next() */
	struct json_elem arg[CALL_ARGS_MAX];	/* the first of them */
	size_t		nargs;
	struct topic   *topic;		/* of a handler's call: the procedure */
	struct slice	args_json;	/* of a handler's call: a list, or an
					 * object of named ones */
	struct buf     *out;		/* the result, JSON; empty: null */
	struct failure	failure;	/* why there is none */
};

/* Answer a call of that URI: once, now or later. */
void	call(const struct reply_to *to, struct slice uri,
	    const struct call_args *args);

/* ---- for procedures ---- */

/* The next argument of *rest, which begins as args.text; a name is passed
 * over. */
bool	call_next(const struct call *c, struct slice *rest,
	    struct json_elem *arg);

/* Fail because of an argument.  Returns -1. */
int	call_bad_argument(struct call *c, const char *what);
/* Fail for lack of memory.  Returns -1. */
int	call_out_of_memory(struct call *c);
