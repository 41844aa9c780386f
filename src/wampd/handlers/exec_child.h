/*
 * exec_child.h: a child of an exec handler, and the messages to it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/core/handler.h"
#include "wampd/core/request.h"
#include "wampd/core/session.h"

struct child;
struct child_ops;
struct declare_exec;
struct exec_message;
struct topic;

enum exec_state {
	EXEC_IDLE,	/* the next request starts it */
	EXEC_DUE,	/* it will be started at start_at */
	EXEC_RUNNING,
};

/* A child of the pool of a handler; it need not be running. */
struct exec_child {
	struct exec    *exec;		/* borrowed; its pool */
	enum exec_state	state;
	struct child   *process;	/* owned; NULL if it does not run */
	struct request_list requests;	/* not answered yet, oldest first */
	size_t		nrequests;
	struct buf	backlog;	/* owned; lines to send at its start */
	const char     *doomed;		/* static; why exec_life_watch() will
					 * end it; or NULL */
	int64_t		start_at;	/* ms; not started before that */
	int64_t		started;	/* ms */
	int64_t		delay;		/* ms before the last restart, or 0 */
	int64_t		tick_at;	/* ms; the next tick, if any */
	int64_t		heard_at;	/* ms; of its last answer */
	int64_t		released;	/* ms; it was not read before that */
	unsigned	overdue;	/* refused requests that it may still
					 * answer */
	unsigned	garbage;	/* invalid lines in a row */
	bool		sensible;	/* it has printed a valid line since
					 * its start */
	bool		useless;	/* its predecessor printed none */
	char		holder[SESSION_ID_SIZE]; /* it is not read until this
					 * receiver has caught up; or "" */
	unsigned	said;		/* log lines in this second */
	int64_t		said_since;	/* ms */
};

/* The state of an exec handler. */
struct exec {
	struct handler	  *handler;	/* borrowed */
	struct exec_child *child;	/* owned array; n of them */
	size_t		   n;
	size_t		   nrequests;	/* of all children */
	size_t		   kept;	/* bytes of these requests */
	uint64_t	   starts;	/* of all children, tried */
	struct buf	   line;	/* scratch: a message to a child */
	struct buf	   text;	/* scratch: a string of an answer */
	struct buf	   uri;		/* scratch: the URI of an error */
};

/* The declaration of its handler; the functions for its process. */
const struct declare_exec *exec_child_declared(const struct exec_child *c);
const struct child_ops *exec_child_ops(const struct exec_child *c);

/* ---- requests ---- */

/* Whether there is room for a request of len bytes; *e is filled if not. */
bool	exec_child_has_room(const struct exec_child *c, size_t len,
	    struct errbuf *e);

/* Send it a request.  Takes r and keeps it until it is answered; r is NULL if
 * there was no memory for it. */
enum verdict exec_child_ask(struct exec_child *c, struct request *r,
	    struct exec_message *m, struct errbuf *e);

/* Take a request off the list; the caller ends it. */
void	exec_child_take(struct exec_child *c, struct request *r);

/* Refuse all its requests for that reason. */
void	exec_child_refuse_all(struct exec_child *c, const char *reason);

/* ---- news, which need no answer ---- */

/* Send it the message, if it runs. */
void	exec_child_tell(struct exec_child *c, const struct exec_message *m);

/* Tell it that s is no longer subscribed to t. */
void	exec_child_tell_left(struct exec_child *c, const struct topic *t,
	    const struct session *s);

/* Send it a line, which ends in a newline.  It must be running. */
void	exec_child_tell_line(struct exec_child *c, struct slice line);

/* ---- slow receivers ---- */

/* Stop reading from it until that receiver has caught up. */
void	exec_child_pause(struct exec_child *c, const struct session *receiver);

/* Read from it again, if that receiver has caught up or is gone.  The time in
 * between does not count against the timeout of its requests. */
void	exec_child_resume(struct exec_child *c, int64_t now);
