/*
 * tool.h: the parts that all command-line tools share: options, the connection,
 * arguments as JSON, output, and the last line on stderr.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/opt.h"
#include "client/client.h"
#include "client/retry.h"
#include "client/target.h"
#include "client/tool_print.h"

struct tool {
	const char	  *name;
	struct target_opts where;	/* for TARGET_ROWS() */
	int64_t		   open_by_ms;	/* of clock_ms(): no attempt of
					 * tool_open() begins later; 0: no
					 * limit */
	struct arena	   kept;	/* secrets that were removed from
					 * argv */
};

/* No option is given yet. */
#define TOOL_INIT(n)	{ .name = (n), .where = TARGET_OPTS_INIT }

/* Parse the command line. true: continue; the caller frees operands->v. false:
 * main() returns *status.  Secrets in URLs and headers are overwritten in argv
 * at once, so that ps shows them only for a moment. */
bool	tool_parse(struct tool *t, const struct opt_spec *spec, int argc,
	    char **argv, struct opt_list *operands, enum exit_status *status);

/*
 * Connect to the server that options and environment name.  A temporary failure
 * (no server yet, a timeout, HTTP 5xx) is reported and tried again as --retry
 * says.  A permanent one (usage, a certificate, HTTP 4xx, no WAMP) is not.
 */
enum exit_status tool_open(const struct tool *t, struct client **c,
	    const struct client_events *ev, struct errbuf *e);

/*
 * For a tool that continues after its connection is lost:
 *
 *	tool_retry_init(&t, &retry, RETRY_FOREVER);
 *	...
 *	while (status == EXIT_LOST) {
 *		status = tool_reopen(&t, &c, &ev, &retry, signals, &e);
 *		if (status != EXIT_DONE || c == NULL)
 *			break;
 *		... subscribe again, or send again what was in doubt ...
 *		status = work(c, &e);
 *	}
 *
 * tries is the default number of retries; --retry and --retry-max-time override
 * it.
 */
void	tool_retry_init(const struct tool *t, struct retry *r, int64_t tries);

/*
 * *e says how *c was lost.  Free it, wait, and connect again, as often as r
 * allows; report each failure.  EXIT_DONE: *c is a new connection, without
 * subscriptions, or NULL if wake_fd (-1: none) is readable.  Otherwise the last
 * failure, and *c is NULL; EXIT_LOST if r allows no retry at all.
 *
 * Call retry_reset(r) when a connection has brought an event or an
 * acknowledgement.  Do not call it earlier: otherwise a server that accepts
 * connections and closes them would be asked without end.
 */
enum exit_status tool_reopen(const struct tool *t, struct client **c,
	    const struct client_events *ev, struct retry *r, int wake_fd,
	    struct errbuf *e);

/* Close a connection after its work is done.  The goodbye may take a second; if
 * it fails, this is only reported with -v. c may be NULL. */
void	tool_close(const struct tool *t, struct client *c);

/* Close it after work that ended with status.  If the connection may be broken,
 * do not say goodbye. */
void	tool_leave(const struct tool *t, struct client *c,
	    enum exit_status status);

/* Print a line on stderr with the tool's name, unless -q is given. */
void	tool_say(const struct tool *t, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The end of a run: after a failure print why, and free what options have
 * stored in t->where.  Returns status for main(). */
int	tool_end(struct tool *t, enum exit_status status,
	    const struct errbuf *e);

/* Append s as a JSON string.  EXIT_USAGE if it is not UTF-8; what names the
 * argument. */
enum exit_status tool_quote(struct buf *out, const char *s, const char *what,
	    struct errbuf *e);
