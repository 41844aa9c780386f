/*
 * replay.c: subscribing to a topic, and getting the events that it keeps first.
 */
#include "wampd/core/replay.h"

#include <inttypes.h>
#include <stdlib.h>

#include "proto/close_code.h"
#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/history.h"
#include "wampd/core/ledger.h"
#include "wampd/core/reply.h"
#include "wampd/core/retained.h"
#include "wampd/core/slow.h"

enum replay_state {
	REPLAY_PREPARED,	/* not subscribed yet */
	REPLAY_SENDING,		/* kept events, then the answer */
	REPLAY_CATCHING_UP	/* new events that wait */
};

struct replay {
	TAILQ_ENTRY(replay) link;	/* broker->replays, once begun */
	struct owed	owed;
	struct topic   *topic;		/* once begun; it is subscribed to */
	enum replay_state state;
	struct replay_ask ask;
	int64_t		born;		/* ms, monotonic: the oldest that ask
					 * allows by age */
	struct buf	name;		/* owned; of the topic */
	uint64_t	next;		/* events of the history before that
					 * number are done */
	uint64_t	end;		/* its last event to be sent */
	uint64_t	alone;		/* number of the retained event, if it
					 * is still to be sent, and not in the
					 * history; or 0 */
	uint64_t	sent, missed;	/* kept events */
	size_t		left;		/* how many of them are to come */
	struct frame  **held;		/* owned; new events, a reference
					 * each */
	size_t		first, nheld, cap;
	size_t		bytes;		/* of these */
};

/* ---- the replays of a session ---- */

static void	replay_forget(struct owed *o);

static struct replay *
replay_of(struct owed *o)
{
	return OWED_IN(o, struct replay, owed);
}

/* The replay of that topic, or NULL. */
static struct replay *
replay_find(const struct session *s, struct slice topic)
{
	struct owed *o;

	if (s->ledger == NULL)
		return NULL;
	TAILQ_FOREACH(o, &s->ledger->owed, link)
		if (o->forget == replay_forget &&
		    slice_eq(buf_slice(&replay_of(o)->name), topic))
			return replay_of(o);
	return NULL;
}

/* Whether one of them has begun. */
static bool
is_replaying(const struct session *s)
{
	struct owed *o;

	TAILQ_FOREACH(o, &s->ledger->owed, link)
		if (o->forget == replay_forget &&
		    replay_of(o)->state != REPLAY_PREPARED)
			return true;
	return false;
}

/* New events of a session that gets kept ones take a way of their own, see
 * deliver() in publish.c. */
static void
set_replaying(struct session *s, bool on)
{
	s->replaying = on;
	s->plain = on || s->ops->compressed ? NULL : s->protocol;
}

static size_t
replay_cost(const struct replay *r)
{
	return REPLAY_COST + r->name.len;
}

static void
replay_free(struct replay *r)
{
	struct session *s = r->owed.caller;

	account_refund(s, replay_cost(r));
	if (r->state != REPLAY_PREPARED) {
		TAILQ_REMOVE(&s->broker->replays, r, link);
		r->state = REPLAY_PREPARED;
		set_replaying(s, is_replaying(s));
	}
	owed_end(&r->owed);
	while (r->first < r->nheld)
		frame_unref(r->held[r->first++], 1);
	free(r->held);
	buf_clear(&r->name);
	free(r);
}

/* The session leaves. */
static void
replay_forget(struct owed *o)
{
	replay_free(replay_of(o));
}

int
replay_prepare(const struct reply_to *to, struct slice topic,
    const struct replay_ask *ask)
{
	struct replay *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return -1;
	r->ask = *ask;
	r->owed.forget = replay_forget;
	if (buf_add_slice(&r->name, topic) == -1 ||
	    owed_begin(&r->owed, to, false) == -1) {
		buf_clear(&r->name);
		free(r);
		return -1;
	}
	account_charge(to->session, replay_cost(r));
	return 0;
}

/* ---- answers ---- */

static void
answer_failure(struct replay *r, const struct failure *f)
{
	const struct reply_to to = owed_to(&r->owed);

	if (to.session->state == SESSION_OPEN && r->state != REPLAY_CATCHING_UP)
		reply_failure(&to, f);
	replay_free(r);
}

static void
answer_sent(struct replay *r)
{
	const struct reply_to to = owed_to(&r->owed);
	struct buf out = { 0 };

	if (buf_addf(&out, "{\"events\":%" PRIu64 ",\"missed\":%" PRIu64 "}",
	    r->sent, r->missed) == -1)
		session_doom(to.session, 0, "out of memory");
	else
		reply_result(&to, buf_slice(&out), false);
	buf_clear(&out);
}

bool
replay_refuse(struct session *s, const struct topic *t,
    const struct failure *f)
{
	struct replay *r = replay_find(s, t->name);

	if (r == NULL || r->state != REPLAY_PREPARED)
		return false;
	answer_failure(r, f);
	return true;
}

void
replay_end(struct session *s, struct slice topic)
{
	struct replay *r = replay_find(s, topic);
	struct failure f;

	if (r == NULL)
		return;
	failure_begin(&f, FAILURE_FORBIDDEN);
	err_set(&f.reason, "the subscription has ended");
	answer_failure(r, &f);
}

/* ---- the kept events ---- */

static bool
is_asked(const struct replay *r, const struct event *ev)
{
	return ev->born >= r->born && ev->at >= r->ask.since;
}

/* Whether to send the retained event, which is not in the history.  *behind:
 * how many events of the history are newer. */
static bool
wants_retained(const struct replay *r)
{
	const struct event *ev = r->topic->retained;
	const struct history *h = r->topic->history;
	size_t behind;

	if (ev == NULL || (ev->kept & KEEP_HISTORY) || !is_asked(r, ev))
		return false;
	behind = h != NULL ? h->n - history_find(h, ev->number) : 0;
	return r->ask.last == 0 || behind < (size_t)r->ask.last;
}

/* Find out which events are to be sent. */
static void
choose(struct replay *r)
{
	const struct history *h = r->topic->history;
	const struct broker *b = r->owed.caller->broker;
	size_t from = 0, n = h != NULL ? h->n : 0, most = SIZE_MAX;

	r->born = r->ask.age < 0 ? INT64_MIN : b->now - r->ask.age;
	r->end = b->topics.last_event;
	if (wants_retained(r))
		r->alone = r->topic->retained->number;
	if (r->ask.last > 0)
		most = (size_t)r->ask.last - (r->alone != 0);
	if (n > 0)
		from = history_find_born(h, 0, r->born);
	if (n - from > most)
		from = n - most;
	r->next = from < n ? history_at(h, from)->number : r->end + 1;
	r->left = n - from + (r->alone != 0);
}

/* Take the next event to be sent, or NULL. */
static struct event *
take_next(struct replay *r)
{
	const struct topic *t = r->topic;
	const struct history *h = t->history;
	struct event *ev = NULL, *alone = NULL;
	size_t i = h != NULL ? history_find(h, r->next) : 0;

	if (h != NULL && i < h->n && history_at(h, i)->number <= r->end)
		ev = history_at(h, i);
	if (r->alone != 0 && t->retained != NULL &&
	    t->retained->number == r->alone)
		alone = t->retained;
	if (alone != NULL && (ev == NULL || alone->number < ev->number)) {
		r->alone = 0;
		return alone;
	}
	if (ev != NULL)
		r->next = ev->number + 1;
	return ev;
}

/* ---- sending ---- */

#define TURN_REPLAYED	512	/* events sent in a turn, of all replays */

/* Whether the session has room for more; all kept events may be far more than
 * its queue may have. */
static bool
has_room(struct session *s)
{
	size_t most = s->broker->set.limit_queue / 4;

	if (s->queue.bytes > most)
		session_flush(s);
	return s->state == SESSION_OPEN && s->queue.bytes <= most;
}

/* All kept events are queued, or gone. */
static void
end_sending(struct replay *r)
{
	/* A retained event that was replaced meanwhile is not missed. */
	r->missed = r->left - (r->alone != 0);
	answer_sent(r);
	r->state = REPLAY_CATCHING_UP;
}

/* Send one kept event, or the answer after the last one. */
static void
send_kept(struct replay *r)
{
	struct event *ev = take_next(r);

	if (ev == NULL) {
		end_sending(r);
		return;
	}
	r->left--;
	if (!is_asked(r, ev))
		return;
	r->sent++;
	retained_send(r->owed.caller, r->topic, ev);
}

/* Send one new event that has waited. */
static void
send_held(struct replay *r)
{
	struct session *s = r->owed.caller;
	struct frame *f = r->held[r->first++];

	r->bytes -= f->wire[s->ops->wire].len;
	(void)session_send(s, f);
}

/* Send as much as there is room for.  Returns whether it is at its end. */
static bool
replay_some(struct replay *r, size_t *left)
{
	for (; *left > 0 && has_room(r->owed.caller); (*left)--) {
		if (r->state == REPLAY_SENDING)
			send_kept(r);
		else if (r->first < r->nheld)
			send_held(r);
		else
			return true;
	}
	return r->owed.caller->state != SESSION_OPEN;
}

int64_t
replays_continue(struct broker *b)
{
	size_t left = TURN_REPLAYED;
	struct replay *r, *next;

	for (r = TAILQ_FIRST(&b->replays); r != NULL && left > 0; r = next) {
		next = TAILQ_NEXT(r, link);
		if (replay_some(r, &left)) {
			replay_free(r);
		} else if (left == 0) {
			/* The others are first in the next turn. */
			TAILQ_REMOVE(&b->replays, r, link);
			TAILQ_INSERT_TAIL(&b->replays, r, link);
		}
	}
	return left == 0 ? 0 : -1;
}

bool
replay_begin(struct session *s, struct topic *t)
{
	struct replay *r = replay_find(s, t->name);

	if (r == NULL || r->state != REPLAY_PREPARED)
		return false;
	r->topic = t;
	r->state = REPLAY_SENDING;
	choose(r);
	TAILQ_INSERT_TAIL(&s->broker->replays, r, link);
	set_replaying(s, true);
	return true;
}

/* ---- new events meanwhile ---- */

/* Append f to those that wait.  0, or -1 when out of memory. */
static int
hold(struct replay *r, struct frame *f)
{
	size_t cap = r->cap > 0 ? 2 * r->cap : 16;
	struct frame **grown;

	if (r->nheld == r->cap) {
		grown = reallocarray(r->held, cap, sizeof(*grown));
		if (grown == NULL)
			return -1;
		r->held = grown;
		r->cap = cap;
	}
	r->held[r->nheld++] = f;
	r->bytes += f->wire[r->owed.caller->ops->wire].len;
	return 0;
}

/* There are too many new events: lose this one, if its handler allows that, or
 * else the session. */
static void
overflow(struct replay *r, struct frame *f)
{
	struct session *s = r->owed.caller;

	if (f->overflow == OVERFLOW_DISCONNECT) {
		s->broker->stats.sessions_overflowed++;
		session_turn_away(s, CLOSE_POLICY,
		    "too slow: its queue is full");
	} else {
		session_count_dropped(s, 1);
	}
	frame_unref(f, 1);
}

bool
replay_hold(struct session *from, struct session *s, const struct topic *t,
    struct frame *f)
{
	struct replay *r = replay_find(s, t->name);
	size_t limit = s->broker->set.limit_queue;

	if (r == NULL || r->state == REPLAY_PREPARED ||
	    s->state != SESSION_OPEN)
		return false;
	if (r->bytes > limit) {
		overflow(r, f);
		return true;
	}
	if (hold(r, f) == -1) {
		frame_unref(f, 1);
		session_doom(s, 0, "out of memory");
		return true;
	}
	/* A publisher that is too fast waits, as for any slow receiver. */
	if (r->bytes > limit / 2 && from != NULL &&
	    f->overflow == OVERFLOW_DISCONNECT &&
	    (s->slow != NULL || slow_begin(s) == 0))
		slow_pause(from, s);
	return true;
}
