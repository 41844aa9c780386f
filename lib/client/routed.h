/*
 * routed.h: topics given by a route and its parameters: --route NAME
 * name=value...
 *
 * The broker has the routes, and generates the topic.  For other servers,
 * wamp-routes generates it from routing files.  That is a process of its own,
 * so that tools need no regular expressions and no YAML.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/opt.h"
#include "client/tool.h"
#include "route/param.h"

/* Zeroed: --route is not given. */
struct routed {
	const char	   *route;	/* --route; NULL: not given */
	struct opt_list	    files;	/* --routes; owned array */
	struct opt_list	    given;	/* the operands name=value; likewise */
	struct route_params params;	/* their names and values */
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

/* With --routes, generate the topic without a connection. */
enum exit_status routed_read(struct routed *r, const struct tool *t,
	    struct errbuf *e);

/* As tool_open().  With --route, also get the topic: from the files before
 * connecting, or from the broker.  If wamp-routes has printed an error, *e
 * stays unchanged. */
enum exit_status routed_open(struct routed *r, const struct tool *t,
	    struct client **c, const struct client_events *ev,
	    struct errbuf *e);

void	routed_clear(struct routed *r);
