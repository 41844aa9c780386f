/*
 * fan.c: one publisher, many subscribers.  Because of the distribution in
 * topics.h, a delivery is verified by comparing two numbers.
 */
#include "bench/bench.h"

#include <stdlib.h>

#include "base/clock.h"
#include "bench/event.h"
#include "bench/meter.h"
#include "bench/pool.h"
#include "bench/topics.h"

#define FAN_ENVELOPE	512	/* bytes around an event, at most */
#define FAN_AHEAD	(64 * 1024)	/* bytes to queue for publishing */
#define FAN_MESSAGES	4000000000LL	/* numbers are 32 bits */
#define FAN_OPENING	64	/* pending handshakes */

enum pace {
	PACE_BURST,	/* as fast as the server accepts events */
	PACE_LOCKSTEP,	/* the next event when all have got the last one */
	PACE_RATE,	/* a fixed rate, whatever the server does */
};

struct fan {
	const struct bench *b;
	enum pace	pace;
	struct pool	pool;		/* the publisher is the last one */
	struct meter	meter;
	struct topics	topics;
	uint32_t	messages;	/* to be published */
	uint32_t	sent;		/* published so far */
	uint32_t       *next;		/* owned; next number, by session */
	uint64_t	expected;	/* deliveries of all messages */
	uint64_t	owed;		/* deliveries of published messages */
	uint64_t	settled;	/* of owed: delivered or lost */
	uint64_t	lost;		/* missing numbers */
	uint64_t	unexpected;	/* twice, late, or for others */
	struct buf	text;		/* the PUBLISH message being built */
	size_t		text_head;	/* its bytes before the event */
	int64_t		start_us;
	int64_t		round_us;	/* when the last event was published */
	struct hist	delay;		/* of a delivery, or of a round */
};

static enum exit_status
fan_nomem(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

static enum exit_status
fan_init(struct fan *f, const struct bench *b, struct errbuf *e)
{
	int64_t messages = f->pace == PACE_RATE ?
	    b->rate * b->duration_ms / 1000 : b->messages;
	enum exit_status st;
	uint32_t i;

	if (messages < 1 || messages > FAN_MESSAGES) {
		err_set(e, "%lld events: not between 1 and %lld",
		    (long long)messages, FAN_MESSAGES);
		return EXIT_USAGE;
	}
	f->b = b;
	f->messages = (uint32_t)messages;
	st = topics_init(&f->topics, b->topic, b->topics, b->clients, e);
	if (st == EXIT_DONE)
		st = pool_init(&f->pool, b, f->topics.clients + 1,
		    (size_t)b->size + FAN_ENVELOPE, e);
	if (st != EXIT_DONE)
		return st;
	f->next = calloc(f->topics.clients + 1, sizeof(*f->next));
	if (f->next == NULL)
		return fan_nomem(e);
	for (i = 0; i < f->topics.clients; i++)
		f->next[i] = i % f->topics.stride;
	f->next[i] = UINT32_MAX;	/* the publisher gets none */
	f->expected = topics_deliveries(&f->topics, f->messages);
	return EXIT_DONE;
}

static void
fan_clear(struct fan *f)
{
	pool_clear(&f->pool);
	buf_clear(&f->text);
	free(f->next);
}

/* Open the publisher last and alone: so the child of sendloop recognizes it. */
static enum exit_status
fan_open(struct fan *f, struct errbuf *e)
{
	enum exit_status st;

	st = pool_open(&f->pool, f->topics.clients, FAN_OPENING, e);
	if (st == EXIT_DONE)
		st = pool_open(&f->pool, 1, 1, e);
	if (st == EXIT_DONE && f->b->server.greets)
		st = topics_subscribe(&f->topics, &f->pool, e);
	return st;
}

/* ---- receiving ---- */

/* Event k came, but *next was due. */
static void
fan_misplaced(struct fan *f, uint32_t *next, uint32_t k)
{
	const uint32_t stride = f->topics.stride;
	uint32_t missed;

	if (k < *next || k >= f->messages || (k - *next) % stride != 0) {
		f->unexpected++;
		return;
	}
	missed = (k - *next) / stride;
	f->lost += missed;
	f->settled += missed + 1;
	*next = k + stride;
}

/* A message that is not an event of this run, such as a refusal. */
static enum exit_status
fan_stranger(const struct conn *c, struct slice text, struct errbuf *e)
{
	err_set(e, "not an event of this run: %.*s",
	    (int)(text.len < 160 ? text.len : 160), text.p);
	return conn_error(c, EXIT_REFUSED, e);
}

static enum exit_status
fan_input(void *arg, struct conn *c, struct slice *in, struct errbuf *e)
{
	struct fan *f = arg;
	const struct protocol *p = c->server->protocol;
	const size_t size = (size_t)f->b->size;
	int64_t now = f->pace == PACE_RATE ? clock_us() : 0;
	uint32_t *next = &f->next[c->index], k;
	enum exit_status st = EXIT_DONE;
	const char *letters;
	struct wire_msg m;

	while (conn_next(c, in, &m, &st, e)) {
		if ((letters = protocol_event(p, m.text, size)) == NULL)
			return fan_stranger(c, m.text, e);
		if ((k = event_seq(letters)) == *next) {
			*next += f->topics.stride;
			f->settled++;
		} else {
			fan_misplaced(f, next, k);
		}
		if (now != 0)
			hist_add(&f->delay, now - event_time(letters));
	}
	return st;
}

/* ---- publishing ---- */

/* When event k is due.  If the server is late, the delay of the following
 * events must count, too. */
static int64_t
fan_due(const struct fan *f, uint32_t k)
{
	return f->start_us + (int64_t)k * 1000000 / f->b->rate;
}

static bool
fan_may_publish(const struct fan *f, int64_t now)
{
	if (f->pace == PACE_LOCKSTEP)
		return f->settled == f->owed;
	return f->pace == PACE_BURST || now >= fan_due(f, f->sent);
}

static enum exit_status
fan_publish(struct fan *f, int64_t now, struct errbuf *e)
{
	struct conn *publisher = &f->pool.v[f->topics.clients];
	int64_t us = f->pace == PACE_RATE ? fan_due(f, f->sent) : now;
	const struct protocol *p = f->b->server.protocol;
	enum exit_status st;

	if (f->sent == 0 || f->topics.n > 1) {
		st = topics_publish(&f->topics, &f->text, p,
		    f->sent % f->topics.n, (size_t)f->b->size, e);
		if (st != EXIT_DONE)
			return st;
		f->text_head = f->text.len;
	}
	f->text.len = f->text_head;
	if (event_add(&f->text, (size_t)f->b->size, f->sent, us, 0) == -1 ||
	    buf_add_slice(&f->text, p->publish_tail) == -1)
		return fan_nomem(e);
	if (f->settled == f->owed)
		f->pool.heard_us = now;		/* silence begins now */
	f->owed += topics_audience(&f->topics, f->sent);
	f->sent++;
	f->round_us = now;
	return conn_queue(publisher, buf_slice(&f->text), e);
}

static enum exit_status
fan_feed(struct fan *f, struct errbuf *e)
{
	struct conn *publisher = &f->pool.v[f->topics.clients];
	enum exit_status st = EXIT_DONE;
	int64_t now = clock_us();

	while (st == EXIT_DONE && f->sent < f->messages &&
	    publisher->out.len < FAN_AHEAD && fan_may_publish(f, now))
		st = fan_publish(f, now, e);
	if (st == EXIT_DONE && !publisher->blocked)
		st = conn_flush(publisher, e);
	return st;
}

/* Until when there is nothing to do except receiving. */
static int64_t
fan_until(const struct fan *f)
{
	bool blocked = f->pool.v[f->topics.clients].blocked;

	if (f->sent < f->messages && f->pace == PACE_RATE && !blocked)
		return fan_due(f, f->sent);
	if (f->sent < f->messages && f->pace == PACE_BURST && !blocked)
		return 0;
	return pool_deadline(&f->pool);
}

/* ---- the run ---- */

static enum exit_status
fan_run(struct fan *f, struct errbuf *e)
{
	enum exit_status st;

	f->pool.input = fan_input;
	f->pool.arg = f;
	f->start_us = clock_us();
	st = meter_start(&f->meter, (pid_t)f->b->pid, e);
	while (st == EXIT_DONE && f->settled < f->expected) {
		progress_show(f->b->progress, "deliveries", f->settled,
		    f->expected);
		if ((st = fan_feed(f, e)) != EXIT_DONE ||
		    (st = pool_turn(&f->pool, fan_until(f), e)) != EXIT_DONE)
			return st;
		if (f->pace == PACE_LOCKSTEP && f->settled == f->owed)
			hist_add(&f->delay, clock_us() - f->round_us);
		if (f->settled < f->owed &&
		    clock_us() >= pool_deadline(&f->pool))
			break;
	}
	f->lost += f->expected - f->settled;
	return st == EXIT_DONE ? meter_stop(&f->meter, e) : st;
}

static enum exit_status
fan_report(const struct fan *f, struct report *r, struct errbuf *e)
{
	uint64_t deliveries = f->expected - f->lost;
	const struct pool *p = &f->pool;

	report_add(r, "clients", f->topics.clients, 0);
	report_add(r, "topics", f->topics.n, 0);
	report_add(r, "messages", f->messages, 0);
	report_add(r, "size", (double)f->b->size, 0);
	report_add(r, "deliveries", (double)deliveries, 0);
	report_add(r, "lost", (double)f->lost, 0);
	report_add(r, "unexpected", (double)f->unexpected, 0);
	report_add(r, "deliveries_per_s", meter_rate(&f->meter, deliveries),
	    0);
	report_add(r, "bytes_per_s", meter_rate(&f->meter, p->bytes), 0);
	report_add(r, "deliveries_per_read", (double)deliveries /
	    (double)(p->reads > 0 ? p->reads : 1), 1);
	if (f->pace == PACE_LOCKSTEP)
		report_hist(r, "round", &f->delay);
	if (f->pace == PACE_RATE)
		report_hist(r, "delay", &f->delay);
	if (f->b->pid != 0)
		report_add(r, "server_ns_per_delivery",
		    meter_server_ns(&f->meter, deliveries), 1);
	meter_report(&f->meter, r);
	if (f->lost == 0 && f->unexpected == 0)
		return EXIT_DONE;
	err_set(e, "%llu of %llu deliveries lost, %llu not expected",
	    (unsigned long long)f->lost, (unsigned long long)f->expected,
	    (unsigned long long)f->unexpected);
	return EXIT_WORK;
}

static enum exit_status
fan_measure(const struct bench *b, enum pace pace, struct report *r,
    struct errbuf *e)
{
	struct fan f = { .pace = pace };
	enum exit_status st;

	if ((st = fan_init(&f, b, e)) == EXIT_DONE &&
	    (st = fan_open(&f, e)) == EXIT_DONE) {
		f.pool.bytes = f.pool.reads = 0;
		if ((st = fan_run(&f, e)) == EXIT_DONE)
			st = fan_report(&f, r, e);
	}
	fan_clear(&f);
	return st;
}

enum exit_status
bench_fan(struct bench *b, struct report *r, struct errbuf *e)
{
	return fan_measure(b, b->lockstep ? PACE_LOCKSTEP : PACE_BURST, r, e);
}

enum exit_status
bench_latency(struct bench *b, struct report *r, struct errbuf *e)
{
	return fan_measure(b, PACE_RATE, r, e);
}
