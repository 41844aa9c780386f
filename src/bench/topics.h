/*
 * topics.h: the topics of a run and who is subscribed to which.
 *
 * Events are numbered and go to the topics in turn.  The subscribers are
 * dealt to the topics in turn, too; with more topics than subscribers the
 * topics are dealt to the subscribers.  Either way subscriber c gets the
 * events whose number is c modulo the stride.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "bench/pool.h"

struct topics {
	const char *name;	/* borrowed; the only one's, or their start */
	uint32_t    n;
	uint32_t    clients;	/* subscribers */
	uint32_t    stride;	/* of the numbers that one subscriber gets */
};

/* Fill *t.  EXIT_DONE, or EXIT_USAGE when they cannot be dealt. */
enum exit_status topics_init(struct topics *t, const char *name, int64_t n,
	    int64_t clients, struct errbuf *e);

/* How many subscribers get event k, and all of the first n events. */
uint32_t topics_audience(const struct topics *t, uint32_t k);
uint64_t topics_deliveries(const struct topics *t, uint32_t n);

/* Make *text a publication to a topic, up to the event of size bytes. */
enum exit_status topics_publish(const struct topics *t, struct buf *text,
	    const struct protocol *p, uint32_t topic, size_t size,
	    struct errbuf *e);

/* Subscribe the first sessions of the pool, all of them open, and wait until
 * all subscriptions stand. */
enum exit_status topics_subscribe(const struct topics *t, struct pool *p,
	    struct errbuf *e);
