/*
 * routed.h: topics named by a route and its parameters, --route NAME
 * name=value..., instead of as they are.
 *
 * The broker has the routes, and makes the topic.  Where it is another server,
 * wamp-routes makes it from routing files: a process of its own, so that
 * regular expressions and YAML cost those nothing who do not ask for them.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/opt.h"
#include "client/tool.h"
#include "route/param.h"

/* Zeroed: not asked for. */
struct routed {
	const char	   *route;	/* --route; NULL: not given */
	struct opt_list	    files;	/* --routes; owned array */
	struct opt_list	    given;	/* the operands name=value; likewise */
	struct route_params params;	/* what they say */
	struct buf	    text;	/* of topic */
	const char	   *topic;	/* NULL without --route */
};

/* The rows, for a tool's table; r is a struct routed *. */
#define ROUTED_ROWS(r)							\
	{ .long_name = "route", .type = OPT_STRING, .arg = "NAME",	\
	  .help = "the topic of route NAME; operands name=value",	\
	  .at = &(r)->route, .complete = OPT_C_ROUTE, .rare = true },	\
	{ .long_name = "routes", .type = OPT_LIST, .arg = "FILE",	\
	  .help = "routing file for --route, not the broker's routes",	\
	  .at = &(r)->files, .complete = OPT_C_FILE, .rare = true }

/* With --route, take the parameters out of the operands. */
enum exit_status routed_take(struct routed *r, struct opt_list *operands,
	    struct errbuf *e);

/* With --routes, find the topic without a connection. */
enum exit_status routed_read(struct routed *r, const struct tool *t,
	    struct errbuf *e);

/* As tool_open(); with --route also find the topic: by the files before there
 * is a connection, or by the routes of the broker.  When wamp-routes has said
 * what is wrong, *e stays as it was. */
enum exit_status routed_open(struct routed *r, const struct tool *t,
	    struct client **c, const struct client_events *ev,
	    struct errbuf *e);

void	routed_clear(struct routed *r);
