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

/* Where Oro's clients listen, and wampd unless it is told otherwise. */
#define MAINT_TOPIC	"oro/maintenance"

struct maint {
	struct tool  tool;
	struct order order;
	bool	     json;
	bool	     dry_run;
	const char  *lock_file;
	struct client *client;
	struct publisher publisher;	/* for servers that are not wampd */
	struct buf   text;	/* an argument list, an event, then output */
};

/* Call a procedure of wampd; an error result is a failure. */
enum exit_status maint_call(struct maint *m, struct slice procedure,
	    struct slice args, struct slice *result, struct errbuf *e);

/* Print the text and a newline. */
enum exit_status maint_print(struct slice text,
	    struct errbuf *e);

/* Turn it on or off, as m->order says (set.c). */
enum exit_status maint_set(struct maint *m, struct errbuf *e);

/* Print each change until the process is killed (watch.c). */
enum exit_status maint_watch(struct maint *m, struct errbuf *e);
