/*
 * topics.h: the topics of a run, and who subscribes to which.
 *
 * Events are numbered, and are published to the topics in turn.  Subscribers
 * are distributed over the topics in turn, too.  With more topics than
 * subscribers, the topics are distributed over the subscribers.  In both cases
 * subscriber c gets the events whose number is c modulo the stride.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "bench/pool.h"

struct topics {
	const char *name;	/* borrowed; of the topic, or its beginning */
	uint32_t    n;
	uint32_t    clients;	/* subscribers */
	uint32_t    stride;	/* of the numbers that one subscriber gets */
};

/* Fill *t.  EXIT_DONE, or EXIT_USAGE if they cannot be distributed. */
enum exit_status topics_init(struct topics *t, const char *name, int64_t n,
	    int64_t clients, struct errbuf *e);

/* How many subscribers get event k; how many deliveries the first n events
 * have. */
uint32_t topics_audience(const struct topics *t, uint32_t k);
uint64_t topics_deliveries(const struct topics *t, uint32_t n);

/* Write to *text the publication to a topic, up to the event of size bytes. */
enum exit_status topics_publish(const struct topics *t, struct buf *text,
	    const struct protocol *p, uint32_t topic, size_t size,
	    struct errbuf *e);

/* Subscribe the first sessions of the pool, which are all open, and wait until
 * all subscriptions are in place. */
enum exit_status topics_subscribe(const struct topics *t, struct pool *p,
	    struct errbuf *e);
