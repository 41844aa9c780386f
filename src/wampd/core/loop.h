/*
 * loop.h: descriptors that the core waits for, without knowing the loop.
 *
 * The core sees the loop through a table of functions, as it sees transports:
 * server_loop.c has the libuv loop's, tests poll.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop_watch;

struct loop_ops {
	/* Call ready(arg, now), with the loop's time in ms, whenever fd is
	 * readable.  The descriptor stays the caller's.  NULL when out of
	 * memory; ctx is theirs. */
	struct loop_watch *(*watch)(void *ctx, int fd,
		    void (*ready)(void *arg, int64_t now), void *arg);
	/* The same when it is writable, or no more. */
	void	(*want_write)(struct loop_watch *w, bool on);
	/* ready is not called any more.  Before the descriptor is closed. */
	void	(*unwatch)(struct loop_watch *w);
};
