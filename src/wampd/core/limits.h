/*
 * limits.h: checks that sent messages keep within limits.message and
 * limits.depth.
 *
 * Clients often have the same limits.  An event that exceeded them would
 * disconnect every such subscriber, and if it were retained, each later one,
 * too.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct broker;
struct topic;

/* Check a message that consists of value and `beside` other bytes.  what names
 * the value in the error: "a result".  Returns 0, or -1 with *e filled. */
int	limits_check(const struct broker *b, const char *what,
	    struct slice value, size_t beside, struct errbuf *e);

/* Check the message that brings an event to the subscribers of t. */
int	limits_check_event(const struct broker *b, const struct topic *t,
	    struct slice event, struct errbuf *e);

/* Check only the length of that message.  This is enough for a received event:
 * its depth was checked, but the expanded topic may be longer than the CURIE
 * that came. */
int	limits_check_length(const struct broker *b, const struct topic *t,
	    struct slice event, struct errbuf *e);
