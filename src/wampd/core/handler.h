/*
 * handler.h: handlers, which decide about subscriptions, events and calls.
 *
 * A handler never writes to a socket.  It says yes or no, or publishes events
 * (publish.h), or decides later (request.h).  A type of handlers is one file in
 * handlers/ and one row in handlers/types.c.
 *
 * The keys that all types have in common are handled outside of the types, see
 * guard.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/err.h"
#include "route/declare.h"
#include "wampd/core/acl.h"
#include "wampd/core/frame.h"
#include "wampd/core/speed.h"
#include "wampd/core/verdict.h"

struct broker;
struct call;
struct declarations;
struct diags;
struct generation;
struct handler;
struct handler_type;
struct handler_decl;
struct publication;
struct session;
struct shared_ops;
struct topic;

/*
 * Checking declarations of a type in another thread, before a reload makes a
 * generation of them, which would take too long there.  What is not checked so,
 * init() checks.
 */
struct handler_check {
	/* In the loop: what is to be checked of that type in d, which must live
	 * until report(); NULL: nothing. */
	void   *(*begin)(struct broker *b, const struct handler_type *type,
		    const struct declarations *d);
	void	(*run)(void *work);	/* in the other thread */
	/* In the loop: report the faults.  Then init() need not check again,
	 * until end(), which frees it. */
	void	(*report)(void *work, struct diags *d);
	void	(*end)(void *work);
};

/* The functions of a type.  Everything but the name may be NULL. */
struct handler_type {
	const char *name;	/* "broadcast" */

	/* What all handlers of the type in a broker share as h->shared, see
	 * shared.h.  NULL: nothing. */
	const struct shared_ops *shared;

	const struct handler_check *check;

	/* Make h->state from h->decl, and free it.  init: 0, or -1 with the
	 * faults reported. */
	int	(*init)(struct handler *h, struct diags *d);
	void	(*free)(struct handler *h);

	/* Whether s may subscribe to t.  *e is filled for VERDICT_NO.  NULL:
	 * always yes. */
	enum verdict (*subscribe)(struct handler *h, struct topic *t,
		    struct session *s, struct errbuf *e);

	/* s has subscribed to t.  s has unsubscribed from t, which may have
	 * no subscribers now.  left() may run while a message of s is handled
	 * or while s is freed: it must not send to sessions, nor use the
	 * broker's scratch buffers. */
	void	(*joined)(struct handler *h, struct topic *t,
		    struct session *s);
	void	(*left)(struct handler *h, struct topic *t,
		    struct session *s);

	/* Deliver an event.  *delivered is how many sessions it was queued to;
	 * *e is filled for VERDICT_NO.  NULL: to all subscribers. */
	enum verdict (*publish)(struct handler *h, struct publication *p,
		    long *delivered, struct errbuf *e);

	/* Answer a call: append the result to c->out, or fill c->failure for
	 * VERDICT_NO.  NULL: calls are refused. */
	enum verdict (*call)(struct handler *h, struct call *c);

	/* Whether p may do this on t, which the list of h allows already:
	 * VERDICT_LATER if a program decides.  *e is filled for VERDICT_NO.
	 * Nothing is changed, and no program is asked.  NULL: always yes. */
	enum verdict (*may)(struct handler *h, enum declare_action action,
		    const struct topic *t, const struct principal *p,
		    struct errbuf *e);

	/* h does the same as `before`, which the newest generation had until
	 * now: take over its state, such as running programs.  before gets the
	 * state that h had, and does nothing any more.  NULL: h starts
	 * afresh. */
	void	(*inherit)(struct handler *h, struct handler *before);

	/* A session was opened; a session is closed.  What left() must not do,
	 * closed() must not do either. */
	void	(*opened)(struct handler *h, struct session *s);
	void	(*closed)(struct handler *h, struct session *s);

	/* Do what is due at broker->now.  Returns in how many ms the next thing
	 * is due (at least 1), or -1 for never.  It is called then, and in each
	 * turn in which a function above or handler_stir() was called. */
	int64_t	(*tick)(struct handler *h);

	/* Append members about its programs to a JSON object, each with a comma
	 * in front.  0, or -1 when out of memory. */
	int	(*describe)(const struct handler *h, struct buf *out);
};

TAILQ_HEAD(handler_list, handler);

/* Since the handler was made; a reload that does not change its declaration
 * keeps them. */
struct handler_counts {
	uint64_t events;	/* accepted on its topics */
	uint64_t calls;		/* that it was asked */
	uint64_t refusals;	/* of events and subscriptions */
	uint64_t starts;	/* of its programs */
	uint64_t ends;		/* of these, whatever the reason */
};

struct handler {
	struct handler	 *next;		/* generation->handlers */
	struct handler	 *next_told;	/* generation->told */
	TAILQ_ENTRY(handler) due_link;	/* broker->due, by due */
	int64_t		  due;		/* ms, monotonic: its tick; 0: now */
	struct broker	 *broker;	/* borrowed */
	struct generation *generation;	/* borrowed; it owns the handler */
	uint64_t	  id;		/* the same as long as reloads do not
					 * change its declaration; unique
					 * otherwise */
	const struct handler_type *type; /* static */
	const struct handler_decl *decl; /* borrowed; NULL: not declared */
	const char	 *name;		/* borrowed; as routes name it */
	struct handler_counts counts;
	struct acl	  rights[DECLARE_ACTIONS];
	uint64_t	  max_size;	/* bytes of an event; 0: any */
	double		  rate;		/* events a second, for one session;
					 * 0: any */
	double		  burst;	/* events that may come at once */
	enum overflow	  overflow;	/* of its events */
	uint8_t		  keeps;	/* KEEP_ bits: as what its topics keep
					 * events */
	int64_t		  retain_time;	/* ms that these are retained; 0: no
					 * end */
	int64_t		  history_events; /* of each history; 0: any number */
	int64_t		  history_time;	/* ms that an event is in a history;
					 * 0: no end */
	int		  log;		/* enum log_level of a line for each
					 * event and call; or
					 * DECLARE_LOG_NONE */
	bool		  calls;	/* it answers calls */
	struct speed	  event_speed;	/* of counts.events */
	struct speed	  call_speed;	/* of counts.calls */
	int64_t		  warned;	/* ms, monotonic: its last warning;
					 * 0: none */
	unsigned	  silent;	/* warnings not logged since then */
	bool		  routed;	/* a route names it */
	bool		  listed;	/* on broker->due */
	bool		  undeclared;	/* it stands for a handler that is not
					 * declared */
	void		 *shared;	/* borrowed; of its type */
	void		 *state;	/* the type's own */
};

/* Make a handler of the type with that name.  name and decl (may be NULL) are
 * borrowed.  Returns NULL with the faults reported. */
struct handler *handler_new(struct generation *g, const char *type,
	    const char *name, const struct handler_decl *decl,
	    struct diags *d);

/* Let h go on as `before` of the generation before, if it has the same type and
 * declaration.  Both may be NULL. */
void	handler_inherit(struct handler *h, struct handler *before);

/* Whether a reload has not changed anything between these two, which may be
 * NULL. */
static inline bool
handler_is_same(const struct handler *a, const struct handler *b)
{
	return a == b || (a != NULL && b != NULL && a->id == b->id);
}

/* NULL is fine. */
void	handler_free(struct handler *h);

/* Whether it refuses everybody, because it stands for a handler that is not
 * declared.  h may be NULL. */
bool	handler_is_closed(const struct handler *h);

/* Report that there is not enough memory to make h. */
void	handler_report_memory(const struct handler *h, struct diags *d);

/* Tell h that s has subscribed to t, or unsubscribed.  h may be NULL. */
void	handler_tell_joined(struct handler *h, struct topic *t,
	    struct session *s);
void	handler_tell_left(struct handler *h, struct topic *t,
	    struct session *s);

/* Let h tick in this turn.  Called before a function of its type, and when
 * something else has changed for it.  It is cheap to call it often. */
void	handler_stir(struct handler *h);

/* Let the handlers that are due tick.  Returns in how many ms the next one is
 * due (at least 1), or -1 for never. */
int64_t	handlers_tick(struct broker *b);
