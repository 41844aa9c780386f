/*
 * limits.h: what the broker itself sends keeps within limits.message and
 * limits.depth, as what it receives does.
 *
 * Else a handler could make an event that cuts off every client of the same
 * limits, and, once it is retained, does so for ever.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct broker;
struct topic;

/* Does a message with that value, and so many bytes beside it, keep within
 * them?  what names the value: "a result".  0, or -1 with *e filled. */
int	limits_check(const struct broker *b, const char *what,
	    struct slice value, size_t beside, struct errbuf *e);

/* The same of an event on its way to the subscribers of t. */
int	limits_check_event(const struct broker *b, const struct topic *t,
	    struct slice event, struct errbuf *e);

/* Only whether it is short enough, for an event that came in a message: a
 * prefix may have made its topic longer. */
int	limits_check_length(const struct broker *b, const struct topic *t,
	    struct slice event, struct errbuf *e);
