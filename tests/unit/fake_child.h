/*
 * fake_child.h: children without processes: they record what they are sent
 * and say what a test lets them say.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "wampd/process/child.h"

#define FAKE_CHILDREN_MAX	64

struct child {
	const struct child_events *events;
	void	   *arg;
	const char *cwd;	/* borrowed; where it was started */
	struct buf  in;		/* what it was sent, not yet looked at */
	size_t	    waiting;	/* bytes that it has not read, says send */
	bool	    paused;
	bool	    running;
	bool	    stopped;	/* by its owner */
};

/* The context of the functions. */
struct fake_children {
	struct child *child[FAKE_CHILDREN_MAX]; /* in order of their start */
	size_t	      n;
	unsigned      failures;	/* starts that failed */
	bool	      broken;	/* starts fail */
};

extern const struct child_ops fake_child_ops;

/* What it was sent since the last call, as a C string; borrowed until
 * then. */
const char *fake_child_hear(struct child *c);

/* It prints a line, without the newline; nothing when it is paused or
 * gone. */
void	fake_child_say(struct child *c, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	fake_child_say_slice(struct child *c, struct slice line);

/* It prints a line to stderr. */
void	fake_child_complain(struct child *c, struct slice line);

/* It ends. */
void	fake_child_end(struct child *c);

/* Free all of them; the broker is gone. */
void	fake_children_clear(struct fake_children *f);
