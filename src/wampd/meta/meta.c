/*
 * meta.c: the broker's own topics, on which it tells what happens.
 *
 * A row of the table names each topic.  The functions that note an event are
 * those of struct watch_ops; wamp-control(7) lists the members that they write.
 * Secrets are never among them.
 */
#include "wampd/meta/meta.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"
#include "wampd/core/publish.h"
#include "wampd/meta/level.h"
#include "wampd/meta/notes.h"

struct meta {
	struct broker *broker;		/* borrowed */
	struct tap    *tap;		/* borrowed */
	struct notes   notes;
	struct buf     spare;		/* owned: text of published notes, which
					 * is used again */
	struct levels  levels;
	bool	       telling;		/* log lines cause no events now */
};

static const char *const topics[WATCH_TOPICS] = {
	[WATCH_SESSION_OPEN] = WATCH_PREFIX "session.open",
	[WATCH_SESSION_LOGIN] = WATCH_PREFIX "session.login",
	[WATCH_SESSION_CLOSE] = WATCH_PREFIX "session.close",
	[WATCH_SUBSCRIPTION_OPEN] = WATCH_PREFIX "subscription.open",
	[WATCH_SUBSCRIPTION_CLOSE] = WATCH_PREFIX "subscription.close",
	[WATCH_SLOW] = WATCH_PREFIX "slow",
	[WATCH_LOG] = WATCH_PREFIX "log",
	[WATCH_RELOAD] = WATCH_PREFIX "reload",
	[WATCH_DRAIN] = WATCH_PREFIX "drain",
};

/* ---- who watches ---- */

static bool
meta_knows(void *ctx, struct slice topic)
{
	size_t i;

	(void)ctx;
	for (i = 0; i < WATCH_TOPICS; i++)
		if (slice_eq(topic, slice_str(topics[i])))
			return true;
	return false;
}

static bool
is_watched(struct broker *b, struct slice name)
{
	const struct topic *t = topic_find(&b->topics, name);
	const struct prefix_sub *w;

	if (t != NULL && t->n > 0)
		return true;
	LIST_FOREACH(w, &b->prefix_subs, link)
		if (prefix_sub_matches(w, name))
			return true;
	return false;
}

static void	note_line(void *ctx, enum log_level level,
		    const char *message);

static void
meta_changed(void *ctx)
{
	struct meta *m = ctx;
	struct watch *w = &m->broker->watch;
	unsigned i;

	w->wanted = 0;
	for (i = 0; i < WATCH_TOPICS; i++)
		if (is_watched(m->broker, slice_str(topics[i])))
			w->wanted |= 1u << i;
	if (watch_wants(w, WATCH_LOG))
		log_watch(note_line, m);
	else
		log_watch(NULL, NULL);
}

/* ---- what happens ---- */

/* Whether there is room for one more event, which is begun then. */
static bool
note_begin(struct meta *m, enum watch_topic what)
{
	if (notes_begin(&m->notes, what, m->broker->wall()))
		return true;
	m->broker->stats.meta_lost++;
	return false;
}

static void
note_end(struct meta *m, int rc)
{
	struct broker *b = m->broker;

	if (notes_end(&m->notes, rc))
		tap_stir(m->tap);
	else
		b->stats.meta_lost++;
}

/* Begin an event about a session.  Returns whether there is room. */
static bool
note_begin_session(struct meta *m, enum watch_topic what,
    const struct session *s, int *rc)
{
	if (!note_begin(m, what))
		return false;
	*rc = buf_addf(&m->notes.text, ",\"session\":\"%s\",\"principal\":",
	    s->id) == -1 ? -1 :
	    json_quote(&m->notes.text, slice_str(s->principal->name));
	return true;
}

static int
add_peer(struct buf *out, const struct session *s)
{
	struct buf address = { 0 };
	int rc = -1;

	if ((s->conn == NULL || s->ops->describe(s->conn, &address) == 0) &&
	    buf_addf(out, ",\"transport\":\"%s\",\"address\":",
	    s->ops->name) == 0)
		rc = json_quote(out, buf_slice(&address));
	buf_clear(&address);
	return rc;
}

static int
add_end(struct buf *out, const struct session *s, uint16_t code,
    const char *reason)
{
	if (buf_addf(out, ",\"code\":%u,\"reason\":", code) == -1 ||
	    json_quote(out, slice_str(reason)) == -1)
		return -1;
	return buf_addf(out, ",\"duration\":%.3f,\"messages\":%" PRIu64
	    ",\"bytes\":%" PRIu64 ",\"sent\":%" PRIu64
	    ",\"subscriptions\":%u,\"dropped\":%" PRIu64,
	    (double)(s->broker->now - s->opened) / 1e3, s->received, s->bytes,
	    s->written, s->nsubs, s->ledger != NULL ? s->ledger->dropped :
	    0);
}

static void
meta_session(void *ctx, enum watch_topic what, const struct session *s,
    uint16_t code, const char *reason)
{
	struct meta *m = ctx;
	struct buf *out = &m->notes.text;
	int rc;

	if (!note_begin_session(m, what, s, &rc))
		return;
	if (rc == 0)
		rc = add_peer(out, s);
	if (rc == 0 && what == WATCH_SESSION_CLOSE)
		rc = add_end(out, s, code, reason);
	note_end(m, rc);
}

static void
note_uri(struct meta *m, enum watch_topic what, const struct session *s,
    const char *name, struct slice uri, int64_t n)
{
	struct buf *out = &m->notes.text;
	int rc;

	if (!note_begin_session(m, what, s, &rc))
		return;
	if (rc == 0 && (buf_addf(out, ",\"%s\":", name) == -1 ||
	    json_quote(out, uri) == -1))
		rc = -1;
	if (rc == 0 && n >= 0)
		rc = buf_addf(out, ",\"subscribers\":%" PRId64, n);
	note_end(m, rc);
}

static void
meta_subscription(void *ctx, enum watch_topic what, const struct session *s,
    struct slice topic, size_t n)
{
	note_uri(ctx, what, s, "topic", topic, (int64_t)n);
}

static void
meta_prefix(void *ctx, enum watch_topic what, const struct session *s,
    struct slice prefix)
{
	note_uri(ctx, what, s, "prefix", prefix, -1);
}

static void
meta_slow(void *ctx, const struct session *s, const char *state)
{
	struct meta *m = ctx;
	int rc;

	if (!note_begin_session(m, WATCH_SLOW, s, &rc))
		return;
	if (rc == 0)
		rc = buf_addf(&m->notes.text, ",\"state\":\"%s\","
		    "\"queued\":%zu", state, s->queue.bytes);
	note_end(m, rc);
}

static void
meta_life(void *ctx, enum watch_topic what, struct slice members)
{
	struct meta *m = ctx;

	if (!note_begin(m, what))
		return;
	note_end(m, buf_addf(&m->notes.text, ",%.*s", (int)members.len,
	    members.p));
}

/* A line of the log.  What publishing such events logs causes no events. */
static void
note_line(void *ctx, enum log_level level, const char *message)
{
	struct meta *m = ctx;
	struct buf *out = &m->notes.text;
	int rc = -1;

	if (m->telling || !note_begin(m, WATCH_LOG))
		return;
	if (buf_addf(out, ",\"level\":\"%s\",\"message\":",
	    log_level_name(level)) == 0)
		rc = json_quote(out, slice_str(message));
	note_end(m, rc);
}

static const struct watch_ops watch_ops = {
	.knows = meta_knows,
	.changed = meta_changed,
	.session = meta_session,
	.subscription = meta_subscription,
	.prefix = meta_prefix,
	.slow = meta_slow,
	.life = meta_life,
};

/* ---- publishing ---- */

static void
publish_note(struct broker *b, enum watch_topic what, struct slice text)
{
	struct publication p = { .broker = b, .event = text };

	p.topic = topic_obtain(&b->topics, slice_str(topics[what]));
	if (p.topic == NULL || publish_broadcast(&p) == -1) {
		b->stats.meta_lost++;
		return;
	}
	p.topic->events++;
	b->stats.meta_events++;
}

/* Publish what waits.  Publishing may close sessions, which are new events:
 * these wait in another buffer for the next turn. */
static void
publish_notes(struct meta *m)
{
	struct notes *n = &m->notes;
	struct buf text = n->text;
	struct note v[NOTES_MAX];
	size_t i, count = n->n;

	for (i = 0; i < count; i++)
		v[i] = n->v[i];
	n->text = m->spare;
	buf_reset(&n->text);
	n->n = 0;
	m->telling = true;
	for (i = 0; i < count; i++)
		publish_note(m->broker, v[i].what,
		    slice_of(text.data + v[i].off, v[i].len));
	m->telling = false;
	if (text.cap > NOTES_KEEP)
		buf_clear(&text);
	m->spare = text;
}

static int64_t
meta_tick(void *ctx)
{
	struct meta *m = ctx;

	if (m->notes.n > 0)
		publish_notes(m);
	return m->notes.n > 0 ? 0 : levels_tick(&m->levels, m->broker);
}

/* ---- joining the broker ---- */

static void
meta_free(void *ctx)
{
	struct meta *m = ctx;

	if (watch_wants(&m->broker->watch, WATCH_LOG))
		log_watch(NULL, NULL);
	m->broker->watch = (struct watch){ .ops = NULL };
	notes_clear(&m->notes);
	buf_clear(&m->spare);
	free(m);
}

static const struct tap_ops meta_tap = {
	.name = "meta",
	.tick = meta_tick,
	.free = meta_free,
};

int
meta_add(struct broker *b)
{
	struct meta *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return -1;
	m->broker = b;
	if ((m->tap = tap_add(&b->taps, &meta_tap, m)) == NULL) {
		free(m);
		return -1;
	}
	b->watch = (struct watch){ .ops = &watch_ops, .ctx = m };
	return levels_add(&m->levels, b, m->tap);
}
