/*
 * link.h: sends the messages, and does all waiting: for the server, for input,
 * for the time of the next event, and for the signal that ends the run.
 *
 * With --dry-run there is no server, and the messages are printed on stdout.
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
	bool	    wampd;	/* the server is wampd */
	struct publisher publisher;
	struct retry retry;	/* when the connection is lost */
	uint64_t    lost_at;	/* events accepted when it was last lost */
	struct progress *progress; /* borrowed */
	struct buf  out;	/* --dry-run: output that is not written yet */
	int	    signals;	/* of stop_open(); -1: signals end us */
	int	    watch;	/* epoll of signals and input; or -1 */
	int	    watched;	/* the input in watch; -1: none */
	int	    signo;	/* the signal that has come, or 0 */
	int64_t	    settled_ms;	/* when all events were last acknowledged */
};

/* Connect, and get the topic of a route if there is one.  streams: catch
 * signals and end in order.  If the connection is lost later, it is opened
 * again as --retry allows, but only with wampd: other servers do not say which
 * events they have got. */
enum exit_status link_open(struct link *l, struct pub_options *o,
	    struct progress *progress, bool streams, struct errbuf *e);

/* Publish one event. */
enum exit_status link_send(struct link *l, struct slice topic_json,
	    struct slice event, struct errbuf *e);

/* Send all published events, and have them acknowledged if the server can. */
enum exit_status link_settle(struct link *l, struct errbuf *e);

/* Wait until fd has input or a signal comes.  Before, send all published events
 * and have them acknowledged. */
enum exit_status link_await(struct link *l, int fd, struct errbuf *e);

/* Wait us microseconds, or until a signal comes. */
enum exit_status link_pause(struct link *l, int64_t us, struct errbuf *e);

/* Check whether a signal has come. */
void	link_signal(struct link *l);

/* After link_settle(): close the connection. */
enum exit_status link_finish(struct link *l, struct errbuf *e);

void	link_clear(struct link *l);
