/*
 * session.h: a session, which is one connected peer.
 *
 * session_doom() only marks a session to be closed.  turn_end() frees it at the
 * end of a turn, so code that runs in a turn may use it until then.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/log.h"
#include "base/map.h"
#include "base/slice.h"
#include "wampd/core/deadline.h"
#include "wampd/core/principal.h"
#include "wampd/core/queue.h"
#include "wampd/core/session_id.h"
#include "wampd/core/speed.h"
#include "wampd/core/transport.h"

struct broker;
struct cursor;
struct slow;
struct source;
struct ledger;
struct pause;
struct protocol;
struct sub;

enum session_state {
	SESSION_PENDING,	/* not identified yet, see lobby.h */
	SESSION_OPEN,
	SESSION_DOOMED,		/* neither receives nor sends; to be freed */
};

TAILQ_HEAD(session_list, session);

#define SESSION_KINDS	8

/* Open sessions of one transport and protocol. */
struct session_kind {
	const char *transport;	/* static; NULL: not in use */
	const char *protocol;	/* static */
	size_t	    n;
};

/* All sessions of a broker. */
struct sessions {
	struct session_list pending;	/* by due */
	struct session_list open;	/* oldest first */
	struct session_list doomed;	/* freed when the turn ends */
	struct session_list alive;	/* open ones that are pinged, by due */
	struct deadlines    expiries;	/* of those that end at a time, see
					 * expiry.h */
	size_t		    n;		/* open ones */
	struct session_kind kinds[SESSION_KINDS]; /* of these */
	bool		    full;	/* logged that one was refused */
	size_t		    memory;	/* bytes: accounts of open ones, see
					 * account.h */
	struct map	    by_id;	/* pending and open ones, by the first
					 * SESSION_ID_KEY characters */
	uint32_t	    mark;	/* last one of sessions_mark() */
	int64_t		    next_sweep;	/* ms, monotonic: of pings */
};

struct session {
	/* The fields that each delivery uses come first, in two cache
	 * lines. */
	struct broker	*broker;
	const struct transport_ops *ops; /* borrowed; static */
	const struct protocol *plain;	/* protocol; NULL: frames for it are
					 * compressed */
	void		*conn;		/* borrowed; passed back to ops; NULL
					 * when the peer has gone */
	struct queue	 queue;
	struct session	*dirty_next;	/* broker->flush.dirty or .backlog */
	struct slow	*slow;		/* owned; NULL: it is not slow */
	uint32_t	 mark;		/* see sessions_mark() */
	enum session_state state : 8;
	bool		 dirty;		/* on the list of dirty_next */
	bool		 blocked;	/* the socket takes no bytes now */
	bool		 paused;	/* not read from */

	TAILQ_ENTRY(session) link;	/* sessions->pending, ->open or
					 * ->doomed */
	union {
		TAILQ_ENTRY(session) alive_link; /* sessions->alive, by due;
						 * if ops->keepalive */
		struct {		/* once doomed */
			const char *reason;	/* static, or in the ledger */
			uint16_t    code;	/* of the close */
		};
	};
	const struct protocol *protocol; /* static */
	const struct principal *principal; /* a reference; while pending,
					 * principal_anonymous */
	struct sub	*subs;		/* owned by topics; linked list */
	void		*protocol_data;	/* the protocol's own; or NULL */
	struct pause	*paused_by;	/* the pause it waits in; or NULL */
	TAILQ_ENTRY(session) pause_link; /* paused_by->waiters */
	struct ledger	*ledger;	/* owned; NULL until it is needed */
	struct source	*source;	/* borrowed; its address; or NULL */
	int64_t		 opened;	/* ms, monotonic; -1: never */
	int64_t		 due;		/* ms, monotonic: the latest end of
					 * being pending; once open: the last
					 * ping, or opened */
	uint64_t	 received;	/* messages */
	struct speed	 speed;		/* of received */
	uint64_t	 bytes;		/* of these messages */
	uint64_t	 written;	/* bytes that its socket has taken */
	uint64_t	 taken;		/* bytes that the peer has taken, at
					 * the last ping */
	uint32_t	 nsubs;		/* subscriptions */
	uint32_t	 retained;	/* retained events that were sent since
					 * the last barrier */
	uint32_t	 memory;	/* its account, in units of account.c */
	uint32_t	 blocked_at;	/* the low bits of the ms, monotonic,
					 * at which it was last blocked */
	bool		 heard : 1;	/* the peer has sent something since
					 * the last ping */
	bool		 pinged : 1;	/* a ping was sent */
	bool		 warned : 1;	/* its first refusal was logged */
	bool		 input_ended : 1; /* the peer sends nothing more */
	uint8_t		 log_level : 3;	/* see session_log_on() */
	bool		 replaying : 1;	/* it gets kept events, see replay.h */
	bool		 marks : 1;	/* mark its kept events:
					 * wampd.mark */
	char		 id[SESSION_ID_SIZE]; /* NUL-terminated */
};

void	sessions_init(struct sessions *all);

/* The open session with that id, or NULL. */
struct session *sessions_find(struct sessions *all, struct slice id);

/* The open session whose id has that number, or NULL. */
struct session *sessions_find_number(struct sessions *all, uint64_t number);

/* The number of its id.  No two sessions have the same. */
static inline uint64_t
session_number(const struct session *s)
{
	return session_id_number(s->id);
}

/* Where its peer really is, also behind a proxy that we trust; AF_UNSPEC if
 * that is unknown. */
struct address session_address(const struct session *s);

/* Give s, which is on no list yet, an id, and add it to by_id.  Returns 0, or
 * -1 when out of memory. */
int	sessions_add(struct sessions *all, struct session *s);

/* The session at the cursor, which moves to the next one; NULL at the end. */
struct session *sessions_walk(struct cursor *at);

/* A new value for session->mark, which no session has.  With it, a walk over
 * sessions marks those that it has visited or must skip. */
uint32_t sessions_mark(struct sessions *all);

/* There may be sessions of that kind; both texts are static.  So that a kind
 * without sessions has a number, too. */
struct session_kind *sessions_obtain_kind(struct sessions *all,
	    const char *transport, const char *protocol);

/* Count s among those of its kind, or not any more. */
void	sessions_count_kind(struct sessions *all, const struct session *s,
	    bool open);

/* The level at which opening and closing it is logged.  Sessions of local tools
 * are logged as debug messages, because scripts may open one each second. */
enum log_level session_log_level(const struct session *s);

/* Whether lines about s of that level are written.  A session may log more than
 * others: then log_level is one more than its level.  Such a line is written by
 * log_always(). */
static inline bool
session_log_on(const struct session *s, enum log_level level)
{
	return log_on(level) || (unsigned)level < s->log_level;
}

/* The peer has shown that it is alive without a message (a pong). */
void	session_heard(struct session *s);

/* The socket takes no more bytes for now; may be called within the transport's
 * write(). */
void	session_block(struct session *s);

/* The socket takes bytes again. */
void	session_writable(struct session *s);

/* The peer sends nothing more, but still reads.  The session remains open as
 * long as it has a subscription or is owed an answer. */
void	session_end_input(struct session *s);

/* Close the session, if its input has ended and it has got everything. */
void	session_settle(struct session *s);

/* The peer has left.  conn is not used any more.  reason is static. */
void	session_gone(struct session *s, const char *reason);

/* Close it at the end of the turn, with that close code and reason, which is
 * static or in its ledger.  Its queue is still written, as far as the socket
 * takes it. */
void	session_doom(struct session *s, uint16_t code, const char *reason);

/* Close a peer that should connect again.  The key come_back decides whether it
 * gets a close frame with code and reason. */
void	session_turn_away(struct session *s, uint16_t code,
	    const char *reason);

/* Queue a frame as it is; takes one reference.  Above its high-water mark, the
 * session becomes slow or loses events, as the frame's overflow says; beyond
 * limits.queue, it is doomed.  Returns whether the frame was queued. */
bool	session_send(struct session *s, struct frame *f);

/* Make a frame from the parts, as frame_new() does, and queue it, compressed if
 * the session takes that.  The session is doomed when out of memory. */
void	session_send_parts(struct session *s, const struct slice *parts,
	    size_t n, bool newline);

/* Count n events that s has lost, because it is too slow. */
void	session_count_dropped(struct session *s, uint64_t n);

/* Write the queue as far as the socket takes it. */
void	session_flush(struct session *s);
