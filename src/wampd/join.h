/*
 * join.h: the subjects that a broker consists of, joined.
 */
#pragma once

#include "base/err.h"

struct broker;
struct broker_parts;
struct broker_settings;

/* A broker with all its taps and procedures.  NULL with *e filled on failure;
 * what it takes of the parts is gone then, too (broker_new()). */
struct broker *join_broker(const struct broker_settings *set,
	    const struct broker_parts *parts, struct errbuf *e);
