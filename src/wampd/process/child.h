/*
 * child.h: a program that runs beside the broker and talks in lines.
 *
 * The core sees children through a table of functions, as it sees transports:
 * child.c makes real processes on the libuv loop, tests make them up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "route/declare.h"

struct child;
struct children;
struct uv_loop_s;

/* What the child's owner is told; never from within child_ops functions. */
struct child_events {
	/* There is news of it, told next; the loop's time in ms. */
	void (*awake)(void *arg, int64_t now);
	/* It runs; NULL: need not be told.  It may be sent to before. */
	void (*started)(void *arg);
	/* One line of its stdout, without the newline. */
	void (*line)(void *arg, struct slice line);
	/* One line of its stderr; a very long one comes in pieces. */
	void (*complaint)(void *arg, struct slice line);
	/* It has ended, or printed an endless line, or closed its stdout; the
	 * child is freed when this returns.  how is for the log: "exit status
	 * 1", "signal 9 (Killed)", "cannot start ...". */
	void (*ended)(void *arg, const char *how);
};

struct child_ops {
	/* A child will be started later: get ready while the broker is small
	 * and has one thread.  0, or -1 with *e filled. */
	int	(*prepare)(void *ctx, struct errbuf *e);
	/* Start one; that its program cannot be run is told by ended().
	 * NULL with *e filled. events is static; ctx is what children_new()
	 * made; what lives as long as the child. */
	struct child *(*start)(void *ctx, const struct declare_exec *what,
		    const struct child_events *events, void *arg,
		    struct errbuf *e);
	/* Queue bytes (whole lines, or nothing) to its stdin.  Bytes that
	 * wait afterwards; the owner bounds them. */
	size_t	(*send)(struct child *c, struct slice bytes);
	/* Read no more of its stdout for now, or again. */
	void	(*pause)(struct child *c, bool on);
	/* End it and all that it has started (SIGTERM, SIGKILL a moment
	 * later); nothing is told any more and the child is freed. */
	void	(*stop)(struct child *c);
};

/* Real processes. */
extern const struct child_ops child_ops;

/* Where they live; a message has at most max_message bytes, and a line that
 * one of them prints not much more.  NULL with *e filled. */
struct children *children_new(struct uv_loop_s *loop, size_t max_message,
	    struct errbuf *e);

/* End them all, which their owners are told, and start none any more.  The
 * loop must run on until they have ended, then children_free().  NULL is fine
 * for both. */
void	children_close(struct children *t);
void	children_free(struct children *t);
