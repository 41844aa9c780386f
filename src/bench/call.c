/*
 * call.c: calls of a procedure, with a fixed number of pending calls in each
 * session.  The id of a call is the number of its slot, so that answers may
 * come in any order.
 */
#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/json.h"
#include "client/client.h"
#include "bench/event.h"
#include "bench/meter.h"
#include "bench/pool.h"

#define CALLS_MAX	10000000	/* pending; slots are 32 bits */
#define CALL_ENVELOPE	512	/* bytes around an argument, at most */

struct calls {
	const struct bench *b;
	struct pool	pool;
	struct meter	meter;
	int64_t	       *asked_us;	/* owned; by slot; 0: not pending */
	uint64_t	asked;
	uint64_t	answered;
	struct buf	text;		/* the CALL being built */
	struct buf	procedure;	/* in quotes, as JSON */
	bool		echo;		/* the procedure is wampd.echo */
	struct hist	delay;
};

/* [2, callID, procURI, argument] */
static enum exit_status
calls_ask(struct calls *k, struct conn *c, uint32_t slot, struct errbuf *e)
{
	int64_t now = clock_us();

	buf_reset(&k->text);
	if (buf_add_str(&k->text, "[2,\"") == -1 ||
	    event_add_word(&k->text, slot) == -1 ||
	    buf_add_str(&k->text, "\",") == -1 ||
	    buf_add_slice(&k->text, buf_slice(&k->procedure)) == -1 ||
	    buf_add_char(&k->text, ',') == -1 ||
	    event_add(&k->text, (size_t)k->b->size, slot, now, 0) == -1 ||
	    buf_add_char(&k->text, ']') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	k->asked_us[slot] = now;
	k->asked++;
	return conn_queue(c, buf_slice(&k->text), e);
}

/* The slot that [3, "callID", result] answers, or -1.  wampd.echo must return
 * the list of its arguments. */
static int64_t
calls_slot(const struct calls *k, const struct conn *c, struct slice text)
{
	const char *id = memchr(text.p, '"', text.len), *letters;
	uint32_t slot;

	if (id == NULL || text.p[1] != '3' ||
	    (size_t)(text.p + text.len - id) < EVENT_WORD + 2 ||
	    id[EVENT_WORD + 1] != '"')
		return -1;
	slot = event_word(id + 1);
	if (slot / (uint32_t)k->b->window != c->index ||
	    k->asked_us[slot] == 0)
		return -1;
	if (!k->echo)
		return slot;
	letters = event_find(text, '3', (size_t)k->b->size, 2);
	if (letters == NULL || event_seq(letters) != slot ||
	    k->asked_us[slot] != event_time(letters))
		return -1;
	return slot;
}

/* Another message than a result.  [4, "callID", "uri", "description", ...] */
static void
calls_explain(struct slice text, struct errbuf *e)
{
	struct json_elem elem[4];
	struct json_error je;
	size_t n;

	if (json_scan_array(text, JSON_DEPTH_MAX, elem, 4, &n, NULL, &je) ==
	    0 && n >= 4 && slice_eq(elem[0].text, SLICE("4")))
		client_explain(e, elem[2].text, elem[3].text);
	else
		err_set(e, "not an answer to a call: %.*s",
		    (int)(text.len < 160 ? text.len : 160), text.p);
}

static enum exit_status
calls_answer(struct calls *k, struct conn *c, struct slice text,
    struct errbuf *e)
{
	int64_t slot = calls_slot(k, c, text);

	if (slot == -1) {
		calls_explain(text, e);
		return conn_error(c, EXIT_REFUSED, e);
	}
	hist_add(&k->delay, clock_us() - k->asked_us[slot]);
	k->asked_us[slot] = 0;
	k->answered++;
	if (k->asked == (uint64_t)k->b->messages)
		return EXIT_DONE;
	return calls_ask(k, c, (uint32_t)slot, e);
}

static enum exit_status
calls_input(void *arg, struct conn *c, struct slice *in, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct wire_msg m;

	while (st == EXIT_DONE && conn_next(c, in, &m, &st, e))
		st = calls_answer(arg, c, m.text, e);
	return st;
}

/* Fill the windows of all sessions. */
static enum exit_status
calls_begin(struct calls *k, struct errbuf *e)
{
	const uint32_t window = (uint32_t)k->b->window;
	enum exit_status st = EXIT_DONE;
	uint32_t i, w;

	for (w = 0; w < window; w++)
		for (i = 0; i < k->pool.n; i++)
			if (st == EXIT_DONE &&
			    k->asked < (uint64_t)k->b->messages)
				st = calls_ask(k, &k->pool.v[i],
				    i * window + w, e);
	for (i = 0; i < k->pool.n && st == EXIT_DONE; i++)
		st = conn_flush(&k->pool.v[i], e);
	return st;
}

static enum exit_status
calls_run(struct calls *k, struct errbuf *e)
{
	enum exit_status st;

	k->pool.input = calls_input;
	k->pool.arg = k;
	st = meter_start(&k->meter, (pid_t)k->b->pid, e);
	if (st == EXIT_DONE)
		st = calls_begin(k, e);
	while (st == EXIT_DONE && k->answered < (uint64_t)k->b->messages) {
		progress_show(k->b->progress, "calls", k->answered,
		    (uint64_t)k->b->messages);
		st = pool_turn(&k->pool, pool_deadline(&k->pool), e);
		if (st == EXIT_DONE && clock_us() >= pool_deadline(&k->pool)) {
			err_set(e, "timed out with %llu of %lld calls "
			    "answered", (unsigned long long)k->answered,
			    (long long)k->b->messages);
			st = EXIT_TIMEOUT;
		}
	}
	return st == EXIT_DONE ? meter_stop(&k->meter, e) : st;
}

static void
calls_report(const struct calls *k, struct report *r)
{
	report_add(r, "clients", (double)k->b->clients, 0);
	report_add(r, "window", (double)k->b->window, 0);
	report_add(r, "messages", (double)k->answered, 0);
	report_add(r, "size", (double)k->b->size, 0);
	report_add(r, "calls_per_s", meter_rate(&k->meter, k->answered), 0);
	report_hist(r, "delay", &k->delay);
	meter_report(&k->meter, r);
}

enum exit_status
bench_call(struct bench *b, struct report *r, struct errbuf *e)
{
	size_t clients = (size_t)b->clients, window = (size_t)b->window;
	struct calls k = { .b = b };
	enum exit_status st = EXIT_WORK;

	if (clients * window > CALLS_MAX) {
		err_set(e, "more than %d pending calls", CALLS_MAX);
		return EXIT_USAGE;
	}
	k.asked_us = calloc(clients * window, sizeof(*k.asked_us));
	k.echo = strcmp(b->procedure, "wampd.echo") == 0;
	if (k.asked_us == NULL ||
	    json_quote(&k.procedure, slice_str(b->procedure)) == -1)
		err_set(e, "out of memory");
	else
		st = pool_init(&k.pool, b, clients,
		    (size_t)b->size + CALL_ENVELOPE, e);
	if (st == EXIT_DONE)
		st = pool_open(&k.pool, clients, clients, e);
	if (st == EXIT_DONE)
		st = calls_run(&k, e);
	if (st == EXIT_DONE)
		calls_report(&k, r);
	pool_clear(&k.pool);
	buf_clear(&k.text);
	buf_clear(&k.procedure);
	free(k.asked_us);
	return st;
}
