/*
 * link.h: where the messages go, and all waiting: for the server, for input,
 * for the next event's time, and for the signal that ends the run.
 *
 * With --dry-run there is no server: the messages go to stdout.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/slice.h"
#include "client/client.h"
#include "client/progress.h"
#include "client/publisher.h"
#include "client/retry.h"
#include "pub/options.h"

struct link {
	struct pub_options *o;	/* borrowed */
	struct client *client;	/* owned; NULL: none */
	bool	    wampd;	/* what the client talks to */
	struct publisher publisher;
	struct retry retry;	/* when the connection is lost */
	uint64_t    lost_at;	/* events accepted when it last was */
	struct progress *progress; /* borrowed */
	struct buf  out;	/* --dry-run: what stdout has not got yet */
	int	    signals;	/* of stop_open(); -1: they end us */
	int	    watch;	/* epoll: signals and input; -1 likewise */
	int	    watched;	/* the input in it; -1: none */
	int	    signo;	/* the signal that has come, or 0 */
	int64_t	    settled_ms;	/* when all was last acknowledged */
};

/* Connect, and find the topic if it is that of a route.  streams: signals are
 * to end it decently.  From now on a lost connection is mended within the
 * bounds of --retry, if the server is wampd: with others nobody knows which
 * events it has not got. */
enum exit_status link_open(struct link *l, struct pub_options *o,
	    struct progress *progress, bool streams, struct errbuf *e);

/* Publish one event. */
enum exit_status link_send(struct link *l, struct slice topic_json,
	    struct slice event, struct errbuf *e);

/* Have all that was published leave, and acknowledged if the server can. */
enum exit_status link_settle(struct link *l, struct errbuf *e);

/* Wait until fd has input, or a signal has come.  What was published leaves
 * and is acknowledged before. */
enum exit_status link_await(struct link *l, int fd, struct errbuf *e);

/* Wait so many microseconds, or until a signal comes. */
enum exit_status link_pause(struct link *l, int64_t us, struct errbuf *e);

/* Look whether a signal has come. */
void	link_signal(struct link *l);

/* Once all is settled: say goodbye. */
enum exit_status link_finish(struct link *l, struct errbuf *e);

void	link_clear(struct link *l);
