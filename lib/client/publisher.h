/*
 * publisher.h: publishing events so that one knows what became of them.
 *
 * PUBLISH has no reply in WAMP v1.  wampd answers wampd.barrier with what
 * happened to a session's events since the barrier before; with any other
 * server the closing handshake is all the proof there is.
 *
 * A publisher outlives its connection: attached to a new one it sends once
 * more what the old one left in doubt, if it was told to keep that.
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

/* Zeroed: everybody whom the server gives the events to hears them. */
struct publisher_opts {
	struct opt_list exclude;	/* session ids, borrowed */
	struct opt_list eligible;	/* likewise; n 0: everybody */
	bool		exclude_me;
	bool		retain;		/* later subscribers, too (wampd) */
	bool		keep;		/* what is not acknowledged, to be
					 * sent again */
};

struct publisher {
	const struct publisher_opts *opts;	/* borrowed */
	struct client *client;		/* borrowed; NULL: none */
	struct buf     exclude_json;	/* as wamp1_publish() takes them */
	struct buf     eligible_json;
	struct buf     kept;		/* opts->keep: the unacked ones */
	uint64_t       sent;		/* events; bytes of them */
	uint64_t       bytes;
	uint64_t       unacked;		/* of sent, since the last barrier */
	uint64_t       accepted;	/* as the barriers say */
	uint64_t       delivered;	/* events times their receivers */
	uint64_t       mark;		/* the caller's: how much of its input
					 * has been sent */
	uint64_t       acked_mark;	/* what it was at the last barrier:
					 * up to there nothing is in doubt */
	struct errbuf  refused;		/* not "": an error from a server that
					 * knows no barrier */
};

/* For client_events.refused; arg is the publisher. */
void	publisher_refused(void *arg, const struct wamp_msg *m);

/* Write to whom the events go, for publisher_message(); session is the one
 * that publishes.  Only for who attaches to no client. */
enum exit_status publisher_address(struct publisher *p, const char *session,
	    struct errbuf *e);

/* The PUBLISH message as wamp1_publish() makes it. */
size_t	publisher_message(const struct publisher *p, struct slice *parts,
	    struct slice topic_json, struct slice event);

/* Publish over this client from now on, and at first what is kept. */
enum exit_status publisher_attach(struct publisher *p, struct client *c,
	    struct errbuf *e);

/* Whether so much waits for its acknowledgement that it is time to ask for
 * it: that bounds what a lost connection leaves in doubt, and what is kept. */
bool	publisher_due(const struct publisher *p);

/* Publish one event, a JSON text. */
enum exit_status publisher_send(struct publisher *p, struct slice topic_json,
	    struct slice event, struct errbuf *e);

/* Have all that was sent leave, and acknowledged if the server can.
 * EXIT_REFUSED with the reason when an event was refused. */
enum exit_status publisher_acknowledge(struct publisher *p, struct errbuf *e);

/* Ask for an acknowledgement although nothing waits for one: whether the
 * server is still there. */
enum exit_status publisher_probe(struct publisher *p, struct errbuf *e);

/* Once all is acknowledged, close the connection, and tell what was refused
 * meanwhile.  The client is gone in any case. */
enum exit_status publisher_finish(struct publisher *p, struct errbuf *e);

void	publisher_clear(struct publisher *p);

__END_DECLS
