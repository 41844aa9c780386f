/*
 * reload_read.h: reading a configuration again, with all that it names, and
 * comparing it with the one in force.
 *
 * It runs in a thread of its own, because thousands of routes take longer than
 * the loop may wait.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "route/diag.h"
#include "wampd/reload_part.h"

struct broker;
struct config;
struct config_source;
struct declarations;
struct generation;
struct routes;

#define RELOAD_CHECKS_MAX 8	/* types of handlers */

/* Names, of which a limited number is kept. */
struct reload_names {
	struct buf text;	/* owned: JSON strings with commas */
	size_t	   n;		/* all */
	size_t	   left_out;	/* that are not in text */
};

/* What was added, removed and changed. */
struct reload_differences {
	struct reload_names added, removed, changed;
};

struct reload_reading {
	/* Given by the caller, and borrowed. */
	const struct config_source *from;
	const struct generation *before;	/* in force */
	const struct config *running;		/* its configuration */
	const struct server *server;		/* for the parts */

	/* The result; owned until it is taken. */
	struct config	    *cfg;	/* NULL: nothing could be read */
	struct routes	    *routes;	/* NULL: there are none, or errors */
	struct declarations *declared;	/* NULL: nobody could declare any */
	void		    *prepared[RELOAD_PARTS_MAX]; /* by the parts */
	size_t		     nprepared;	/* of them */
	void		    *checks[RELOAD_CHECKS_MAX]; /* of handler types;
					 * NULL: none */
	struct diags	     diags;
	struct buf	     keys;	/* JSON: changed keys that apply */
	size_t		     n_keys;
	struct buf	     restart;	/* JSON: those that need a restart */
	size_t		     n_restart;
	struct reload_differences route_differences;
	struct reload_differences handler_differences;
	bool		     failed;	/* out of memory */
};

/* Read and compare.  Handlers that do the same are marked as unchanged. */
void	reload_read(struct reload_reading *r);

/* Begin to check what the types of handlers check in a thread.  Whether there
 * is anything; then call the other two, the first one in a thread. */
bool	reload_check_begin(struct reload_reading *r, struct broker *b);
void	reload_check(struct reload_reading *r, const struct broker *b);
void	reload_check_report(struct reload_reading *r, const struct broker *b);

/* Free it, when a generation has been made, or none. */
void	reload_check_end(struct reload_reading *r, const struct broker *b);

/* Let what the parts have prepared take effect. */
void	reload_commit_parts(struct reload_reading *r, struct server *s);

/* Free all that was not taken. */
void	reload_reading_clear(struct reload_reading *r);
