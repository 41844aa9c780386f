/*
 * lobby.c: opening, refusing and freeing sessions.
 */
#include "wampd/core/lobby.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "proto/close_code.h"
#include "wampd/core/account.h"
#include "wampd/core/address.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"
#include "wampd/core/pause.h"
#include "wampd/core/protocol.h"
#include "wampd/core/receive.h"
#include "wampd/core/request.h"
#include "wampd/core/sub.h"

/* ---- opening ---- */

/* Whether there are too many sessions in all. */
static bool
is_full(struct broker *b, const struct transport_ops *ops)
{
	struct sessions *all = &b->sessions;

	if (all->by_id.count < (size_t)b->set.limit_sessions)
		return false;
	b->stats.sessions_refused++;
	if (!all->full)
		log_warn("transport=%s refused: limits.sessions is %lld",
		    ops->name, (long long)b->set.limit_sessions);
	all->full = true;
	return true;
}

/* Whether that address or user, which may be NULL, has too many. */
static bool
source_is_full(struct broker *b, struct source *o, int64_t limit,
    const char *key, const char *who)
{
	if (o == NULL || o->sessions < (uint64_t)limit)
		return false;
	b->stats.sessions_refused++;
	if (!o->full)
		log_warn("%s refused: %s is %lld",
		    log_quote(slice_str(who)).s, key, (long long)limit);
	o->full = true;
	return true;
}

static bool
address_is_full(struct broker *b, const struct address *from)
{
	struct source *o = source_of_address(&b->sources, from);
	struct buf text = { 0 };
	const char *who = NULL;
	bool full;

	if (o != NULL && !o->full && address_describe(from, &text) == 0)
		who = buf_cstr(&text);
	full = source_is_full(b, o, b->set.limit_sessions_address,
	    "limits.sessions_address", who != NULL ? who : "an address");
	buf_clear(&text);
	return full;
}

enum lobby_room
lobby_room(struct broker *b, const struct transport_ops *ops,
    const struct address *from, const struct principal *who)
{
	if (ops->trusted)
		return LOBBY_ROOM;
	if (is_full(b, ops))
		return LOBBY_FULL;
	if (address_is_full(b, from))
		return LOBBY_FULL_ADDRESS;
	return who != NULL ? lobby_user_room(b, who) : LOBBY_ROOM;
}

enum lobby_room
lobby_user_room(struct broker *b, const struct principal *who)
{
	return source_is_full(b, source_of_user(&b->sources, who),
	    b->set.limit_sessions_user, "limits.sessions_user", who->name) ?
	    LOBBY_FULL_USER : LOBBY_ROOM;
}

static struct address
address_of_conn(const struct transport_ops *ops, void *conn)
{
	static const struct address unknown = { .u.sa.sa_family = AF_UNSPEC };

	return ops->address != NULL ? ops->address(conn) : unknown;
}

/* Make a session that is on no list yet.  NULL with the reason logged. */
static struct session *
session_new(struct broker *b, const struct transport_ops *ops,
    const struct protocol *protocol, void *conn,
    const struct principal *who)
{
	struct address from = address_of_conn(ops, conn);
	struct session *s;

	if (lobby_room(b, ops, &from, who) != LOBBY_ROOM)
		return NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		goto nomem;
	s->broker = b;
	s->ops = ops;
	s->protocol = protocol;
	s->plain = ops->compressed ? NULL : protocol;
	s->conn = conn;
	s->principal = &principal_anonymous;
	s->opened = -1;
	if (source_enter(s, &from) == -1 ||
	    sessions_add(&b->sessions, s) == -1)
		goto nomem;
	b->sessions.full = false;
	return s;
nomem:
	if (s != NULL)
		source_leave(s);
	free(s);
	log_err("transport=%s refused: out of memory", ops->name);
	return NULL;
}

static void
session_log_open(const struct session *s)
{
	struct buf address = { 0 };

	if (s->ops->describe(s->conn, &address) == -1)
		buf_reset(&address);
	log_at(session_log_level(s), "session=%s open transport=%s "
	    "address=%s principal=%s", s->id, s->ops->name,
	    log_quote(buf_slice(&address)).s, s->principal->name);
	buf_clear(&address);
}

static void
session_open(struct session *s, const struct principal *principal)
{
	struct broker *b = s->broker;

	s->principal = principal_ref(principal);
	s->state = SESSION_OPEN;
	s->opened = b->now;
	s->due = b->now;
	TAILQ_INSERT_TAIL(&b->sessions.open, s, link);
	b->sessions.n++;
	sessions_count_kind(&b->sessions, s, true);
	b->stats.sessions_opened++;
	account_open(s);
	if (source_enter_user(&b->sources, principal) == -1)
		log_err("session=%s is not counted: out of memory", s->id);
	/* Without pings, too: a reload may bring some. */
	if (s->ops->keepalive)
		TAILQ_INSERT_TAIL(&b->sessions.alive, s, alive_link);
	if (log_on(session_log_level(s)))
		session_log_open(s);
	watch_tell_session(&b->watch, WATCH_SESSION_OPEN, s, 0, NULL);
	/* If this fails, the session is doomed, and closed as any other. */
	(void)s->protocol->opened(s);
	if (principal_is_stranger(s->principal))
		taps_tell_stranger(&b->taps, s);
	else
		generation_tell_opened(b->generation, s);
}

struct session *
lobby_open(struct broker *b, const struct transport_ops *ops,
    const struct protocol *protocol, void *conn,
    const struct principal *principal)
{
	struct session *s = session_new(b, ops, protocol, conn, principal);

	if (s != NULL)
		session_open(s, principal);
	return s;
}

/* ---- pending sessions ---- */

/* The list is sorted.  Most sessions belong at its end, so search backwards. */
static void
pending_insert(struct sessions *all, struct session *s)
{
	struct session *before = TAILQ_LAST(&all->pending, session_list);

	while (before != NULL && before->due > s->due)
		before = TAILQ_PREV(before, session_list, link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&all->pending, before, s, link);
	else
		TAILQ_INSERT_HEAD(&all->pending, s, link);
}

struct session *
lobby_begin(struct broker *b, const struct transport_ops *ops,
    const struct protocol *protocol, void *conn, int64_t max_wait)
{
	struct session *s = session_new(b, ops, protocol, conn, NULL);

	if (s == NULL)
		return NULL;
	s->state = SESSION_PENDING;
	s->due = b->now + max_wait;
	pending_insert(&b->sessions, s);
	s->paused = true;
	ops->pause(conn, true);
	return s;
}

bool
lobby_admit(struct session *s, const struct principal *principal)
{
	if (s->state != SESSION_PENDING)
		return false;
	if (lobby_user_room(s->broker, principal) != LOBBY_ROOM) {
		session_turn_away(s, CLOSE_TRY_AGAIN,
		    "limits.sessions_user is reached");
		return false;
	}
	TAILQ_REMOVE(&s->broker->sessions.pending, s, link);
	s->paused = false;
	session_open(s, principal);
	receive_early(s);
	session_settle(s);
	/* The kept messages may have paused it again. */
	if (s->state == SESSION_OPEN && !s->paused)
		s->ops->pause(s->conn, false);
	return s->state == SESSION_OPEN;
}

void
lobby_refuse(struct session *s, uint16_t code, const char *reason)
{
	if (s->state == SESSION_PENDING)
		session_doom(s, code, reason);
}

int64_t
lobby_tick(struct broker *b)
{
	struct session *s;

	while ((s = TAILQ_FIRST(&b->sessions.pending)) != NULL &&
	    s->due <= b->now)
		session_turn_away(s, CLOSE_TRY_AGAIN,
		    "not identified in time");
	return s != NULL ? clock_left(s->due, b->now) : -1;
}

void
lobby_empty(struct broker *b)
{
	struct session *s;

	while ((s = TAILQ_FIRST(&b->sessions.pending)) != NULL)
		session_doom(s, 0, "the server stops");
}

/* ---- freeing ---- */

void
lobby_free(struct session *s)
{
	struct broker *b = s->broker;
	size_t all = SIZE_MAX;

	if (s->conn != NULL && !s->blocked)
		session_flush(s);
	(void)sub_remove_some(&b->topics, s, &all);
	prefix_subs_end(s);
	if (s->opened != -1 && !principal_is_stranger(s->principal))
		generations_tell_closed(&b->generations, s);
	pause_leave(s);
	TAILQ_REMOVE(&b->sessions.doomed, s, link);
	if (s->conn != NULL)
		s->ops->close(s->conn, s->code, s->reason,
		    queue_cut(&s->queue, s->ops->wire));
	queue_clear(&s->queue, &b->pressure.pool);
	s->protocol->closed(s);
	ledger_leave(s);
	request_forget(s);
	if (s->ledger != NULL)
		tally_reset(s);
	ledger_free(s);
	if (s->opened != -1)
		source_leave_user(&b->sources, s->principal);
	source_leave(s);
	principal_unref(s->principal);
	free(s);
}
