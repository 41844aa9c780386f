/*
 * session.h: one peer, while it is connected.
 *
 * A session is freed only by turn_end(), at the end of the loop's turn in
 * which it was doomed: no callback frees what it runs on.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/log.h"
#include "base/map.h"
#include "base/slice.h"
#include "wampd/core/principal.h"
#include "wampd/core/queue.h"
#include "wampd/core/session_id.h"
#include "wampd/core/transport.h"

struct broker;
struct slow;
struct ledger;
struct pause;
struct protocol;
struct sub;

enum session_state {
	SESSION_PENDING,	/* it is not known yet who it is: lobby.h */
	SESSION_OPEN,
	SESSION_DOOMED,		/* hears and says nothing more; to be freed */
};

TAILQ_HEAD(session_list, session);

/* All of a broker. */
struct sessions {
	struct session_list pending;	/* by due */
	struct session_list open;	/* oldest first */
	struct session_list doomed;	/* freed when the turn ends */
	struct session_list alive;	/* pinged ones, by due */
	size_t		    n;		/* open ones */
	bool		    full;	/* one was refused: logged */
	struct map	    by_id;	/* pending and open ones, by how
					 * their ids begin: session_id.h */
	uint32_t	    mark;	/* see session->mark */
	int64_t		    next_sweep;	/* ms, monotonic; keep-alive */
};

struct session {
	/* What each delivery touches comes first, in two cache lines. */
	struct broker	*broker;
	const struct transport_ops *ops; /* borrowed; static */
	const struct protocol *protocol; /* static */
	void		*conn;		/* borrowed; passed back to ops; NULL
					 * when the peer has gone */
	struct queue	 queue;
	struct session	*dirty_next;	/* broker->flush.dirty */
	struct slow	*slow;		/* owned; above the high-water mark */
	uint32_t	 mark;		/* == sessions->mark: in the list that
					 * is being looked at */
	enum session_state state : 8;
	bool		 dirty;		/* on broker->flush.dirty */
	bool		 blocked;	/* the socket takes nothing now */
	bool		 paused;	/* not read from */

	TAILQ_ENTRY(session) link;	/* sessions->pending, ->open or
					 * ->doomed */
	TAILQ_ENTRY(session) alive_link; /* sessions->alive, by due */
	const struct principal *principal; /* a reference; while pending,
					 * nobody in particular */
	struct sub	*subs;		/* owned by topics; linked list */
	void		*spoken;	/* the protocol's own; or NULL */
	struct pause	*paused_by;	/* not read from, because of it */
	TAILQ_ENTRY(session) pause_link; /* paused_by->waiters */
	struct ledger	*ledger;	/* owned; NULL until it is needed */
	const char	*reason;	/* static; why it was doomed */
	int64_t		 opened;	/* ms, monotonic; -1: it never was */
	int64_t		 due;		/* ms, monotonic: of the next ping;
					 * while pending, of its end; or 0 */
	uint64_t	 received;	/* messages */
	uint64_t	 taken;		/* by the peer, at the last ping */
	uint32_t	 nsubs;
	uint32_t	 retained;	/* events, since the last barrier */
	uint16_t	 code;		/* close code, once doomed */
	bool		 heard;		/* something came since the last ping */
	bool		 pinged;	/* a ping is unanswered */
	bool		 warned;	/* its first refusal was logged */
	bool		 said_all;	/* the peer sends nothing more */
	bool		 marks;		/* retained events, wampd.mark */
	char		 id[SESSION_ID_SIZE]; /* NUL-terminated */
};

void	sessions_init(struct sessions *all);

/* The open session with that id, or NULL. */
struct session *sessions_find(struct sessions *all, struct slice id);

/* The same by the number of its id, which is another one for each session. */
struct session *sessions_find_number(struct sessions *all, uint64_t number);

static inline uint64_t
session_number(const struct session *s)
{
	return session_id_number(s->id);
}

/* Give s, which is in no list yet, an id, and put it where it will be found.
 * 0, or -1 when out of memory. */
int	sessions_add(struct sessions *all, struct session *s);

/* For who walks sessions and wants each once: a session->mark that none has
 * yet. */
uint32_t sessions_mark(struct sessions *all);

/* At which level its coming and going is logged: a tool's visit is worth no
 * lines, since scripts publish once a second. */
enum log_level session_log_level(const struct session *s);

/* Something that is no message proved the peer alive (a pong). */
void	session_heard(struct session *s);

/* The socket takes nothing more for now (from within a transport's write);
 * it takes bytes again. */
void	session_block(struct session *s);
void	session_writable(struct session *s);

/* The peer sends nothing more, but reads on: it stays as long as it hears of a
 * topic or is owed an answer. */
void	session_said_all(struct session *s);

/* Something that was owed is done, maybe the last. */
void	session_settle(struct session *s);

/* The peer has left; conn is not used any more. */
void	session_gone(struct session *s, const char *reason);

/* Close it at the end of the turn, with that close code and reason (static).
 * What is queued is still written if the socket takes it. */
void	session_doom(struct session *s, uint16_t code, const char *reason);

/* The same for a peer that should come back, for it has done nothing that it
 * would do again at once: come_back decides whether it is told the code. */
void	session_turn_away(struct session *s, uint16_t code,
	    const char *reason);

/* Queue a frame; takes one reference made for it.  Applies the limits: a
 * session above its high-water mark is slow, one beyond its limit is doomed.
 * Whether the frame was queued. */
bool	session_send(struct session *s, struct frame *f);

/* Build a frame of the parts and queue it.  Out of memory dooms the
 * session. */
void	session_send_parts(struct session *s, const struct slice *parts,
	    size_t n, bool newline);

/* Write as much as the socket takes. */
void	session_flush(struct session *s);
