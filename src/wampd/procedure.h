/*
 * procedure.h: what can be called.
 *
 * The broker's own procedures, wampd.*, are rows of one table: name,
 * arguments, who may, help and function.  wampd.help prints them, so the
 * documentation cannot drift.
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"
#include "proto/json.h"
#include "proto/wamp.h"

struct broker;
struct buf;
struct session;

/* Who may call: everyone, or only local peers; READ and WRITE tell the latter
 * apart for roles that may look but not touch. */
enum procedure_access { PROCEDURE_OPEN, PROCEDURE_READ, PROCEDURE_WRITE };

#define PROCEDURE_ARGS_MAX	8

struct call {
	struct broker  *broker;
	struct session *caller;
	struct json_elem arg[PROCEDURE_ARGS_MAX];
	size_t		nargs;
	struct slice	args;		/* all of them, for call_next() */
	bool		named;		/* args are an object's members */
	bool		newline;	/* a raw CR or LF is in args */
	struct buf     *out;		/* the result, JSON; empty: null */
	const char     *error;		/* static URI of a failure */
	struct errbuf	reason;		/* its description */
};

struct procedure {
	const char *name;	/* "wampd.kick" */
	const char *args;	/* "session" */
	enum procedure_access access;
	const char *help;	/* one line */
	/* 0, or -1 with error and reason filled. */
	int	  (*run)(struct call *c);
};

/* The broker's own, in the order of their names; name NULL ends it. */
extern const struct procedure procedures[];

/* Answer a CALL of that URI: one CALLRESULT or CALLERROR. */
void	procedure_call(struct session *s, const struct wamp_msg *m,
	    struct slice uri);

/* The next argument of *rest, which begins as args; a name is passed over. */
bool	call_next(const struct call *c, struct slice *rest,
	    struct json_elem *arg);

/* For procedures: fail with wampd.error.invalid_argument.  Returns -1. */
int	procedure_bad_argument(struct call *c, const char *what);
/* Fail for lack of memory.  Returns -1. */
int	procedure_out_of_memory(struct call *c);
