/*
 * origin.h: whether a request may come from where it comes from: the hosts and
 * origins that are allowed, and who counts as local.
 *
 * A browser lets the page of any site connect to any server, this machine's
 * included, and says in Origin whose page it is.  A site can also let its own
 * name point to this machine, and is then the same in Origin and Host ("DNS
 * rebinding").  So both are judged, and without a configuration, too.
 */
#pragma once

#include <stdbool.h>

#include "base/host.h"
#include "base/slice.h"
#include "wampd/core/address.h"

struct origin_rules {
	/* As the configuration has them; borrowed. */
	const struct host_list *hosts;
	const struct host_list *origins;
	const struct host_list *applications;	/* of application_url */
	const char *machine;	/* borrowed; the name of this machine, or
				 * NULL */
	bool	    try_out;	/* nothing says who may connect */
	bool	    by_address;	/* peers of this machine can count as local */
	bool	    need_origin; /* with origins: a request without one is
				 * refused */
};

/* What is known of a request; all borrowed. */
struct origin_request {
	struct slice host;	/* the authority; empty with HTTP/1.0 */
	struct slice forwarded_host; /* the authority that a trusted proxy was
				 * asked for, which counts instead; empty: not
				 * said */
	struct slice origin;	/* the last one */
	unsigned     n_origins;
	bool	     forwarded;	/* it came over a proxy, or a field says so */
	bool	     upgrade;	/* to a WebSocket, to which browsers always
				 * say an origin */
	bool	     tls;
	struct address peer;
	struct address own;	/* our end of the connection; only if
				 * origin_needs_own(), and if no proxy is
				 * known to be there */
};

enum origin_fault {
	ORIGIN_FINE,
	ORIGIN_BAD_HOST,	/* Host is none that is allowed */
	ORIGIN_MALFORMED,	/* Origin is no origin, or given twice */
	ORIGIN_FOREIGN,		/* it is the page of another site */
	ORIGIN_MISSING,		/* there is none: only who proves who he is may
				 * pass */
};

struct origin_verdict {
	enum origin_fault fault;
	bool	    local;	/* it comes from this machine, and from no page
				 * of another site; only if fault is
				 * ORIGIN_FINE */
	const char *key;	/* static; the key of wampd.yml to set, or
				 * NULL */
};

/* Whether an authority, which may be empty, is one that no site can have taken
 * for a name of its own: it is of this server, an address, or a name without a
 * dot.  So it is not a browser's that was lured here. */
bool	origin_is_ours(const struct origin_rules *rules,
	    struct slice authority);

/* Whether origin_judge() looks at `own`. */
bool	origin_needs_own(const struct origin_rules *rules,
	    const struct address *peer);

struct origin_verdict origin_judge(const struct origin_rules *rules,
	    const struct origin_request *req);

/* Whether a field of that name says that a proxy passed the request on. */
bool	origin_is_forwarding(struct slice field);
