/*
 * tool.h: what every command-line tool does at its edges: options, the
 * connection, arguments as JSON, output, and the last line on stderr.
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
	struct target_opts where;	/* given to TARGET_ROWS() */
	int64_t		   open_by_ms;	/* of clock_ms(): tool_open() tries
					 * no more then; 0: no bound */
	struct arena	   kept;	/* what argv shows no more */
};

/* Nothing is given yet. */
#define TOOL_INIT(n)	{ .name = (n), .where = TARGET_OPTS_INIT }

/* Parse the command line.  true: go on, operands->v is the caller's to free;
 * false: *status is what main() returns.  What may be a secret in a URL or a
 * header is overwritten in argv, so that ps shows it for no longer than
 * that takes. */
bool	tool_parse(struct tool *t, const struct opt_spec *spec, int argc,
	    char **argv, struct opt_list *operands, enum exit_status *status);

/*
 * Connect to the server that options and environment name.  What may pass (no
 * server yet, a timeout, HTTP 5xx) is said and tried again within --retry;
 * what stays wrong (usage, a certificate, HTTP 4xx, no WAMP) is not.
 */
enum exit_status tool_open(const struct tool *t, struct client **c,
	    const struct client_events *ev, struct errbuf *e);

/*
 * For a tool that goes on when its connection is lost.
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
 * tries is how often a tool tries again of its own accord; --retry and
 * --retry-max-time count before it.
 */
void	tool_retry_init(const struct tool *t, struct retry *r, int64_t tries);

/*
 * *e says how *c was lost: free it, wait, connect again, as often as r has it;
 * each failure is said.  EXIT_DONE: *c is new, and knows nothing of what was
 * sent on the old one; or it is NULL, since wake_fd (-1: none) is readable.
 * Else the last failure, *c is NULL: EXIT_LOST when r allows no try at all.
 *
 * Call retry_reset(r) once a connection has been of use, by an event or an
 * acknowledgement: not at once, or a server that takes connections only to
 * close them is asked without end.
 */
enum exit_status tool_reopen(const struct tool *t, struct client **c,
	    const struct client_events *ev, struct retry *r, int wake_fd,
	    struct errbuf *e);

/* Close a connection whose work is done: a goodbye that fails takes nothing
 * from it, is told only with -v, and has a second.  NULL is fine. */
void	tool_close(const struct tool *t, struct client *c);

/* Close it after work that ended with status.  If the connection may be broken,
 * do not say goodbye. */
void	tool_leave(const struct tool *t, struct client *c,
	    enum exit_status status);

/* A line on stderr, with the tool's name, unless -q is given. */
void	tool_say(const struct tool *t, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The end of a run: unless all went well say why, and free what options have
 * filled in t->where.  Returns status, for main() to return. */
int	tool_end(struct tool *t, enum exit_status status,
	    const struct errbuf *e);

/* Append s as a JSON string.  EXIT_USAGE when it is not UTF-8; what says
 * which argument it is. */
enum exit_status tool_quote(struct buf *out, const char *s, const char *what,
	    struct errbuf *e);
