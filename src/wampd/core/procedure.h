/*
 * procedure.h: what can be called.
 *
 * The broker's own procedures, wampd.*, are rows of tables that are handed in:
 * name, arguments, who may, help and function.  wampd.help prints them, so the
 * documentation cannot drift.  All others are routed like topics, and their
 * handlers answer.
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"
#include "proto/json.h"
#include "proto/wamp.h"
#include "wampd/core/publish.h"

struct broker;
struct buf;
struct session;
struct topic;

/* Who may call: everyone, or only local peers; READ and WRITE tell the latter
 * apart for roles that may look but not touch. */
enum procedure_access { PROCEDURE_OPEN, PROCEDURE_READ, PROCEDURE_WRITE };

#define PROCEDURE_ARGS_MAX	8

struct call {
	struct broker  *broker;
	struct session *caller;
	void	       *ctx;		/* of the table with the procedure */
	struct json_elem arg[PROCEDURE_ARGS_MAX];
	size_t		nargs;
	struct slice	args;		/* all of them, for call_next() */
	bool		named;		/* args are an object's members */
	bool		newline;	/* a raw CR or LF is in args */
	struct slice	id;		/* the call's, JSON */
	struct topic   *topic;		/* of a handler's call: the procedure */
	struct slice	args_json;	/* of a handler's call: a list, or an
					 * object of named ones */
	struct buf     *out;		/* the result, JSON; empty: null */
	const char     *error;		/* URI of a failure; NULL: the one of
					 * a handler that fails */
	struct errbuf	reason;		/* its description */
	struct slice	details;	/* JSON, borrowed from out; or len 0 */
};

struct procedure {
	const char *name;	/* "wampd.kick"; NULL ends a table */
	const char *args;	/* "session" */
	enum procedure_access access;
	const char *help;	/* one line */
	/* 0, -1 with error and reason filled, or 1: answered later. */
	int	  (*run)(struct call *c);
};

/* A row of a table that was handed in. */
struct procedure_entry {
	const struct procedure *procedure;	/* static */
	void *ctx;				/* borrowed; call->ctx */
};

/* All of them, in the order of their names.  Zeroed: none. */
struct procedures {
	struct procedure_entry *v;		/* owned */
	size_t			n;
};

/* Add a table, which is static.  ctx is borrowed.  0, or -1 when out of
 * memory. */
int	procedures_add(struct procedures *all, const struct procedure *rows,
	    void *ctx);

/* The procedure of that name, or NULL. */
const struct procedure_entry *procedures_find(const struct procedures *all,
	    struct slice uri);

void	procedures_clear(struct procedures *all);

/* Answer a CALL of that URI: one CALLRESULT or CALLERROR. */
void	procedure_call(struct session *s, const struct wamp_msg *m,
	    struct slice uri);

/* ---- answers that come later ---- */

/* A handler's result; oro: as Gos hands it on, where no result is an error and
 * one that is neither list nor object becomes a list of one. */
void	procedure_result(struct session *s, struct slice id_json,
	    struct slice uri, struct slice result);

/* A handler's failure. error NULL: the URI that the mode has for it; details
 * JSON or len 0. */
void	procedure_failed(struct session *s, struct slice id_json,
	    struct slice uri, const char *error, const char *reason,
	    struct slice details);

/* A call that is answered later has that result, without raw newlines. */
void	procedure_answer(struct session *s, struct slice id_json,
	    struct slice result);

/* The same for one that has done what it was for. */
void	procedure_done(struct session *s, struct slice id_json);

/* What became of the event that a call published. */
void	procedure_published(struct session *s, struct slice id_json,
	    const struct publish_result *result,
	    enum publish_outcome outcome,
	    long delivered, const struct errbuf *e);

/* Answer wampd.barrier now, or once the session's requests are decided.
 * 0, 1 when later, or -1 when out of memory. */
int	procedure_barrier(struct session *s, struct slice id_json);

/* A request was decided: answer the barriers that waited for the last. */
void	procedure_release_barriers(struct session *s);

/* ---- for procedures ---- */

/* The next argument of *rest, which begins as args; a name is passed over. */
bool	call_next(const struct call *c, struct slice *rest,
	    struct json_elem *arg);

/* Fail with wampd.error.invalid_argument.  Returns -1. */
int	procedure_bad_argument(struct call *c, const char *what);
/* Fail for lack of memory.  Returns -1. */
int	procedure_out_of_memory(struct call *c);
