/*
 * publisher.h: publishing events to one topic so that one knows what became
 * of them.
 *
 * PUBLISH has no reply in WAMP v1.  wampd answers wampd.barrier with what
 * happened to a session's events since the barrier before; with any other
 * server the closing handshake is all the proof there is.
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

/* Who hears of the events; zeroed: as the server does by default. */
struct publisher_audience {
	struct opt_list exclude;	/* session ids, borrowed */
	struct opt_list eligible;	/* likewise; n 0: everybody */
	bool		exclude_me;
};

struct publisher {
	struct client *client;		/* borrowed */
	const char    *topic;		/* borrowed */
	struct buf     topic_json;
	struct buf     exclude_json;	/* as wamp1_publish() takes them */
	struct buf     eligible_json;
	uint64_t       sent;		/* PUBLISH messages */
	uint64_t       unacked;		/* of them, since the last barrier */
	uint64_t       accepted;	/* as the barriers say */
	uint64_t       delivered;	/* events times their receivers */
	struct errbuf  refused;		/* not "": an error from a server that
					 * knows no barrier */
};

/* For client_events.refused; arg is the publisher, zeroed as long as there is
 * no client. */
void	publisher_refused(void *arg, const struct wamp_msg *m);

/* Fill a zeroed publisher.  Clear it in any case. */
enum exit_status publisher_init(struct publisher *p, struct client *c,
	    const char *topic, const struct publisher_audience *audience,
	    struct errbuf *e);

/* Publish one event, a JSON text.  Now and then it waits for a barrier, which
 * bounds what a lost connection leaves in doubt. */
enum exit_status publisher_send(struct publisher *p, struct slice event,
	    struct errbuf *e);

/* Have all that was sent leave, and acknowledged if the server can.
 * EXIT_REFUSED with the reason when an event was refused. */
enum exit_status publisher_acknowledge(struct publisher *p, struct errbuf *e);

/* Acknowledge, close the connection, and tell what was refused meanwhile.
 * The client is gone in any case. */
enum exit_status publisher_finish(struct publisher *p, struct errbuf *e);

void	publisher_clear(struct publisher *p);

__END_DECLS
