/*
 * sub.c: many subscribers of events that somebody else publishes.
 *
 * A stream is the events of one publisher to one topic.  The events of
 * wamp-bench pub are numbered from 0 in each stream, and each subscriber must
 * get all of them in order.  Other events are only counted.
 */
#include "bench/bench.h"

#include "base/clock.h"
#include "base/io.h"
#include "bench/event.h"
#include "bench/meter.h"
#include "bench/pool.h"
#include "bench/streams.h"
#include "bench/topics.h"

#define SUB_ENVELOPE	512	/* bytes around an event, at most */
#define SUB_OPENING	64		/* pending handshakes */

struct sub {
	const struct bench *b;
	struct topics	topics;
	struct pool	pool;
	struct meter	meter;
	struct streams	streams;
	uint64_t	expected;	/* deliveries; 0: not known */
	uint64_t	deliveries;
	uint64_t	foreign;	/* deliveries that are not verified */
	uint64_t	lost;		/* missing numbers */
	uint64_t	unexpected;	/* twice or late */
	int64_t		ready_us;	/* when all had subscribed */
	int64_t		first_us;	/* when the first event came, or 0 */
	int64_t		last_us;
	bool		other_clock;	/* the publisher has another clock */
	struct hist	delay;
};

/* ---- receiving ---- */

static enum exit_status
sub_verify(struct sub *s, const struct conn *c, const char *letters,
    struct errbuf *e)
{
	uint64_t key = (uint64_t)c->index << 32 | event_stream(letters);
	struct stream *due = streams_obtain(&s->streams, key);
	uint32_t number = event_seq(letters);

	if (due == NULL) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (number < due->next) {
		s->unexpected++;
		return EXIT_DONE;
	}
	s->lost += number - due->next;
	due->next = (uint64_t)number + 1;
	s->deliveries++;
	return EXIT_DONE;
}

/* Whether the publisher has the clock of another machine: its events seem to
 * come from the future, or from before the subscription. */
static void
sub_time(struct sub *s, const char *letters, int64_t now)
{
	int64_t us = event_time(letters);

	if (us < s->ready_us || us > now)
		s->other_clock = true;
	hist_add(&s->delay, now - us);
}

static enum exit_status
sub_event(struct sub *s, const struct conn *c, struct slice text, int64_t now,
    struct errbuf *e)
{
	const char *letters = event_recognize(text);

	s->last_us = now;
	if (letters != NULL) {
		sub_time(s, letters, now);
		return sub_verify(s, c, letters, e);
	}
	if (text.len < 2 || text.p[1] != '8') {
		err_set(e, "not an event: %.*s",
		    (int)(text.len < 160 ? text.len : 160), text.p);
		return conn_error(c, EXIT_REFUSED, e);
	}
	s->foreign++;
	s->deliveries++;
	return EXIT_DONE;
}

static enum exit_status
sub_input(void *arg, struct conn *c, struct slice *in, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct sub *s = arg;
	int64_t now = clock_us();
	struct wire_msg m;

	if (s->first_us == 0) {		/* do not count the wait before it */
		s->first_us = now;
		st = meter_start(&s->meter, (pid_t)s->b->pid, e);
	}
	while (st == EXIT_DONE && conn_next(c, in, &m, &st, e))
		st = sub_event(s, c, m.text, now, e);
	return st;
}

/* ---- the run ---- */

/* When to stop waiting.  Before the first event, only --duration limits the
 * wait: the publisher may not have begun yet. */
static int64_t
sub_until(const struct sub *s)
{
	int64_t silent = s->first_us != 0 ? pool_deadline(&s->pool) :
	    INT64_MAX;
	int64_t end = s->b->duration_ms != 0 ?
	    s->ready_us + s->b->duration_ms * 1000 : INT64_MAX;

	return silent < end ? silent : end;
}

static enum exit_status
sub_run(struct sub *s, struct errbuf *e)
{
	enum exit_status st;

	s->pool.input = sub_input;
	s->pool.arg = s;
	st = meter_start(&s->meter, (pid_t)s->b->pid, e);
	while (st == EXIT_DONE && clock_us() < sub_until(s) &&
	    (s->expected == 0 || s->deliveries + s->lost < s->expected)) {
		progress_show(s->b->progress, "deliveries", s->deliveries,
		    s->expected);
		st = pool_turn(&s->pool, sub_until(s), e);
	}
	if (st != EXIT_DONE)
		return st;
	st = meter_stop(&s->meter, e);
	/* The silence at the end does not count. */
	if (s->last_us > s->first_us)
		s->meter.wall_us = s->last_us - s->first_us;
	if (s->expected > s->deliveries + s->lost)
		s->lost = s->expected - s->deliveries;
	return st;
}

static enum exit_status
sub_report(const struct sub *s, struct report *r, struct errbuf *e)
{
	report_add(r, "clients", s->topics.clients, 0);
	report_add(r, "topics", s->topics.n, 0);
	if (s->b->messages != 0)
		report_add(r, "messages", (double)s->b->messages, 0);
	report_add(r, "deliveries", (double)s->deliveries, 0);
	report_add(r, "unverified", (double)s->foreign, 0);
	report_add(r, "lost", (double)s->lost, 0);
	report_add(r, "unexpected", (double)s->unexpected, 0);
	report_add(r, "deliveries_per_s", meter_rate(&s->meter,
	    s->deliveries), 0);
	report_add(r, "bytes_per_s", meter_rate(&s->meter, s->pool.bytes), 0);
	if (s->delay.n > 0 && !s->other_clock)
		report_hist(r, "delay", &s->delay);
	if (s->b->pid != 0)
		report_add(r, "server_ns_per_delivery",
		    meter_server_ns(&s->meter, s->deliveries), 1);
	meter_report(&s->meter, r);
	if (s->lost == 0 && s->unexpected == 0 && s->deliveries > 0)
		return EXIT_DONE;
	err_set(e, "%llu deliveries, %llu lost, %llu not expected",
	    (unsigned long long)s->deliveries, (unsigned long long)s->lost,
	    (unsigned long long)s->unexpected);
	return EXIT_WORK;
}

static enum exit_status
sub_open(struct sub *s, struct errbuf *e)
{
	const struct bench *b = s->b;
	enum exit_status st;

	st = topics_init(&s->topics, b->topic, b->topics, b->clients, e);
	if (st != EXIT_DONE)
		return st;
	s->expected = topics_deliveries(&s->topics, (uint32_t)b->messages);
	st = pool_init(&s->pool, b, s->topics.clients,
	    (size_t)b->size + SUB_ENVELOPE, e);
	if (st == EXIT_DONE)
		st = pool_open(&s->pool, s->topics.clients, SUB_OPENING, e);
	if (st == EXIT_DONE)
		st = topics_subscribe(&s->topics, &s->pool, e);
	s->ready_us = clock_us();
	s->pool.bytes = 0;
	if (st == EXIT_DONE && b->ready_file != NULL &&
	    io_replace_file(b->ready_file, SLICE("ready\n"), 0644,
	    e) == -1) {
		err_wrap(e, "%s", b->ready_file);
		st = EXIT_WORK;
	}
	return st;
}

enum exit_status
bench_sub(struct bench *b, struct report *r, struct errbuf *e)
{
	struct sub s = { .b = b };
	enum exit_status st;

	if ((st = sub_open(&s, e)) == EXIT_DONE &&
	    (st = sub_run(&s, e)) == EXIT_DONE)
		st = sub_report(&s, r, e);
	pool_clear(&s.pool);
	streams_clear(&s.streams);
	return st;
}
