/*
 * session.c: a session: how it is found, its output and its end.
 */
#include "wampd/core/session.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "proto/close_code.h"
#include "wampd/core/account.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"
#include "wampd/core/protocol.h"
#include "wampd/core/slow.h"

/* ---- finding ---- */

/* The part of the id that has its number; no two sessions have the same. */
static struct slice
session_key(const void *session)
{
	return slice_of(((const struct session *)session)->id,
	    SESSION_ID_KEY);
}

void
sessions_init(struct sessions *all)
{
	TAILQ_INIT(&all->pending);
	TAILQ_INIT(&all->open);
	TAILQ_INIT(&all->doomed);
	TAILQ_INIT(&all->alive);
	map_init(&all->by_id, session_key);
}

static struct session *
find_open(const struct sessions *all, struct slice key)
{
	struct session *s = map_find(&all->by_id, key);

	return s != NULL && s->state == SESSION_OPEN ? s : NULL;
}

struct session *
sessions_find(struct sessions *all, struct slice id)
{
	struct session *s;

	if (id.len != SESSION_ID_SIZE - 1)
		return NULL;
	s = find_open(all, slice_of(id.p, SESSION_ID_KEY));
	return s != NULL && slice_eq(slice_str(s->id), id) ? s : NULL;
}

struct session *
sessions_find_number(struct sessions *all, uint64_t number)
{
	char key[SESSION_ID_KEY];

	if (number > SESSION_NUMBER_MAX)
		return NULL;
	session_id_key(key, number);
	return find_open(all, slice_of(key, sizeof(key)));
}

int
sessions_add(struct sessions *all, struct session *s)
{
	do
		session_id_make(s->id);
	while (map_find(&all->by_id, session_key(s)) != NULL);
	return map_insert(&all->by_id, s);
}

struct session *
sessions_walk(struct cursor *at)
{
	struct session *s = (struct session *)(uintptr_t)at->at;

	if (s != NULL)
		at->at = TAILQ_NEXT(s, link);
	return s;
}

uint32_t
sessions_mark(struct sessions *all)
{
	struct session *s;

	if (++all->mark == 0) {		/* once in 2^32 marks */
		TAILQ_FOREACH(s, &all->open, link)
			s->mark = 0;
		all->mark = 1;
	}
	return all->mark;
}

/* There are more rows than kinds, and the last row has what is too much. */
struct session_kind *
sessions_obtain_kind(struct sessions *all, const char *transport,
    const char *protocol)
{
	struct session_kind *k, *last = &all->kinds[SESSION_KINDS - 1];

	for (k = all->kinds; k < last && k->transport != NULL; k++)
		if (strcmp(k->transport, transport) == 0 &&
		    strcmp(k->protocol, protocol) == 0)
			return k;
	if (k->transport == NULL)
		*k = (struct session_kind){ transport, protocol, 0 };
	return k;
}

void
sessions_count_kind(struct sessions *all, const struct session *s, bool open)
{
	sessions_obtain_kind(all, s->ops->name, s->protocol->name)->n +=
	    open ? 1 : (size_t)-1;
}

struct address
session_address(const struct session *s)
{
	static const struct address unknown = { .u.sa.sa_family = AF_UNSPEC };

	return s->conn != NULL && s->ops->address != NULL ?
	    s->ops->address(s->conn) : unknown;
}

void
session_heard(struct session *s)
{
	s->heard = true;
}

/* ---- output ---- */

static size_t
high_water(const struct session *s)
{
	return s->broker->set.limit_queue / 2;
}

static size_t
low_water(const struct session *s)
{
	return s->broker->set.limit_queue / 4;
}

/* Resume the publishers that wait for s, if its queue has drained. */
static void
session_end_slow(struct session *s)
{
	if (s->slow != NULL && s->queue.bytes <= low_water(s))
		slow_end(s);
}

static void
session_mark_dirty(struct session *s)
{
	struct broker *b = s->broker;

	if (s->dirty)
		return;
	s->dirty = true;
	s->dirty_next = NULL;
	*b->flush.dirty_tail = s;
	b->flush.dirty_tail = &s->dirty_next;
}

void
session_count_dropped(struct session *s, uint64_t n)
{
	struct ledger *x;

	s->broker->stats.events_dropped += n;
	if (n == 0 || (x = ledger_obtain(s)) == NULL)
		return;
	if (x->dropped == 0) {
		log_info("session=%s is too slow: events are dropped", s->id);
		watch_tell_slow(&s->broker->watch, s, "dropping");
	}
	x->dropped += n;
}

/* Drop the oldest events that may be dropped, until at most mark bytes are
 * queued.  Returns how many were dropped. */
static uint64_t
session_drop_oldest(struct session *s, size_t mark)
{
	size_t n = queue_drop(&s->queue, &s->broker->pressure.pool,
	    s->ops->wire, mark);

	session_end_slow(s);
	return n;
}

/* Make room for f, which may be dropped, by dropping older events if it allows
 * that.  Returns whether there is room.  If publishers wait for s, room is only
 * below the low-water mark: such events must not make them wait longer. */
static bool
session_make_room(struct session *s, const struct frame *f)
{
	size_t mark = s->slow != NULL ? low_water(s) : high_water(s);
	uint64_t n = 0;

	if (f->overflow == OVERFLOW_DROP_OLDEST)
		n = session_drop_oldest(s, mark);
	if (s->queue.bytes > mark)
		n++;
	session_count_dropped(s, n);
	return s->queue.bytes <= mark;
}

/* Whether f may be queued although the queue is above its high-water mark.  It
 * is not inlined, because that would slow session_send() down. */
__attribute__((noinline))
static bool
session_admit(struct session *s, const struct frame *f)
{
	struct broker *b = s->broker;
	bool drops = f->overflow == OVERFLOW_DROP_OLDEST ||
	    f->overflow == OVERFLOW_DROP_NEWEST;

	/* Much may have been queued in this turn, so write first. */
	if (!s->blocked && (drops || s->queue.bytes > b->set.limit_queue))
		session_flush(s);
	if (s->state != SESSION_OPEN)
		return false;
	if (drops)
		return session_make_room(s, f);
	/* Only what is queued already counts, so that one message of any
	 * permitted size fits always. */
	if (s->queue.bytes <= b->set.limit_queue)
		return true;
	b->stats.sessions_overflowed++;
	session_turn_away(s, CLOSE_POLICY, "too slow: its queue is full");
	return false;
}

__attribute__((noinline))
static bool
session_refuse(struct session *s, struct frame *f)
{
	frame_unref(f, 1);
	session_doom(s, 0, "out of memory");
	return false;
}

/* An event that must not be lost has filled the queue above its high-water
 * mark.  If the socket is full, first drop the events that may be dropped.  If
 * that is not enough, s is slow. */
__attribute__((noinline))
static void
session_is_slow(struct session *s)
{
	if (s->blocked)
		session_count_dropped(s, session_drop_oldest(s,
		    high_water(s)));
	if (s->queue.bytes > high_water(s) && slow_begin(s) == -1)
		session_doom(s, 0, "out of memory");
}

bool
session_send(struct session *s, struct frame *f)
{
	struct broker *b = s->broker;

	if (s->state != SESSION_OPEN ||
	    (s->queue.bytes > high_water(s) && !session_admit(s, f))) {
		frame_unref(f, 1);
		return false;
	}
	if (queue_push(&s->queue, &b->pressure.pool, f, s->ops->wire) == -1)
		return session_refuse(s, f);
	if (!s->dirty && !s->blocked)
		session_mark_dirty(s);
	if (s->queue.bytes > high_water(s) && s->slow == NULL &&
	    f->overflow == OVERFLOW_DISCONNECT)
		session_is_slow(s);
	return true;
}

void
session_send_parts(struct session *s, const struct slice *parts, size_t n,
    bool newline)
{
	struct frame *f;

	f = frame_new(&s->broker->pressure.frame_bytes, parts, n, newline);
	if (f == NULL) {
		session_doom(s, 0, "out of memory");
		return;
	}
	s->broker->stats.frames_allocated++;
	if (s->ops->compressed)
		f = compress_frame(s->broker, f);
	(void)session_send(s, f);
}

/* Write once.  A frame that is large, or the only one, is written from where it
 * is; otherwise many frames are gathered.  0, or -1 when the connection is
 * broken. */
static int
session_write(struct session *s)
{
	struct broker *b = s->broker;
	struct slice out = queue_front(&s->queue, s->ops->wire);
	ssize_t n;

	if (out.len < s->queue.bytes && out.len < FLUSH_BATCH)
		out = slice_of(b->flush.batch, queue_gather(&s->queue,
		    s->ops->wire, b->flush.batch, FLUSH_BATCH));
	n = s->ops->write(s->conn, out.p, out.len);
	b->stats.writes++;
	if (n == -1)
		return -1;
	b->stats.bytes_written += (uint64_t)n;
	s->written += (uint64_t)n;
	queue_consume(&s->queue, &b->pressure.pool, s->ops->wire, (size_t)n);
	return 0;
}

void
session_flush(struct session *s)
{
	while (!queue_empty(&s->queue) && !s->blocked && s->conn != NULL)
		if (session_write(s) == -1) {
			session_doom(s, 0, "the connection is broken");
			s->blocked = true;
		}
	session_end_slow(s);
	session_settle(s);
}

void
session_block(struct session *s)
{
	s->blocked = true;
	s->blocked_at = (uint32_t)s->broker->now;
}

void
session_writable(struct session *s)
{
	struct broker *b = s->broker;

	if (s->blocked)
		histogram_add(&b->histograms.queue_wait,
		    (int64_t)((uint32_t)b->now - s->blocked_at) * 1000);
	s->blocked = false;
	if (s->state == SESSION_OPEN)
		session_flush(s);
}

/* ---- the end ---- */

void
session_end_input(struct session *s)
{
	s->input_ended = true;
	session_settle(s);
}

void
session_settle(struct session *s)
{
	if (s->input_ended && s->state == SESSION_OPEN && s->nsubs == 0 &&
	    queue_empty(&s->queue) &&
	    (s->ledger == NULL || (TAILQ_EMPTY(&s->ledger->requests) &&
	    TAILQ_EMPTY(&s->ledger->owed))))
		session_doom(s, 0, "done");
}

enum log_level
session_log_level(const struct session *s)
{
	return principal_in(s->principal, WHO_LOCAL) ? LOG_LEVEL_DEBUG :
	    LOG_LEVEL_INFO;
}

/* Remove s from the lists of open sessions. */
static void
session_leave_open(struct session *s)
{
	struct broker *b = s->broker;

	cursors_pass(&b->cursors, s, TAILQ_NEXT(s, link));
	TAILQ_REMOVE(&b->sessions.open, s, link);
	b->sessions.n--;
	sessions_count_kind(&b->sessions, s, false);
	b->stats.sessions_closed++;
	account_close(s);
	if (s->ops->keepalive)
		TAILQ_REMOVE(&b->sessions.alive, s, alive_link);
}

/* The one line that says why it is closed.  A session that the broker closes
 * with a code is always logged. */
static void
log_closing(const struct session *s, uint16_t code, const char *reason)
{
	enum log_level level = code == 0 ? session_log_level(s) :
	    LOG_LEVEL_INFO;

	if (session_log_on(s, level))
		log_always(level, "session=%s close code=%u reason=%s "
		    "duration=%.3f messages=%" PRIu64 " bytes=%" PRIu64
		    " sent=%" PRIu64, s->id, code,
		    log_quote(slice_str(reason)).s, s->opened == -1 ? 0 :
		    (double)(s->broker->now - s->opened) / 1e3, s->received,
		    s->bytes, s->written);
}

/* Tell that a session which was open is closed. */
static void
tell_closing(const struct session *s, uint16_t code, const char *reason)
{
	if (s->state == SESSION_OPEN)
		watch_tell_session(&s->broker->watch, WATCH_SESSION_CLOSE, s,
		    code, reason);
}

static void
doom(struct session *s, uint16_t code, const char *reason)
{
	struct broker *b = s->broker;

	if (s->state == SESSION_OPEN)
		session_leave_open(s);
	else
		TAILQ_REMOVE(&b->sessions.pending, s, link);
	s->state = SESSION_DOOMED;
	s->code = code;
	s->reason = reason;
	TAILQ_INSERT_TAIL(&b->sessions.doomed, s, link);
	(void)map_remove(&b->sessions.by_id, session_key(s));
	log_closing(s, code, reason);
	slow_end(s);		/* its publishers go on */
}

void
session_doom(struct session *s, uint16_t code, const char *reason)
{
	if (s->state == SESSION_DOOMED)
		return;
	tell_closing(s, code, reason);
	doom(s, code, reason);
}

void
session_turn_away(struct session *s, uint16_t code, const char *reason)
{
	session_doom(s, settings_drop(&s->broker->set) ? 0 : code, reason);
}

void
session_gone(struct session *s, const char *reason)
{
	tell_closing(s, 0, reason);	/* its address is still known */
	s->conn = NULL;
	if (s->state != SESSION_DOOMED)
		doom(s, 0, reason);
}
