/*
 * reload_part.h: what a part of the broker outside of the core does at a
 * reload.
 *
 * A part takes two steps, so that either all of them change or none does.  A
 * row of a table in server_reload.c lets it take part.
 */
#pragma once

struct config;
struct diags;
struct server;

struct reload_part {
	const char *name;	/* NULL ends a table */

	/* Read and check everything that cfg names, and change nothing.  It
	 * runs in a thread, beside the loop: it must not touch what the loop
	 * changes.  Errors and warnings go to *d; the result is given to one of
	 * the other two, to discard() only if it is not NULL.  cfg is freed
	 * afterwards unless config_hold() is called. */
	void   *(*prepare)(const struct server *s, struct config *cfg,
		    struct diags *d);

	/* Let it take effect; takes `prepared`, which may be NULL.  It cannot
	 * fail, and is short.  The broker has its new generation already. */
	void	(*commit)(struct server *s, void *prepared);

	/* Free `prepared`, because something else has failed, or it is a dry
	 * run. */
	void	(*discard)(void *prepared);
};

/* The parts, in the order in which they take effect. */
extern const struct reload_part reload_parts[];

#define RELOAD_PARTS_MAX	8	/* rows of that table */
