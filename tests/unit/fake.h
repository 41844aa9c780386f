/*
 * fake.h: a broker without sockets: a transport that records.
 *
 * Peers write into memory, can be told to take nothing, and remember whether
 * they are paused or closed; so every rule of the core is tested without a
 * loop and without time passing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "wampd/core/address.h"
#include "wampd/core/broker.h"
#include "wampd/core/principal.h"

struct jq_pool;

struct fake_peer {
	struct session *session;	/* the broker's; NULL once closed */
	struct buf	out;		/* what it has got, not yet looked at */
	char		id[SESSION_ID_SIZE];
	size_t		room;		/* bytes its socket still takes */
	bool		paused;
	bool		closed;
	bool		broken;		/* writes fail */
	bool		taking;		/* what was sent arrives slowly */
	bool		silent;		/* its kernel holds nothing for it */
	uint64_t	taken;		/* bytes */
	uint16_t	code;		/* of the close */
	unsigned	writes;
	struct address	from;
};

/* Defaults as wampd's own, but no keep-alive. */
struct broker_settings fake_settings(void);

/* The processes for jq programs, or NULL when no handler is one. */
struct jq_pool *fake_jq(const struct broker *b);

/* Wait until all requests for jq programs are decided; time passes when that
 * is waited for. */
void	fake_settle(struct broker *b);

/* One turn of that. */
void	fake_step(struct broker *b);

/* A broker without routes, at time 0. */
struct broker *fake_broker(const struct broker_settings *set);

/* Routes and handlers given as YAML, to be taken by fake_broker_of(). */
struct broker_parts fake_parts(const char *routes, const char *handlers);

/* One of these parts, at time 0; takes them. */
struct broker *fake_broker_of(const struct broker_settings *set,
	    const struct broker_parts *parts);

/* A peer with endless room, whose WELCOME was checked and is gone from out.
 * wire WIRE_LINE: a local principal; WIRE_WS: anonymous on loopback. */
struct fake_peer *fake_open(struct broker *b, enum wire wire);

/* The same with a WebSocket from that address, of that principal.  If the
 * session is refused, the peer has none. */
struct fake_peer *fake_open_from(struct broker *b,
	    const struct address *from, const struct principal *who);

/* The same with a WebSocket that takes compressed messages, which fake_hear()
 * returns as "PACKED payload\n".  From the first one on, the broker compresses
 * with zlib. */
struct fake_peer *fake_open_compressed(struct broker *b);

/* The peer says something; printf-style.  What receive_message() said. */
bool	fake_say(struct fake_peer *p, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Publish events of 100 digits on the topic "t", a turn each, until somebody
 * holds the peer up. */
void	fake_flood(struct broker *b, struct fake_peer *p);

/* End the turn. */
int64_t	fake_turn(struct broker *b);

/* Let time pass, with the turns that the broker asks for meanwhile. */
void	fake_pass(struct broker *b, int64_t ms);

/* Wait as fake_settle() and end the turn; what the peer has got since the last
 * time, as a C string: lines as they are, WebSocket frames as "TEXT payload\n"
 * or "PING payload\n".  Borrowed until the next call for this peer. */
const char *fake_hear(struct fake_peer *p);

/* Whether that is part of what was heard. */
bool	has(const char *text, const char *part);

/* The peer's socket takes that many bytes more; tells the session. */
void	fake_drain(struct fake_peer *p, size_t room);

/* The peer is gone. */
void	fake_leave(struct fake_peer *p);

/* Free broker and all peers ever opened. */
void	fake_end(struct broker *b);
