/*
 * pub.c: many publishers, and how fast the server accepts and acknowledges
 * their events.
 *
 * PUBLISH has no answer in WAMP v1, so a call follows each batch of events.
 * Answers come in order, so the answer means that the batch has been handled.
 * wampd.barrier also returns the results.  The next batch is sent while we wait
 * for the answer.
 *
 * Events are numbered.  Event k is published by publisher k modulo the number
 * of publishers, on topic k modulo the number of topics.  This repeats with the
 * least common multiple of both, so k modulo that multiple is the number of a
 * stream, and k divided by it counts the events of the stream.
 */
#include "bench/bench.h"

#include <stdlib.h>

#include "base/clock.h"
#include "proto/json.h"
#include "bench/event.h"
#include "bench/meter.h"
#include "bench/pool.h"
#include "bench/topics.h"

#define PUB_ENVELOPE	1024	/* bytes of an answer, at most */
#define PUB_OPENING	64	/* pending handshakes */
#define PUB_BATCHES	2	/* of a publisher, not acknowledged */
#define PUB_MESSAGES	100000	/* without --messages and --duration */

struct batch {
	uint32_t n;		/* events */
	int64_t	 us;		/* when it was made */
};

struct publisher {
	uint32_t quota;		/* events to publish in all */
	uint32_t sent;
	uint32_t acked;
	uint32_t batches;	/* made */
	uint32_t done;		/* acknowledged */
	struct batch under_way[PUB_BATCHES];	/* by number modulo */
};

struct pub {
	const struct bench *b;
	struct topics	topics;
	struct pool	pool;
	struct meter	meter;
	struct publisher *v;		/* owned; by session */
	uint32_t	clients;
	uint32_t	streams;	/* pairs of publisher and topic */
	uint32_t	first_stream;	/* differs between runs */
	uint32_t	batch;		/* events in a batch, at most */
	uint32_t	under_way;	/* batches of one publisher, at most */
	uint64_t	messages;	/* to be published; 0: as many as the
					 * time allows */
	uint64_t	sent;
	uint64_t	acked;
	uint64_t	bytes;		/* of PUBLISH messages */
	uint64_t	deliveries;	/* as reported by the server */
	bool		told;		/* the server reports deliveries */
	struct buf	barrier;	/* ,"procedure"] */
	struct buf	head;		/* [7,"topic", */
	struct buf	text;		/* the message being built */
	int64_t		start_us;
	int64_t		end_us;		/* of publishing; INT64_MAX: no end */
	struct hist	delay;		/* of the acknowledgement */
};

static enum exit_status
pub_nomem(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* ---- preparing ---- */

static uint32_t
greatest_common_divisor(uint32_t a, uint32_t b)
{
	uint32_t rest;

	while (b != 0) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* Distribute the events over the publishers.  If only time limits them, there
 * are as many as 32 bits can number. */
static void
pub_deal(struct pub *p)
{
	uint32_t i;

	for (i = 0; i < p->clients; i++)
		p->v[i].quota = p->messages == 0 ?
		    (UINT32_MAX - i) / p->clients :
		    (uint32_t)(p->messages / p->clients) +
		    (i < p->messages % p->clients);
}

static enum exit_status
pub_init(struct pub *p, const struct bench *b, struct errbuf *e)
{
	uint32_t topics = (uint32_t)b->topics;
	uint64_t streams;
	enum exit_status st;

	p->b = b;
	p->clients = (uint32_t)b->clients;
	p->topics = (struct topics){ .name = b->topic, .n = topics };
	streams = (uint64_t)p->clients /
	    greatest_common_divisor(p->clients, topics) * topics;
	if (streams > UINT32_MAX) {
		err_set(e, "more than %u pairs of publisher and topic",
		    UINT32_MAX);
		return EXIT_USAGE;
	}
	p->streams = (uint32_t)streams;
	p->messages = b->messages != 0 ? (uint64_t)b->messages :
	    b->duration_ms != 0 ? 0 : PUB_MESSAGES;
	p->under_way = b->window > 1 ? PUB_BATCHES : 1;
	p->batch = (uint32_t)b->window / p->under_way;
	st = pool_init(&p->pool, b, p->clients, PUB_ENVELOPE, e);
	if (st != EXIT_DONE)
		return st;
	p->v = calloc(p->clients, sizeof(*p->v));
	if (p->v == NULL || buf_add_str(&p->barrier, "\",") == -1 ||
	    json_quote(&p->barrier, slice_str(b->procedure)) == -1 ||
	    buf_add_char(&p->barrier, ']') == -1)
		return pub_nomem(e);
	return pool_open(&p->pool, p->clients, PUB_OPENING, e);
}

static void
pub_clear(struct pub *p)
{
	pool_clear(&p->pool);
	buf_clear(&p->barrier);
	buf_clear(&p->head);
	buf_clear(&p->text);
	free(p->v);
}

/* ---- publishing ---- */

/* When event k is due. */
static int64_t
pub_due(const struct pub *p, uint32_t k)
{
	return p->start_us + (int64_t)k * 1000000 / p->b->rate;
}

static uint32_t
pub_number(const struct pub *p, const struct conn *c)
{
	return p->v[c->index].sent * p->clients + c->index;
}

static enum exit_status
pub_event(struct pub *p, struct conn *c, int64_t now, struct errbuf *e)
{
	uint32_t k = pub_number(p, c);
	int64_t us = p->b->rate != 0 ? pub_due(p, k) : now;
	const struct protocol *protocol = p->b->server.protocol;
	enum exit_status st;

	if (p->head.len == 0 || p->topics.n > 1) {
		st = topics_publish(&p->topics, &p->head, protocol,
		    k % p->topics.n, (size_t)p->b->size, e);
		if (st != EXIT_DONE)
			return st;
	}
	buf_reset(&p->text);
	if (buf_add_slice(&p->text, buf_slice(&p->head)) == -1 ||
	    event_add(&p->text, (size_t)p->b->size, k / p->streams, us,
	    p->first_stream + k % p->streams) == -1 ||
	    buf_add_slice(&p->text, protocol->publish_tail) == -1)
		return pub_nomem(e);
	p->bytes += p->text.len;
	p->v[c->index].sent++;
	return conn_queue(c, buf_slice(&p->text), e);
}

/* [2, callID, procURI] */
static enum exit_status
pub_barrier(struct pub *p, struct conn *c, struct errbuf *e)
{
	buf_reset(&p->text);
	if (buf_add_str(&p->text, "[2,\"") == -1 ||
	    event_add_word(&p->text, p->v[c->index].batches) == -1 ||
	    buf_add_slice(&p->text, buf_slice(&p->barrier)) == -1)
		return pub_nomem(e);
	return conn_queue(c, buf_slice(&p->text), e);
}

static bool
pub_may_publish(const struct pub *p, const struct conn *c, int64_t now)
{
	const struct publisher *one = &p->v[c->index];

	return one->sent < one->quota && now < p->end_us &&
	    (p->b->rate == 0 || now >= pub_due(p, pub_number(p, c)));
}

/* Publish at most one batch, as far as that is allowed now. */
static enum exit_status
pub_batch(struct pub *p, struct conn *c, int64_t now, struct errbuf *e)
{
	struct publisher *one = &p->v[c->index];
	struct batch *made = &one->under_way[one->batches % PUB_BATCHES];
	enum exit_status st = EXIT_DONE;

	*made = (struct batch){ .us = now };
	while (st == EXIT_DONE && made->n < p->batch &&
	    pub_may_publish(p, c, now)) {
		st = pub_event(p, c, now, e);
		made->n++;
	}
	if (st == EXIT_DONE)
		st = pub_barrier(p, c, e);
	if (st == EXIT_DONE && !c->blocked)
		st = conn_flush(c, e);
	if (p->sent == p->acked)
		p->pool.heard_us = now;		/* silence begins now */
	p->sent += made->n;
	one->batches++;
	return st;
}

/* Let all publishers publish.  *until_us: when to call this again, even without
 * an answer. */
static enum exit_status
pub_feed(struct pub *p, int64_t *until_us, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	int64_t now = clock_us(), due;
	struct publisher *one;
	struct conn *c;
	uint32_t i;

	*until_us = p->sent > p->acked ? pool_deadline(&p->pool) : p->end_us;
	for (i = 0; i < p->clients && st == EXIT_DONE; i++) {
		one = &p->v[i];
		c = &p->pool.v[i];
		while (st == EXIT_DONE && pub_may_publish(p, c, now) &&
		    one->batches - one->done < p->under_way)
			st = pub_batch(p, c, now, e);
		if (p->b->rate == 0 || one->sent == one->quota ||
		    one->batches - one->done == p->under_way)
			continue;
		due = pub_due(p, pub_number(p, c));
		if (due < *until_us)
			*until_us = due;
	}
	return st;
}

/* ---- acknowledgements ---- */

static bool
pub_member(struct slice object, const char *name, uint64_t *out)
{
	struct json_elem elem;
	int64_t value;

	if (!json_member(object, name, &elem) || !json_int(&value, &elem) ||
	    value < 0)
		return false;
	*out = (uint64_t)value;
	return true;
}

/* [3, callID, {"accepted":, "refused":, "delivered":, ...}].  Other servers
 * answer with another value, or with an error. */
static enum exit_status
pub_count(struct pub *p, const struct conn *c, struct slice text, uint32_t n,
    struct errbuf *e)
{
	uint64_t accepted, delivered;
	struct json_elem part[3];
	struct json_error je;
	size_t count;

	if (json_scan_array(text, JSON_DEPTH_DEFAULT, part, 3, &count, NULL,
	    &je) == -1 || count != 3 || part[2].type != JSON_OBJECT ||
	    !pub_member(part[2].text, "accepted", &accepted) ||
	    !pub_member(part[2].text, "delivered", &delivered))
		return EXIT_DONE;
	p->told = true;
	p->deliveries += delivered;
	if (accepted == n)
		return EXIT_DONE;
	err_set(e, "events refused: %.*s",
	    (int)(text.len < 400 ? text.len : 400), text.p);
	return conn_error(c, EXIT_REFUSED, e);
}

/* Record how long each event of the batch has waited since it was due. */
static void
pub_time(struct pub *p, const struct conn *c, const struct batch *done)
{
	int64_t now = clock_us();
	uint32_t i, k = p->v[c->index].acked * p->clients + c->index;

	if (p->b->rate == 0)
		hist_add(&p->delay, now - done->us);
	for (i = 0; i < done->n && p->b->rate != 0; i++)
		hist_add(&p->delay, now - pub_due(p, k + i * p->clients));
}

static enum exit_status
pub_answer(struct pub *p, struct conn *c, struct slice text, struct errbuf *e)
{
	struct publisher *one = &p->v[c->index];
	const char *id = memchr(text.p, '"', text.len);
	const struct batch *done = &one->under_way[one->done % PUB_BATCHES];

	if (id == NULL || (text.p[1] != '3' && text.p[1] != '4') ||
	    (size_t)(text.p + text.len - id) < EVENT_WORD + 2 ||
	    one->done == one->batches || event_word(id + 1) != one->done) {
		err_set(e, "not an acknowledgement: %.*s",
		    (int)(text.len < 160 ? text.len : 160), text.p);
		return conn_error(c, EXIT_REFUSED, e);
	}
	pub_time(p, c, done);
	one->acked += done->n;
	one->done++;
	p->acked += done->n;
	return pub_count(p, c, text, done->n, e);
}

static enum exit_status
pub_input(void *arg, struct conn *c, struct slice *in, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct wire_msg m;

	while (st == EXIT_DONE && conn_next(c, in, &m, &st, e))
		st = pub_answer(arg, c, m.text, e);
	return st;
}

/* ---- the run ---- */

static bool
pub_done(const struct pub *p)
{
	if (p->sent > p->acked)
		return false;
	return (p->messages != 0 && p->acked == p->messages) ||
	    clock_us() >= p->end_us;
}

static enum exit_status
pub_run(struct pub *p, struct errbuf *e)
{
	int64_t until_us;
	enum exit_status st;

	p->pool.input = pub_input;
	p->pool.arg = p;
	p->start_us = clock_us();
	p->first_stream = (uint32_t)p->start_us;
	p->end_us = p->b->duration_ms != 0 ?
	    p->start_us + p->b->duration_ms * 1000 : INT64_MAX;
	pub_deal(p);
	st = meter_start(&p->meter, (pid_t)p->b->pid, e);
	while (st == EXIT_DONE && !pub_done(p)) {
		progress_show(p->b->progress, "events acknowledged", p->acked,
		    p->messages);
		st = pub_feed(p, &until_us, e);
		if (st == EXIT_DONE)
			st = pool_turn(&p->pool, until_us, e);
		if (st == EXIT_DONE && p->sent > p->acked &&
		    clock_us() >= pool_deadline(&p->pool)) {
			err_set(e, "timed out with %llu of %llu events "
			    "acknowledged", (unsigned long long)p->acked,
			    (unsigned long long)p->sent);
			st = EXIT_TIMEOUT;
		}
	}
	return st == EXIT_DONE ? meter_stop(&p->meter, e) : st;
}

static void
pub_report(const struct pub *p, struct report *r)
{
	report_add(r, "clients", p->clients, 0);
	report_add(r, "topics", p->topics.n, 0);
	report_add(r, "size", (double)p->b->size, 0);
	report_add(r, "window", (double)p->b->window, 0);
	report_add(r, "messages", (double)p->acked, 0);
	report_add(r, "events_per_s", meter_rate(&p->meter, p->acked), 0);
	report_add(r, "bytes_per_s", meter_rate(&p->meter, p->bytes), 0);
	if (p->told) {
		report_add(r, "deliveries", (double)p->deliveries, 0);
		report_add(r, "deliveries_per_s", meter_rate(&p->meter,
		    p->deliveries), 0);
	}
	report_hist(r, "ack", &p->delay);
	if (p->b->pid != 0)
		report_add(r, "server_ns_per_event",
		    meter_server_ns(&p->meter, p->acked), 1);
	if (p->b->pid != 0 && p->told)
		report_add(r, "server_ns_per_delivery",
		    meter_server_ns(&p->meter, p->deliveries), 1);
	meter_report(&p->meter, r);
}

enum exit_status
bench_pub(struct bench *b, struct report *r, struct errbuf *e)
{
	struct pub p = { .topics = { .name = NULL } };
	enum exit_status st;

	if ((st = pub_init(&p, b, e)) == EXIT_DONE &&
	    (st = pub_run(&p, e)) == EXIT_DONE)
		pub_report(&p, r);
	pub_clear(&p);
	return st;
}
