/*
 * join.h: making a broker with all its parts.
 */
#pragma once

#include "base/err.h"

struct broker;
struct broker_parts;
struct broker_settings;

/* Make a broker with all its taps and procedures.  It takes the same parts as
 * broker_new(), also on failure.  NULL with *e filled. */
struct broker *join_broker(const struct broker_settings *set,
	    const struct broker_parts *parts, struct errbuf *e);
