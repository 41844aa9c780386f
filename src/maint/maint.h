/*
 * maint.h: what the parts of wamp-maint share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "client/publisher.h"
#include "client/tool.h"
#include "maint/order.h"
#include "maint/state.h"

/* The topic of Oro's clients, and the default of wampd. */
#define MAINT_TOPIC	"oro/maintenance"

struct maint {
	struct tool  tool;
	struct order order;
	bool	     json;
	bool	     dry_run;
	const char  *lock_file;
	struct client *client;
	bool	     remote;	/* wampd refuses calls from here */
	struct publisher publisher;	/* if remote, and for other servers */
	struct buf   text;	/* an argument list, an event, then output */
	struct buf   heard;	/* the last event */
	bool	     nomem;	/* heard could not be stored */
};

/* For client_events; arg is a struct maint (ask.c). */
void	maint_on_event(void *arg, const struct wamp_msg *msg);
void	maint_on_refused(void *arg, const struct wamp_msg *msg);

/* Get the current state.  *s borrows from *json, which is valid until the next
 * call.  json->len 0: the state is unknown (ask.c). */
enum exit_status maint_look(struct maint *m, struct state *s,
	    struct slice *json, struct errbuf *e);

/* Call a procedure of wampd; an error result is a failure (ask.c). */
enum exit_status maint_call(struct maint *m, struct slice procedure,
	    struct slice args, struct slice *result, struct errbuf *e);

/* Print the text and a newline (print.c). */
enum exit_status maint_print(struct slice text, struct errbuf *e);

/* Remove the lock file, if --lock-file names one.  This is the first step when
 * maintenance ends: users must not remain locked out even if they cannot be
 * told (set.c). */
enum exit_status maint_open_application(const struct maint *m,
	    struct errbuf *e);

/* Turn it on or off, as m->order says (set.c). */
enum exit_status maint_set(struct maint *m, struct errbuf *e);

/* Print each change until a signal ends the process (watch.c). */
enum exit_status maint_watch(struct maint *m, struct errbuf *e);
