/*
 * pool.c: all sessions of a run, and the loop that serves them.
 */
#include "bench/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "proto/json.h"

#define POOL_EVENTS	1024	/* of one epoll_wait() */
#define POOL_RX		(128 * 1024)	/* bytes a receive; fits in a cache */
#define POOL_FOREVER	(1LL << 52)	/* microseconds: 142 years */
#define POOL_ASKS	"[2,\"keepalive\",\"wampd.echo\"]"
#define POOL_ANSWER	SLICE("[3,\"keepalive\",")
#define POOL_BARRIER	"\"barrier\""	/* a call's id, JSON */
#define POOL_FILES	32	/* descriptors other than sessions */

static enum exit_status
pool_nomem(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

int
pool_allow_files(size_t n, struct errbuf *e)
{
	const rlim_t need = n + POOL_FILES;
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 && rl.rlim_cur >= need)
		return 0;
	rl.rlim_cur = need;
	if (rl.rlim_max < need)
		rl.rlim_max = need;	/* allowed to root */
	if (setrlimit(RLIMIT_NOFILE, &rl) == 0)
		return 0;
	err_set_errno(e, "cannot open %zu files (see ulimit -n)",
	    (size_t)need);
	return -1;
}

/* The input function while no messages are expected: it answers pings. */
static enum exit_status
drop_input(void *arg, struct conn *c, struct slice *in, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct wire_msg m;

	(void)arg;
	while (conn_next(c, in, &m, &st, e))
		continue;
	return st;
}

enum exit_status
pool_init(struct pool *p, const struct bench *b, size_t cap, size_t message,
    struct errbuf *e)
{
	p->input = drop_input;
	if (pool_allow_files(cap, e) == -1)
		return EXIT_WORK;
	p->b = b;
	p->cap = cap;
	keepalive_init(&p->keepalive, b->keepalive_ms, clock_boot_ms());
	p->timeout_us = b->timeout_ms != 0 ? b->timeout_ms * 1000 :
	    POOL_FOREVER;
	/* A part of a message may be left over from the last receive. */
	p->rx_cap = POOL_RX + 2 * message;
	p->v = calloc(cap, sizeof(*p->v));
	p->rx = malloc(p->rx_cap);
	if (p->v == NULL || p->rx == NULL)
		return pool_nomem(e);
	if ((p->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1) {
		err_set_errno(e, "epoll_create1");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}

int64_t
pool_deadline(const struct pool *p)
{
	return p->heard_us + p->timeout_us;
}

static enum exit_status
pool_start(struct pool *p, struct errbuf *e)
{
	struct conn *c = &p->v[p->n];

	c->server = &p->b->server;
	c->index = (uint32_t)p->n;
	c->epoll = p->epoll;
	p->n++;
	return conn_start(c, e);
}

enum exit_status
pool_open(struct pool *p, size_t n, size_t window, struct errbuf *e)
{
	size_t all = p->n + n;
	enum exit_status st = EXIT_DONE;

	p->heard_us = clock_us();
	while (p->opened < all && st == EXIT_DONE) {
		progress_show(p->b->progress, "sessions", p->opened, all);
		while (st == EXIT_DONE && p->n < all &&
		    p->n - p->opened < window)
			st = pool_start(p, e);
		if (st == EXIT_DONE)
			st = pool_turn(p, pool_deadline(p), e);
		if (st == EXIT_DONE && clock_us() >= pool_deadline(p)) {
			err_set(e, "timed out with %zu of %zu sessions open",
			    p->opened, all);
			st = EXIT_TIMEOUT;
		}
	}
	return st;
}

/* Remove the frames' heads from the new data of a stream, which are the last
 * bytes in the receive buffer. */
static enum exit_status
pool_strip(struct pool *p, struct conn *c, struct slice *in, size_t fresh,
    struct errbuf *e)
{
	size_t old = in->len - fresh;
	ssize_t n;

	if (!protocol_tunnels(p->b->server.protocol))
		return EXIT_DONE;
	n = wire_strip(&c->stream, p->rx + (in->p - p->rx) + old, fresh);
	if (n == -1) {
		err_set(e, "closed by the server");
		return conn_error(c, EXIT_LOST, e);
	}
	in->len = old + (size_t)n;
	return EXIT_DONE;
}

/* Take the answer to pool_ask() off *in. */
static void
pool_take_answer(struct pool *p, const struct conn *c, struct slice *in)
{
	struct wire_msg m;

	if (c->index != 0 || !slice_starts(*in, POOL_ANSWER) ||
	    !protocol_next(c->server->protocol, in, &m))
		return;
	p->asked = false;
}

/* Pass the received data, of which the last bytes are new, to the function for
 * the session's state.  The rest, which is usually empty, is stored in the
 * session. */
static enum exit_status
pool_dispatch(struct pool *p, struct conn *c, struct slice in, size_t fresh,
    struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;

	if (c->state == CONN_HTTP) {
		st = conn_greet_http(c, &in, e);
		fresh = in.len;
	}
	if (c->state > CONN_HTTP && st == EXIT_DONE)
		st = pool_strip(p, c, &in, fresh, e);
	if (c->state == CONN_WELCOME && st == EXIT_DONE)
		st = conn_greet(c, &in, e);
	if (p->asked)
		pool_take_answer(p, c, &in);
	if (c->state == CONN_OPEN && st == EXIT_DONE && in.len > 0)
		st = p->input(p->arg, c, &in, e);
	if (st == EXIT_DONE && in.len > 0 &&
	    buf_add(&c->rest, in.p, in.len) == -1)
		st = pool_nomem(e);
	return st;
}

static enum exit_status
pool_receive(struct pool *p, struct conn *c, struct errbuf *e)
{
	size_t have = c->rest.len;
	ssize_t n;

	if (c->state == CONN_TLS)
		return conn_handshake(c, e);
	if (have == p->rx_cap) {
		err_set(e, "a message longer than %zu bytes", p->rx_cap);
		return conn_error(c, EXIT_LOST, e);
	}
	n = conn_recv(c, p->rx + have, p->rx_cap - have);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return EXIT_DONE;
	if (n <= 0) {
		if (n == 0)
			err_set(e, "connection closed by the server");
		else
			err_set_errno(e, "recv");
		return conn_error(c, c->state == CONN_OPEN ? EXIT_LOST :
		    EXIT_CONNECT, e);
	}
	p->bytes += (size_t)n;
	p->reads++;
	if (have > 0) {
		memcpy(p->rx, c->rest.data, have);
		buf_reset(&c->rest);
	}
	return pool_dispatch(p, c, slice_of(p->rx, have + (size_t)n),
	    (size_t)n, e);
}

static enum exit_status
pool_serve(struct pool *p, const struct epoll_event *ev, struct errbuf *e)
{
	struct conn *c = ev->data.ptr;
	bool was_open = c->state == CONN_OPEN;
	enum exit_status st = EXIT_DONE;

	if (ev->events & EPOLLOUT)
		st = conn_writable(c, e);
	if (st == EXIT_DONE && ev->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		st = pool_receive(p, c, e);
	/* Pongs, and the answers that the mode has queued. */
	if (st == EXIT_DONE && !c->blocked && c->out.len > 0)
		st = conn_flush(c, e);
	if (st == EXIT_DONE && !was_open && c->state == CONN_OPEN) {
		p->opened++;
		hist_add(&p->opening, clock_us() - c->start_us);
	}
	return st;
}

/* ---- a silent server ---- */

/* Ask in the first session: all sessions have the same server. */
static enum exit_status
pool_ask(struct pool *p, struct errbuf *e)
{
	const struct protocol *protocol = p->b->server.protocol;
	struct conn *c = &p->v[0];
	enum exit_status st;

	if (c->state != CONN_OPEN)
		return EXIT_DONE;
	if (protocol->ping.len > 0)
		st = conn_queue(c, protocol->ping, e);
	else if (protocol->wire == WIRE_WS)
		st = wire_add(&c->out, WIRE_WS, WIRE_PING, SLICE("")) == 0 ?
		    EXIT_DONE : pool_nomem(e);
	else
		st = conn_queue(c, SLICE(POOL_ASKS), e);
	p->asked = protocol->wire == WIRE_LINE;
	return st == EXIT_DONE && !c->blocked ? conn_flush(c, e) : st;
}

/* No data came in this turn. */
static enum exit_status
pool_check(struct pool *p, struct errbuf *e)
{
	switch (keepalive_check(&p->keepalive, clock_boot_ms(), clock_ms(),
	    0)) {
	case KEEPALIVE_ASK:
		return pool_ask(p, e);
	case KEEPALIVE_DEAD:
		keepalive_explain(&p->keepalive, e);
		return EXIT_LOST;
	case KEEPALIVE_WAIT:
	default:
		return EXIT_DONE;
	}
}

/* How long a turn that ends at until_us may wait, in microseconds. */
static int64_t
pool_left(const struct pool *p, int64_t until_us)
{
	int64_t due;

	if (until_us == 0)
		return 0;
	due = keepalive_due(&p->keepalive, clock_boot_ms(), clock_ms());
	if (due != -1 && p->opened > 0 && due * 1000 < until_us)
		until_us = due * 1000;
	return until_us - clock_us();
}

enum exit_status
pool_turn(struct pool *p, int64_t until_us, struct errbuf *e)
{
	struct epoll_event ev[POOL_EVENTS];
	int64_t left = pool_left(p, until_us);
	struct timespec ts = { 0 };
	enum exit_status st = EXIT_DONE;
	int i, n;

	if (left > 0) {
		ts.tv_sec = left / 1000000;
		ts.tv_nsec = left % 1000000 * 1000;
	}
	n = epoll_pwait2(p->epoll, ev, POOL_EVENTS, &ts, NULL);
	if (n == -1 && errno != EINTR) {
		err_set_errno(e, "epoll_pwait2");
		return EXIT_WORK;
	}
	for (i = 0; i < n && st == EXIT_DONE; i++)
		st = pool_serve(p, &ev[i], e);
	if (st != EXIT_DONE)
		return st;
	if (n <= 0)
		return p->opened > 0 ? pool_check(p, e) : EXIT_DONE;
	p->heard_us = clock_us();
	keepalive_heard(&p->keepalive, clock_boot_ms());
	return EXIT_DONE;
}

enum exit_status
pool_hold(struct pool *p, int64_t ms, struct errbuf *e)
{
	int64_t end_us = clock_us() + ms * 1000;
	enum exit_status st = EXIT_DONE;

	while (st == EXIT_DONE && clock_us() < end_us)
		st = pool_turn(p, end_us, e);
	return st;
}

/* Whether wampd reports a refused subscription: in the answer of the barrier,
 * or over the control socket as an error with the topic's name. */
static bool
is_refused(struct slice text, struct errbuf *e)
{
	struct json_elem elem[4], part, list, item, topic, reason;
	struct json_error je;
	struct slice rest;
	size_t n;

	if (json_scan_array(text, JSON_DEPTH_MAX, elem, 4, &n, NULL, &je) ==
	    -1 || n < 3)
		return false;
	if (n >= 4 && slice_eq(elem[0].text, SLICE("4")) &&
	    !slice_eq(elem[1].text, SLICE(POOL_BARRIER))) {
		client_explain(e, elem[2].text, elem[3].text);
		topic = elem[1];
	} else {
		if (elem[2].type != JSON_OBJECT ||
		    !json_member(elem[2].text, "subscribe", &part) ||
		    !json_member(part.text, "refusals", &list))
			return false;
		rest = json_inside(list.text);
		if (!json_next(&rest, &item) ||
		    !json_member(item.text, "topic", &topic) ||
		    !json_member(item.text, "error", &part) ||
		    !json_member(item.text, "reason", &reason))
			return false;
		client_explain(e, part.text, reason.text);
	}
	err_wrap(e, "%.*s", (int)(topic.text.len < 160 ? topic.text.len :
	    160), topic.text.p);
	return true;
}

static enum exit_status
barrier_input(void *arg, struct conn *c, struct slice *in, struct errbuf *e)
{
	const uint32_t pongs = c->pongs;
	enum exit_status st = EXIT_DONE;
	size_t *answered = arg;
	struct wire_msg m;

	while (st == EXIT_DONE && conn_next(c, in, &m, &st, e)) {
		if (is_refused(m.text, e))
			return conn_error(c, EXIT_REFUSED, e);
		if (m.text.len > 1 &&
		    (m.text.p[1] == '3' || m.text.p[1] == '4'))
			++*answered;
	}
	*answered += c->pongs - pongs;
	return st;
}

/* The protocol's ping, or [2, callID, procURI], for which an error is an answer
 * too. */
static int
barrier_text(struct buf *text, const struct bench *b)
{
	const struct slice ping = b->server.protocol->ping;

	if (ping.len > 0)
		return buf_add_slice(text, ping);
	if (buf_add_str(text, "[2," POOL_BARRIER ",") == -1 ||
	    json_quote(text, slice_str(b->procedure)) == -1)
		return -1;
	return buf_add_char(text, ']');
}

static enum exit_status
barrier_send(struct pool *p, struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct buf text = { 0 };
	size_t i;

	if (barrier_text(&text, p->b) == -1)
		st = pool_nomem(e);
	for (i = 0; i < p->n && st == EXIT_DONE; i++) {
		st = conn_queue(&p->v[i], buf_slice(&text), e);
		if (st == EXIT_DONE)
			st = conn_flush(&p->v[i], e);
	}
	buf_clear(&text);
	return st;
}

enum exit_status
pool_barrier(struct pool *p, struct errbuf *e)
{
	size_t answered = 0;
	enum exit_status st;

	p->input = barrier_input;
	p->arg = &answered;
	p->heard_us = clock_us();
	st = barrier_send(p, e);
	while (st == EXIT_DONE && answered < p->n) {
		progress_show(p->b->progress, "sessions subscribed", answered,
		    p->n);
		st = pool_turn(p, pool_deadline(p), e);
		if (st == EXIT_DONE && clock_us() >= pool_deadline(p)) {
			err_set(e, "timed out: %zu of %zu sessions answered "
			    "a call", answered, p->n);
			st = EXIT_TIMEOUT;
		}
	}
	p->input = drop_input;
	return st;
}

void
pool_clear(struct pool *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		conn_close(&p->v[i]);
	free(p->v);
	free(p->rx);
	if (p->epoll > 0)	/* 0: pool_init() failed before */
		(void)close(p->epoll);
}
