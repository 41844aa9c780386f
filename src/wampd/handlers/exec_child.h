/*
 * exec_child.h: one child of an exec handler, and what it is asked and told.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/core/handler.h"
#include "wampd/core/hold.h"
#include "wampd/core/request.h"
#include "wampd/core/session.h"

struct child;
struct child_ops;
struct declare_exec;
struct exec_message;
struct topic;

enum exec_state {
	EXEC_IDLE,	/* is started when somebody asks for it */
	EXEC_DUE,	/* is to be started */
	EXEC_RUNNING,
};

/* One child of a handler's pool, also while it does not run. */
struct exec_child {
	struct exec    *exec;		/* borrowed; the pool's owner */
	enum exec_state	state;
	struct child   *process;	/* owned; NULL unless it runs */
	struct request_list requests;	/* not answered yet, oldest first */
	size_t		nrequests;
	struct buf	backlog;	/* owned; lines for when it starts */
	const char     *doomed;		/* static; why exec_life_watch() ends
					 * it */
	int64_t		start_at;	/* ms; it is not started before */
	int64_t		started;	/* ms */
	int64_t		delay;		/* ms before the last restart, or 0 */
	int64_t		tick_at;	/* ms; if it has ticks and runs */
	int64_t		heard_at;	/* ms; of its last answer */
	int64_t		released;	/* ms; it could not answer before */
	unsigned	overdue;	/* requests given up that it may still
					 * answer */
	unsigned	garbage;	/* lines without sense in a row */
	bool		sensible;	/* it said something that made sense
					 * since its start */
	bool		useless;	/* the one before it did not */
	char		holder[SESSION_ID_SIZE]; /* it is not read until this
					 * receiver has caught up; or "" */
	unsigned	said;		/* lines for the log in this second */
	int64_t		said_since;	/* ms */
};

/* What a handler has. */
struct exec {
	struct handler	  *handler;	/* borrowed */
	struct exec_child *child;	/* owned array; n of them */
	size_t		   n;
	size_t		   nrequests;	/* of all children */
	struct hold	   hold;	/* sessions wait for answers here */
	size_t		   kept;	/* bytes of these requests */
	struct buf	   line;	/* scratch: a message to a child */
	struct buf	   text;	/* scratch: a string of an answer */
	struct buf	   uri;		/* the same */
};

/* How its handler is declared; how children are handled. */
const struct declare_exec *exec_child_declared(const struct exec_child *c);
const struct child_ops *exec_child_ops(const struct exec_child *c);

/* ---- requests ---- */

/* Can it be asked about so many bytes more?  If not, *e says so. */
bool	exec_child_has_room(const struct exec_child *c, size_t len,
	    struct errbuf *e);

/* Ask it; takes the request (NULL: there was no memory for one) and keeps it
 * until it is answered. */
enum verdict exec_child_ask(struct exec_child *c, struct request *r,
	    struct exec_message *m, struct errbuf *e);

/* Take a request out of the child's list; the caller ends it. */
void	exec_child_take(struct exec_child *c, struct request *r);

/* End all of them, for that reason. */
void	exec_child_refuse_all(struct exec_child *c, const char *reason);

/* ---- what it need not answer ---- */

/* Tell it, if it runs. */
void	exec_child_tell(struct exec_child *c, const struct exec_message *m);

/* Tell it that s does not listen to t any more. */
void	exec_child_tell_left(struct exec_child *c, const struct topic *t,
	    const struct session *s);

/* Tell it that line, newline and all; it runs. */
void	exec_child_tell_line(struct exec_child *c, struct slice line);

/* ---- slow receivers ---- */

/* Read no more of it until that receiver has caught up. */
void	exec_child_hold(struct exec_child *c, const struct session *receiver);

/* Read it again, if the receiver that holds it has caught up or is gone.  What
 * it could not say meanwhile is not its fault. */
void	exec_child_release(struct exec_child *c, int64_t now);
