/*
 * child.h: a program that runs beside the broker and talks in lines.
 *
 * Its owner uses a table of functions, as with transports: child.c makes real
 * processes on the libuv loop, and tests make them up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"
#include "route/declare.h"

struct child;

/* What the owner of a child is told, but never during a child_ops function. */
struct child_events {
	/* One of the others follows; now is the loop's time in ms. */
	void (*awake)(void *arg, int64_t now);
	/* The program runs; may be NULL.  Lines may be sent before that. */
	void (*started)(void *arg);
	/* One line of its stdout, without the newline. */
	void (*line)(void *arg, struct slice line);
	/* One line of its stderr; a very long line comes in pieces. */
	void (*complaint)(void *arg, struct slice line);
	/* It has ended, printed an endless line or closed its stdout.  The
	 * child is freed when this returns.  how is for the log: "exit status
	 * 1", "signal 9 (Killed)", "cannot start ...". */
	void (*ended)(void *arg, const char *how);
};

struct child_ops {
	/* Get ready to start children later.  It must be called while the
	 * broker is small and has one thread.  0, or -1 with *e filled. */
	int	(*prepare)(void *ctx, struct errbuf *e);
	/* Start a child.  If its program cannot be run, ended() tells that.
	 * ctx is the result of children_new(), events is static, and `what`
	 * must live as long as the child.  NULL with *e filled. */
	struct child *(*start)(void *ctx, const struct declare_exec *what,
		    const struct child_events *events, void *arg,
		    struct errbuf *e);
	/* Queue whole lines, or nothing, for its stdin.  Returns how many
	 * bytes are queued then; the owner must bound them. */
	size_t	(*send)(struct child *c, struct slice bytes);
	/* Stop reading its stdout, or go on. */
	void	(*pause)(struct child *c, bool on);
	/* End it and all that it has started: SIGTERM, and SIGKILL a moment
	 * later.  The owner is told nothing more, and the child is freed. */
	void	(*stop)(struct child *c);
	/* Start the process of a jq worker, see jq_worker_options; ctx as
	 * above.  NULL: the broker can do that itself. */
	int	(*start_jq)(void *ctx, pid_t *pid, int socket, int page);
};

/* Real processes. */
extern const struct child_ops child_ops;
