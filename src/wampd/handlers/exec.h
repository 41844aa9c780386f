/*
 * exec.h: what exec*.c share.  Private to them; wamp-exec(7) tells what
 * handlers' programs see of it.
 *
 * exec.c decides which child to ask, exec_child.c starts, watches and ends
 * it, exec_message.c writes what it is told, exec_answer.c does what it says;
 * exec_check.c looks beforehand whether it can be started.
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
struct diags;
struct handler_decl;
struct topic;

enum exec_state {
	EXEC_IDLE,	/* is started when somebody asks for it */
	EXEC_DUE,	/* is to be started */
	EXEC_RUNNING,
};

/* Warn when folder or program of a declaration is not there. */
void	exec_check(const struct handler_decl *decl, struct diags *d);

/* One child of a handler's pool, also while it does not run. */
struct exec_child {
	struct exec    *exec;		/* borrowed; the pool's owner */
	enum exec_state	state;
	struct child   *process;	/* owned; NULL unless it runs */
	struct request_list requests;	/* not answered yet, oldest first */
	size_t		nrequests;
	struct buf	backlog;	/* owned; lines for when it starts */
	const char     *doomed;		/* static; why exec_watch() ends it */
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

/* ---- exec_message.c ---- */

/* What a child is told, as one line. */
struct exec_message {
	const char	     *type;	/* "publish" */
	uint64_t	      id;	/* 0: no answer is wanted */
	const struct session *session;	/* NULL: the broker itself */
	const struct topic   *topic;	/* NULL: it is about none */
	const char	     *key;	/* of value; NULL: none */
	struct slice	      value;	/* JSON */
};

/* Append it.  0, or -1 when out of memory. */
int	exec_message(struct buf *out, const struct exec_message *m);

/* ---- exec_answer.c ---- */

/* Do what a line of a child says. */
void	exec_answer(struct exec_child *c, struct slice line);

/* ---- exec_child.c: for exec.c ---- */

/* Can it be asked about so many bytes more?  If not, *e says so. */
bool	exec_has_room(const struct exec_child *c, size_t len,
	    struct errbuf *e);

/* Ask it; takes the request (NULL: there was no memory for one) and keeps it
 * until it is answered. */
enum verdict exec_ask(struct exec_child *c, struct request *r,
	    struct exec_message *m, struct errbuf *e);

/* Tell it, if it runs, what it need not answer. */
void	exec_tell(struct exec_child *c, const struct exec_message *m);

/* Do what is due at broker->now. */
void	exec_watch(struct exec_child *c);

/* When something will be due, in ms; INT64_MAX: never. */
int64_t	exec_due(const struct exec_child *c);

/* The broker ends. */
void	exec_clear(struct exec_child *c);

/* ---- exec_child.c: for exec_answer.c ---- */

/* Take a request out of the child's list; the caller ends it. */
void	exec_take(struct exec_child *c, struct request *r);

/* Tell it that s does not listen to t any more. */
void	exec_tell_left(struct exec_child *c, const struct topic *t,
	    const struct session *s);

/* Log what is wrong with it, unless much was logged in this second already;
 * no payload is in text. */
void	exec_complain(struct exec_child *c, const char *text);

/* Read no more of it until that receiver has caught up. */
void	exec_hold(struct exec_child *c, const struct session *receiver);
