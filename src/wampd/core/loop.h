/*
 * loop.h: how the broker waits for descriptors, and for work of other threads,
 * without knowing the event loop.
 *
 * It calls the loop through this table of functions.  server_loop.c has the
 * table for libuv; tests have one that polls.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop_watch;

struct loop_ops {
	/* Call ready(arg, now), with the loop's time in ms, whenever fd is
	 * readable.  The caller still owns fd.  ctx is broker->loop_ctx.
	 * Returns NULL when out of memory. */
	struct loop_watch *(*watch)(void *ctx, int fd,
		    void (*ready)(void *arg, int64_t now), void *arg);

	/* Call ready() also when fd is writable, or stop that. */
	void	(*want_write)(struct loop_watch *w, bool on);

	/* Stop calling ready(), and free w.  To be called before fd is
	 * closed. */
	void	(*unwatch)(struct loop_watch *w);

	/* Call run(arg) in another thread, and then done(arg, now) in this
	 * one.  ctx is broker->loop_ctx.  0, or -1 when out of memory.  NULL:
	 * there are no threads. */
	int	(*work)(void *ctx, void (*run)(void *arg),
		    void (*done)(void *arg, int64_t now), void *arg);
};
