/*
 * ws.c: the WebSocket transport: its connections from the first byte to the
 * last.
 */
#include "wampd/net/ws.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/protocol.h"
#include "wampd/net/tls.h"
#include "wampd/net/ws_conn.h"

#define ADMISSIONS	128	/* requests that are judged per turn */
#define LATES		128	/* connections that end late per turn */
#define FAREWELL_MS	3000	/* how long we wait for the peer's end */
#define GRACE_MS	1000	/* how long nobody makes room for others */
#define FAREWELLS	1024	/* connections that we wait for */
#define RELAY_MS	60000	/* for progress of a server's answer */
#define RELAYS		512	/* connections that servers answer */
#define KEPT_MS		75000	/* between two requests of a client; more than a
				 * minute, as which probes are repeated */
#define KEPT		256	/* clients that we wait for */

/* ---- what a stream tells ---- */

static void
on_secured(struct stream *s)
{
	conn_move(conn_of_stream(s), CONN_HEAD);
}

static void
on_insecure(struct stream *s, const char *reason)
{
	struct ws_conn *c = conn_of_stream(s);
	struct ws *w = c->ws;
	struct buf text = { 0 };

	w->broker->stats.tls_failed++;
	if (door_may_log(&w->door, w->broker->now) &&
	    address_describe(&c->visit->peer, &text) == 0)
		log_info("transport=ws address=%s the TLS handshake failed: "
		    "%s", log_quote(buf_slice(&text)).s,
		    reason != NULL ? reason : "the connection is broken");
	buf_clear(&text);
	conn_farewell(c);
}

static size_t
on_input(struct stream *s, char *p, size_t n)
{
	struct ws_conn *c = conn_of_stream(s);
	size_t used = 0;

	switch (c->state) {
	case CONN_KEPT:
		if (!conn_wake(c))
			return n;
		used = conn_head(c, p, n);
		break;
	case CONN_PROXY:
		used = conn_proxy_header(c, p, n);
		if (c->state != CONN_HEAD || used == n)
			return used;
		/* FALLTHROUGH */
	case CONN_HEAD:
		used += conn_head(c, p + used, n - used);
		if (c->state == CONN_KEPT)
			break;
		if (c->state != CONN_OPEN || used == n || s->paused)
			return used;
		/* FALLTHROUGH */
	case CONN_OPEN:
		return used + conn_frames(c, p + used, n - used);
	case CONN_ASKING:
		return conn_more_input(c, n);
	case CONN_GOODBYE:
		return conn_last_frames(c, p, n);
	default:
		return n;		/* nothing is expected any more */
	}
	if (c->state == CONN_KEPT && used < n && !s->paused)
		stream_yield(s);	/* others come before its next one */
	return used;
}

/* The peer has ended its output, but can still read what waits for it. */
static bool
conn_lingers(struct ws_conn *c)
{
	if (c->state == CONN_RELAYED)
		return true;
	if (!stream_is_blocked(&c->stream))
		return false;
	if (c->state == CONN_GOODBYE)
		conn_farewell(c);
	return c->state == CONN_FAREWELL;
}

static void
on_ended(struct stream *s, bool broken)
{
	struct ws_conn *c = conn_of_stream(s);
	struct session *session = c->session;

	if (!broken && conn_lingers(c))
		return;
	if (c->state == CONN_LEAVING && !broken) {
		conn_say_rest(c);
		session_doom(session, 0, "the peer left");
		return;
	}
	c->session = NULL;
	if (session != NULL)
		session_gone(session, "the peer left");
	conn_close(c);
}

static void
on_writable(struct stream *s)
{
	struct ws_conn *c = conn_of_stream(s);

	if (c->session != NULL)
		session_writable(c->session);
	else if (c->state == CONN_RELAYED)
		conn_relay_more(c);
	else if (c->state == CONN_KEPT)
		stream_pause(s, false);
	else if (c->state == CONN_ASKING && s->broken)
		conn_close(c);	/* it may be paused */
}

static void
on_closed(struct stream *s)
{
	struct ws_conn *c = conn_of_stream(s);

	ws_reader_clear(&c->reader);
	free(c->real);
	conn_free_visit(c);
	free(c);
}

static const struct stream_ops stream_ops = {
	.half_close = false,
	.secured = on_secured,
	.insecure = on_insecure,
	.input = on_input,
	.ended = on_ended,
	.writable = on_writable,
	.closed = on_closed,
};

/* ---- new connections ---- */

/* Takes fd.  NULL when out of memory. */
static struct ws_conn *
conn_new(struct ws *w, int fd, unsigned how)
{
	struct ws_conn *c = calloc(1, sizeof(*c));
	struct tls *tls = how & WS_TLS ? w->tls : NULL;

	if (c == NULL || (c->visit = calloc(1, sizeof(*c->visit))) == NULL) {
		(void)close(fd);
		free(c);
		return NULL;
	}
	c->ws = w;
	c->visit->conn = c;
	if (how & WS_PROXY) {
		c->state = CONN_PROXY;
		c->visit->tls = tls;
		tls = NULL;
	} else {
		c->state = tls != NULL ? CONN_SECURING : CONN_HEAD;
	}
	if (stream_open(&c->stream, w->streams, &stream_ops, fd, tls) == 0)
		return c;
	free(c->visit);
	free(c);
	return NULL;
}

void
ws_adopt(struct ws *w, int fd, const struct address *peer, unsigned how)
{
	struct ws_conn *c;

	streams_set_now(w->streams);
	if (!(how & WS_PROXY ? ws_proxy_receives(w, fd, peer) :
	    how & WS_PLAIN || ws_receives(w, fd, peer, how & WS_TLS)))
		return;
	if ((c = conn_new(w, fd, how)) == NULL) {
		log_err("transport=ws refused: out of memory");
		return;
	}
	c->visit->peer = *peer;
	c->visit->trusted = !(how & WS_PROXY) && ws_trusts(w, peer);
	c->visit->proxied = c->visit->trusted || how & WS_PROXY;
	c->visit->plain = how & WS_PLAIN;
	if (conn_enter(c) == -1) {
		log_err("transport=ws refused: out of memory");
		c->state = CONN_GONE;
		stream_close(&c->stream);
	}
}

/* Who has just come is about to become a session, and must not make room for
 * another who has just come. */
bool
ws_make_room(struct ws *w)
{
	int64_t before = w->broker->now - GRACE_MS;
	struct visit *oldest = visits_older(&w->farewells, before);

	if (oldest == NULL)
		oldest = visits_older(&w->kept, before);
	if (oldest == NULL)
		oldest = visits_older(&w->door.visits, before);
	if (oldest == NULL)
		return relays_end_oldest(w, before);
	w->broker->stats.handshakes_displaced++;
	conn_close(conn_of_visit(oldest));
	return true;
}

/* ---- turns ---- */

static void
conn_admit(struct ws_conn *c)
{
	TAILQ_REMOVE(&c->ws->ready, c->visit, ready_link);
	c->visit->admitted = true;
	c->visit->scan = (struct http_scan){ 0 };
	conn_move(c, CONN_HEAD);
	stream_pause(&c->stream, false);
}

/* Its time is up.  Who has begun a request is told. */
static void
conn_is_late(struct ws_conn *c)
{
	const struct http_refusal late = { .cause = HTTP_CAUSE_TIMEOUT };

	c->ws->broker->stats.handshakes_late++;
	if (c->state == CONN_HEAD && stream_rest(&c->stream).len > 0)
		conn_refuse(c, &late, false);
	else if (c->state == CONN_ASKING)
		conn_is_busy(c);
	else
		conn_close(c);
}

/* Whether more may be late than one turn can end. */
static bool
ws_end_late(struct ws *w)
{
	int64_t now = w->broker->now;
	unsigned left = LATES;
	struct visit *v;

	for (; left > 0 && (v = visits_late(&w->door.visits, now)) != NULL;
	    left--)
		conn_is_late(conn_of_visit(v));
	for (; left > 0 && relays_end_late(w); left--)
		;
	for (; left > 0 && (v = visits_late(&w->kept, now)) != NULL; left--)
		conn_close(conn_of_visit(v));
	for (; left > 0 && (v = visits_late(&w->farewells, now)) != NULL;
	    left--)
		conn_close(conn_of_visit(v));
	return left == 0;
}

int64_t
ws_turn(struct ws *w, bool admit)
{
	int64_t now = w->broker->now, wait;
	bool more = ws_end_late(w);
	struct ws_visit *ready;

	ws_evict(w);
	for (w->admissions = admit ? ADMISSIONS : 0; w->admissions > 0 &&
	    (ready = TAILQ_FIRST(&w->ready)) != NULL; w->admissions--)
		conn_admit(ready->conn);
	wait = door_log_rest(&w->door, now);
	if (more || (admit && !TAILQ_EMPTY(&w->ready)))
		return 0;
	wait = clock_sooner(wait, visits_wait(&w->door.visits, now));
	wait = clock_sooner(wait, visits_wait(&w->relays, now));
	wait = clock_sooner(wait, visits_wait(&w->kept, now));
	return clock_sooner(wait, visits_wait(&w->farewells, now));
}

/* ---- life ---- */

static int
ws_init(struct ws *w, const struct ws_settings *set, struct errbuf *e)
{
	struct ws_rules *rules;

	w->protocol = set->protocol;
	(void)sessions_obtain_kind(&w->broker->sessions, ws_transport.name,
	    w->protocol->name);
	w->addresses = set->addresses;
	w->readers = set->readers;
	w->names[0] = w->protocol->name;
	w->rules.protocols = w->names;
	w->rules.digest = &w->digest;
	TAILQ_INIT(&w->ready);
	w->admissions = ADMISSIONS;
	door_init(&w->door, set->handshakes, set->handshakes_address,
	    set->handshake);
	visits_init(&w->relays, RELAYS, RELAY_MS);
	visits_init(&w->kept, KEPT, KEPT_MS);
	visits_init(&w->farewells, FAREWELLS, FAREWELL_MS);
	if ((rules = ws_prepare(w, set, e)) == NULL)
		return -1;
	ws_commit(w, rules);
	return handshake_digest_init(&w->digest, e);
}

struct ws *
ws_new(struct streams *streams, struct broker *b,
    const struct ws_settings *set, struct errbuf *e)
{
	struct ws *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		err_set(e, "out of memory");
		if (set->source_free != NULL)
			set->source_free(set->source);
		return NULL;
	}
	w->streams = streams;
	w->broker = b;
	w->tls = set->tls;
	w->identify = set->identify;
	if (ws_init(w, set, e) == 0)
		return w;
	ws_free(w);
	return NULL;
}

int
ws_serve(struct ws *w, const char *path, const struct site_server *server)
{
	return site_add(&w->site, path, server);
}

int
ws_serve_page(struct ws *w, const char *path, const struct site_page *page,
    bool everywhere)
{
	if (site_add_page(&w->plain, path, page) == -1)
		return -1;
	return everywhere ? site_add_page(&w->site, path, page) : 0;
}

void
ws_close(struct ws *w)
{
	struct visit *v;

	if (w == NULL)
		return;
	while ((v = TAILQ_FIRST(&w->door.visits.list)) != NULL)
		conn_close(conn_of_visit(v));
	while (relays_end_oldest(w, INT64_MAX))
		;
	while ((v = TAILQ_FIRST(&w->kept.list)) != NULL)
		conn_close(conn_of_visit(v));
	while ((v = TAILQ_FIRST(&w->farewells.list)) != NULL)
		conn_close(conn_of_visit(v));
}

void
ws_free(struct ws *w)
{
	if (w == NULL)
		return;
	handshake_digest_clear(&w->digest);
	deflate_free(w->deflate);
	buf_clear(&w->inflated);
	door_clear(&w->door);
	site_clear(&w->site);
	ws_discard(w->settings);
	site_clear(&w->plain);
	free(w);
}
