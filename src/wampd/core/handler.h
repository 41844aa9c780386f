/*
 * handler.h: what a topic does with subscribe, publish and call.
 *
 * A handler never writes to a socket: it says yes or no, or which events go
 * to whom (publish.h), or later (request.h).  A type is one file in handlers/
 * and one row in handlers/types.c.
 *
 * Around every handler, whatever its type (guard.h): the lists of who may, the
 * largest event, the rate, the log line.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/core/acl.h"
#include "wampd/core/frame.h"
#include "wampd/core/verdict.h"

struct broker;
struct call;
struct diags;
struct generation;
struct handler;
struct handler_decl;
struct publication;
struct session;
struct shared_ops;
struct topic;

/* Everything but the name may be NULL: then it is as said. */
struct handler_type {
	const char *name;	/* "broadcast" */

	/* What all handlers of the type in a broker share as h->shared (see
	 * shared.h); NULL: nothing. */
	const struct shared_ops *shared;

	/* Prepare h->state from h->decl.  0, or -1 with the faults reported. */
	int	(*init)(struct handler *h, struct diags *d);
	void	(*free)(struct handler *h);

	/* May s subscribe to t?  NULL: yes. */
	enum verdict (*subscribe)(struct handler *h, struct topic *t,
		    struct session *s, struct errbuf *e);
	/* s has joined t; s has left t, which may be empty now.  Who leaves
	 * may be in the middle of a message or of being freed: left() sends
	 * nothing to sessions, and leaves the broker's scratch buffers
	 * alone. */
	void	(*joined)(struct handler *h, struct topic *t,
		    struct session *s);
	void	(*left)(struct handler *h, struct topic *t,
		    struct session *s);

	/* An event: deliver it to whom it concerns; *delivered is how many
	 * sessions got it.  NULL: to all subscribers. */
	enum verdict (*publish)(struct handler *h, struct publication *p,
		    long *delivered, struct errbuf *e);

	/* A call: the result goes to c->out.  NULL: refused. */
	enum verdict (*call)(struct handler *h, struct call *c);

	/* A session came, a session goes; closed() is as left(). */
	void	(*opened)(struct handler *h, struct session *s);
	void	(*closed)(struct handler *h, struct session *s);

	/* Do what is due at broker->now; in how many ms the next thing is, at
	 * least 1, or -1: nothing is.  Called then, and in a turn in which
	 * one of the functions above was, or handler_stir(). */
	int64_t	(*tick)(struct handler *h);
};

TAILQ_HEAD(handler_list, handler);

struct handler {
	struct handler	 *next;		/* generation->handlers */
	struct handler	 *next_told;	/* generation->told */
	TAILQ_ENTRY(handler) due_link;	/* broker->due, by due */
	int64_t		  due;		/* ms: of its tick; 0: at once */
	struct broker	 *broker;	/* borrowed */
	struct generation *generation;	/* borrowed: the one that has it */
	uint64_t	  id;		/* unique while the broker lives */
	const struct handler_type *type; /* static */
	const struct handler_decl *decl; /* borrowed; NULL: by default */
	const char	 *name;		/* borrowed; as routes name it */
	struct acl	  subscribe;
	struct acl	  publish;
	struct acl	  call;
	uint64_t	  max_size;	/* bytes of an event; 0: any */
	double		  rate;		/* events a second, for one session;
					 * 0: any */
	double		  burst;	/* at once */
	enum overflow	  overflow;
	bool		  retain;
	int		  log;		/* enum log_level of a line for each
					 * event and call; or -1: none */
	bool		  calls;	/* it answers calls */
	int64_t		  warned;	/* ms; of its last guard_warn() */
	unsigned	  silent;	/* warnings left out since then */
	bool		  routed;	/* some route names it */
	bool		  listed;	/* on broker->due */
	bool		  undeclared;	/* it stands for one that is declared
					 * nowhere */
	void		 *shared;	/* borrowed; by all of its type */
	void		 *state;	/* the type's own */
};

/* Make one of that type, which is a name.  name and decl (may be NULL) are
 * borrowed.  NULL with the faults reported. */
struct handler *handler_new(struct generation *g, const char *type,
	    const char *name, const struct handler_decl *decl,
	    struct diags *d);

/* NULL is fine. */
void	handler_free(struct handler *h);

/* Whether it stands for one that is declared nowhere; h may be NULL. */
bool	handler_is_closed(const struct handler *h);

/* Report that a handler cannot be made for want of memory. */
void	handler_report_memory(const struct handler *h, struct diags *d);

/* Something happened to h outside of the functions of its type: let it tick in
 * this turn.  Cheap, however often. */
void	handler_stir(struct handler *h);

/* Let the handlers that are due, and no others, do what is; as tick. */
int64_t	handlers_tick(struct broker *b);
