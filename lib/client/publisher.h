/*
 * publisher.h: publishes events and reports the results.
 *
 * PUBLISH has no answer in WAMP v1. wampd answers wampd.barrier with the
 * results of a session's events since the last barrier.  With other servers,
 * the closing handshake is the only proof.
 *
 * A publisher outlives its connection.  When it is attached to a new one, it
 * sends the events in doubt again, if it was told to keep them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/opt.h"
#include "base/slice.h"
#include "client/client.h"

__BEGIN_DECLS

/* Zeroed: no restrictions. */
struct publisher_opts {
	struct opt_list exclude;	/* session ids, borrowed */
	struct opt_list eligible;	/* likewise; n 0: everybody */
	bool		exclude_me;
	bool		retain;		/* also for later subscribers (wampd) */
	int64_t		retain_ms;	/* the same, within that time; 0: not
					 * given */
	bool		keep;		/* keep unacknowledged events, to send
					 * them again */
};

struct publisher {
	const struct publisher_opts *opts;	/* borrowed */
	struct client *client;		/* borrowed; NULL: none */
	struct buf     exclude_json;	/* as wamp1_publish() takes them */
	struct buf     eligible_json;
	struct buf     kept;		/* with opts->keep: unacknowledged
					 * events */
	uint64_t       sent;		/* events; bytes of them */
	uint64_t       bytes;
	uint64_t       unacked;		/* of them, sent since the last
					 * barrier */
	uint64_t       accepted;	/* accepted, according to barriers */
	uint64_t       delivered;	/* deliveries to sessions */
	uint64_t       mark;		/* set by the caller: how much of its
					 * input has been sent */
	uint64_t       acked_mark;	/* mark at the last barrier: nothing
					 * before it is in doubt */
	struct errbuf  refused;		/* not "": an error from a server
					 * without barriers */
};

/* For client_events.refused; arg is the publisher. */
void	publisher_refused(void *arg, const struct wamp_msg *m);

/* Set exclude and eligible for publisher_message(); session is the publishing
 * one.  Only needed without a client. */
enum exit_status publisher_address(struct publisher *p, const char *session,
	    struct errbuf *e);

/* The PUBLISH message, as from wamp1_publish(). */
size_t	publisher_message(const struct publisher *p, struct slice *parts,
	    struct slice topic_json, struct slice event);

/* Publish over this client from now on.  First send the kept events. */
enum exit_status publisher_attach(struct publisher *p, struct client *c,
	    struct errbuf *e);

/* Whether it is time to ask for an acknowledgement.  That limits the number of
 * events in doubt, and of kept events. */
bool	publisher_due(const struct publisher *p);

/* Publish one event, a JSON text. */
enum exit_status publisher_send(struct publisher *p, struct slice topic_json,
	    struct slice event, struct errbuf *e);

/* Send all events, and have them acknowledged if the server can.  EXIT_REFUSED
 * with the reason if an event was refused. */
enum exit_status publisher_acknowledge(struct publisher *p, struct errbuf *e);

/* Ask for an acknowledgement although none is needed, to learn whether the
 * server is still there. */
enum exit_status publisher_probe(struct publisher *p, struct errbuf *e);

/* After everything is acknowledged, close the connection, and report later
 * refusals.  The client is freed in any case. */
enum exit_status publisher_finish(struct publisher *p, struct errbuf *e);

void	publisher_clear(struct publisher *p);

__END_DECLS
