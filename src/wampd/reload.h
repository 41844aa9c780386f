/*
 * reload.h: reading the configuration again while the broker runs.
 *
 * Everything is read and checked in a thread, and then takes effect at once or
 * not at all.  A request that comes while another one is being worked on is
 * done after it, because files may have changed meanwhile; requests that wait
 * are done together.
 */
#pragma once

#include "base/err.h"

struct broker;
struct children;
struct config_source;
struct reload;
struct server;

/* What a reload changes.  All is borrowed. */
struct reload_of {
	struct broker	*broker;
	struct children	*children;
	struct server	*server;	/* for the rows of reload_part.h */
	const struct config_source *from;
};

/* Get ready, and add the procedures to the broker.  NULL when out of memory. */
struct reload *reload_new(const struct reload_of *of);

/* Reload because of a signal. */
void	reload_by_signal(struct reload *r, int signo);

/* Change nothing any more, because the loop ends.  NULL is fine for both. */
void	reload_close(struct reload *r);

/* Free it, after the broker. */
void	reload_free(struct reload *r);
