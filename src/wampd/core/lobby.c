/*
 * lobby.c: how sessions come and go.
 */
#include "wampd/core/lobby.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/ledger.h"
#include "wampd/core/pause.h"
#include "wampd/core/protocol.h"
#include "wampd/core/request.h"
#include "wampd/core/sub.h"

/* 96 random bits: nobody guesses whom to exclude or to target.  None begins as
 * an option does, since people give them to tools as arguments. */
static void
session_make_id(struct session *s)
{
	unsigned char raw[12];

	do {
		randombytes_buf(raw, sizeof(raw));
		(void)sodium_bin2base64(s->id, sizeof(s->id), raw,
		    sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	} while (s->id[0] == '-');
}

static struct session *
session_new(struct broker *b, const struct transport_ops *ops,
    const struct protocol *protocol, void *conn,
    const struct principal *principal)
{
	struct session *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	s->broker = b;
	s->ops = ops;
	s->protocol = protocol;
	s->conn = conn;
	s->principal = principal_ref(principal);
	s->opened = b->now;
	session_make_id(s);
	if (map_insert(&b->sessions.by_id, s) == -1) {
		principal_unref(principal);
		free(s);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&b->sessions.open, s, link);
	b->sessions.n++;
	b->stats.sessions_opened++;
	if (ops->keepalive && b->set.keepalive > 0) {
		s->ping_due = b->now + b->set.keepalive;
		TAILQ_INSERT_TAIL(&b->sessions.alive, s, alive_link);
	}
	return s;
}

struct session *
lobby_open(struct broker *b, const struct transport_ops *ops,
    const struct protocol *protocol, void *conn,
    const struct principal *principal)
{
	struct session *s;

	/* Whoever administers the broker gets in when it is full, too. */
	if (!ops->trusted &&
	    b->sessions.n >= (size_t)b->set.limit_sessions) {
		b->stats.sessions_refused++;
		if (!b->sessions.full)
			log_warn("transport=%s refused: limits.sessions is "
			    "%lld", ops->name,
			    (long long)b->set.limit_sessions);
		b->sessions.full = true;
		return NULL;
	}
	if ((s = session_new(b, ops, protocol, conn, principal)) == NULL) {
		log_err("transport=%s refused: out of memory", ops->name);
		return NULL;
	}
	b->sessions.full = false;
	if (log_on(session_log_level(s))) {
		struct buf address = { 0 };

		if (ops->describe(conn, &address) == -1)
			buf_reset(&address);
		log_at(session_log_level(s), "session=%s open transport=%s "
		    "address=%s principal=%s", s->id, ops->name,
		    log_quote(buf_slice(&address)).s, principal->name);
		buf_clear(&address);
	}
	/* One that fails here is doomed, and closed as any other. */
	(void)protocol->opened(s);
	generation_tell_opened(b->generation, s);
	return s;
}

void
lobby_free(struct session *s)
{
	struct broker *b = s->broker;
	size_t all = SIZE_MAX;

	if (s->conn != NULL && !s->blocked)
		session_flush(s);
	(void)sub_remove_some(&b->topics, s, &all);
	prefix_subs_end(s);
	generations_tell_closed(&b->generations, s);
	pause_leave(s);
	TAILQ_REMOVE(&b->sessions.doomed, s, link);
	if (s->conn != NULL)
		s->ops->close(s->conn, s->code, s->reason);
	queue_clear(&s->queue, &b->pressure.pool);
	s->protocol->closed(s);
	ledger_leave(s);
	request_forget(s);
	if (s->ledger != NULL)
		tally_reset(&s->ledger->tally);
	ledger_free(s);
	principal_unref(s->principal);
	free(s);
}
