/*
 * forwarded.h: the client of a request, as a proxy tells it in X-Forwarded-For
 * or Forwarded (RFC 7239).
 *
 * Each proxy adds the address from which it got the request at the right.  Only
 * what our proxies have added is true, so the list is walked from the right,
 * over trusted addresses, to the first other one: that is the client.  As in
 * nginx with real_ip_recursive, the walk also ends in front of what is no
 * address; then the last trusted one counts, and if that is the first one, the
 * peer of the socket.  RFC 7239's "unknown" and "_hidden" end it, too.
 *
 * Proxies write only one of the two fields, and may pass on what a client wrote
 * into the other one.  So a request in which they contradict each other is
 * refused, as in Ruby on Rails.  So is a malformed Forwarded field: in an
 * unbalanced quoted string of a client, what our proxy has added would hide.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"
#include "wampd/core/address.h"

#define FORWARDED_MOST	64	/* elements of each field's list */

/* Whether the address is one of our proxies. */
typedef bool forwarded_trust_fn(const void *arg, const struct address *a);

struct forwarded {
	struct address client;	/* AF_UNSPEC: not told.  Its port is 0 if it is
				 * not told */
	struct slice   host;	/* borrowed; the authority that the client asked
				 * for; empty: not told */
	struct slice   proto;	/* likewise; "https" */
};

/* Read the fields of a request that one of our proxies has sent.  0, or -1 if
 * it must be refused. */
int	forwarded_read(struct slice fields, forwarded_trust_fn *trust,
	    const void *arg, struct forwarded *out);

/* Read "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]" or
 * "[2001:db8::1]:80"; a port may also be obfuscated, as "_a1".  Whether it is
 * an address. */
bool	forwarded_node(struct slice text, struct address *out);
