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

/* Where Oro's clients listen, and wampd unless it is told otherwise. */
#define MAINT_TOPIC	"oro/maintenance"

struct maint {
	struct tool  tool;
	struct order order;
	bool	     json;
	bool	     dry_run;
	const char  *lock_file;
	struct client *client;
	bool	     remote;	/* wampd takes no calls from here */
	struct publisher publisher;	/* for it, and for other servers */
	struct buf   text;	/* an argument list, an event, then output */
	struct buf   heard;	/* the last event */
	bool	     nomem;	/* it could not be kept */
};

/* For client_events; arg is a struct maint (ask.c). */
void	maint_on_event(void *arg, const struct wamp_msg *msg);
void	maint_on_refused(void *arg, const struct wamp_msg *msg);

/* What is it now?  *s borrows from *json, which is valid until the next call;
 * json->len 0: that cannot be known (ask.c). */
enum exit_status maint_look(struct maint *m, struct state *s,
	    struct slice *json, struct errbuf *e);

/* Call a procedure of wampd; an error result is a failure (ask.c). */
enum exit_status maint_call(struct maint *m, struct slice procedure,
	    struct slice args, struct slice *result, struct errbuf *e);

/* Print the text and a newline (print.c). */
enum exit_status maint_print(struct slice text, struct errbuf *e);

/* Remove the lock file, if there is one to be kept in step: before anything
 * else when maintenance ends, for whether users can be told or not, they are
 * not to be locked out (set.c). */
enum exit_status maint_open_application(const struct maint *m,
	    struct errbuf *e);

/* Turn it on or off, as m->order says (set.c). */
enum exit_status maint_set(struct maint *m, struct errbuf *e);

/* Print each change until the process is killed (watch.c). */
enum exit_status maint_watch(struct maint *m, struct errbuf *e);
