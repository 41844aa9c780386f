/*
 * client.c: the WAMP client of all tools: the meaning of messages, and how long
 * to wait.  The transports move the bytes.
 */
#include "client/client.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "client/cra.h"
#include "client/explain.h"
#include "client/lifeline.h"
#include "client/say.h"
#include "client/transport.h"
#include "proto/wamp1.h"

/* Messages are collected up to QUEUE_HIGH bytes.  Then the peer must take all
 * except QUEUE_LOW bytes, so that a slow peer is not written to in small
 * pieces. */
#define QUEUE_HIGH	(256u << 10)
#define QUEUE_LOW	(128u << 10)

#define LOGIN_STALL	1000	/* ms for the login, when the attempt is to
				 * end */

static const struct wamp1_rules client_rules = {
	.role = WAMP1_CLIENT,
	.compat = WAMP_COMPAT_ORO,
	.depth = JSON_DEPTH_MAX,	/* as the server's settings allow */
};

struct client {
	const struct transport_ops *ops;
	void	      *conn;		/* owned; freed by ops */
	struct lifeline life;		/* does the turns */
	struct client_events ev;
	int64_t	       timeout_ms;	/* 0: none */
	int	       wake;		/* of client_wake(); -1: none, or none
					 * any more */
	int64_t	       wake_bound_ms;
	bool	       trace;
	bool	       welcome;		/* WELCOME has come */
	bool	       secret;		/* do not show what is sent with
					 * --trace */
	struct buf     ident;		/* with a NUL after it, as in session */
	struct buf     session;
	uint64_t       dispatched;	/* messages passed on so far */
	bool	       patient;		/* calls wait as long as events come */
	uint64_t       calls;		/* made so far */
	struct buf     call_id;		/* JSON; len 0: no pending call */
	bool	       answered;	/* the pending call has its answer */
	struct buf     answer_text;	/* the whole answer; client_answer and
					 * answer borrow from it */
	struct wamp_msg answer;
	struct errbuf  fault;		/* not "": the peer does not speak
					 * WAMP */
	enum exit_status fault_status;
	struct errbuf  farewell;	/* not "": why the server is about to
					 * close */
};

/* ---- what comes in ---- */

/* The characters of the string with a NUL after them; 0 or -1. */
static int
keep_string(struct buf *out, const struct json_elem *string)
{
	buf_reset(out);
	if (string->text.len > 0 && json_unquote(out, string) == -1)
		return -1;
	return buf_cstr(out) == NULL ? -1 : 0;
}

/* WELCOME [0, session, version, ident] */
static void
on_welcome(struct client *c, const struct wamp_msg *m)
{
	if (keep_string(&c->session, &m->id) == -1 ||
	    keep_string(&c->ident, &m->desc) == -1)
		err_set(&c->fault, "out of memory");
	c->welcome = true;
}

/* CALLRESULT [3, id, result], CALLERROR [4, id, uri, desc(, details)] */
static void
on_answer(struct client *c, struct slice text, const struct wamp_msg *m)
{
	struct wamp1_error we;

	if (c->call_id.len > 0 &&
	    slice_eq(m->id.text, buf_slice(&c->call_id))) {
		/* Parse our own copy, which outlives this turn. */
		buf_reset(&c->answer_text);
		if (buf_add_slice(&c->answer_text, text) == -1 ||
		    wamp1_parse(&c->answer, buf_slice(&c->answer_text),
		    &client_rules, &we) == -1)
			err_set(&c->fault, "out of memory");
		c->answered = true;
	} else if (m->type == WAMP_CALLERROR) {
		/* Neither a call nor a topic: the last message before the
		 * server closes. */
		if (slice_eq(m->id.text, SLICE("\"\"")))
			client_explain(&c->farewell, m->uri.text,
			    m->desc.text);
		else if (c->ev.refused != NULL)
			c->ev.refused(c->ev.arg, m);
	}
}

/* An event that is nested too deeply is skipped: if it were retained, it would
 * end each new connection. */
static void
on_unreadable(struct client *c, struct slice text,
    const struct wamp1_error *we)
{
	if (we->deep && c->ev.passed_over != NULL &&
	    slice_starts(text, SLICE("[8,"))) {
		c->dispatched++;
		c->ev.passed_over(c->ev.arg, we->what);
	} else if (explain_unreadable(&c->fault, text, we)) {
		c->fault_status = EXIT_CONNECT;
	}
}

static void
on_message(void *arg, struct slice text)
{
	struct client *c = arg;
	struct wamp1_error we;
	struct wamp_msg m;

	if (c->trace)
		say_line("< ", text);
	if (c->fault.msg[0] != '\0')
		return;
	if (wamp1_parse(&m, text, &client_rules, &we) == -1) {
		on_unreadable(c, text, &we);
		return;
	}
	if (!c->welcome && m.type != WAMP_WELCOME) {
		err_set(&c->fault, "the server does not speak WAMP v1: its "
		    "first message is not WELCOME");
		return;
	}
	if ((m.type == WAMP_CALLRESULT || m.type == WAMP_CALLERROR) &&
	    lifeline_is_own(&c->life, m.id.text))
		return;
	c->dispatched++;
	if (m.type == WAMP_WELCOME)
		on_welcome(c, &m);
	else if (m.type != WAMP_EVENT)
		on_answer(c, text, &m);
	else if (c->ev.event != NULL)
		c->ev.event(c->ev.arg, &m);
}

/* ---- waiting ---- */

static int64_t
deadline(const struct client *c)
{
	return c->timeout_ms == 0 ? -1 : clock_ms() + c->timeout_ms;
}

static enum exit_status
timed_out(const struct client *c, const char *what, struct errbuf *e)
{
	err_set(e, "timed out after %g s: %s", (double)c->timeout_ms / 1000,
	    what);
	return EXIT_TIMEOUT;
}

/* One turn of the transport, and a check of what it brought. */
static enum exit_status
client_turn(struct client *c, int64_t until_ms, int fd, bool *fd_ready,
    struct errbuf *e)
{
	enum exit_status status;

	status = lifeline_turn(&c->life, until_ms, fd, fd_ready, e);
	if (c->fault.msg[0] != '\0') {
		*e = c->fault;
		status = c->fault_status;
	} else if (status == EXIT_LOST && c->farewell.msg[0] != '\0') {
		*e = c->farewell;
		return EXIT_REFUSED;
	}
	/* In any case there was no session yet. */
	return (status == EXIT_LOST || status == EXIT_REFUSED) &&
	    !c->welcome ? EXIT_CONNECT : status;
}

int64_t
client_timeout(const struct client *c)
{
	return c->timeout_ms;
}

void
client_bound(struct client *c, int64_t ms)
{
	if (c->timeout_ms == 0 || c->timeout_ms > ms)
		c->timeout_ms = ms;
}

/* A turn of a wait that client_wake() can end. */
static enum exit_status
client_await(struct client *c, int64_t *until_ms, struct errbuf *e)
{
	enum exit_status status;
	bool woken = false;

	status = client_turn(c, *until_ms, c->wake, &woken, e);
	if (!woken)
		return status;
	c->wake = -1;
	client_bound(c, c->wake_bound_ms);
	*until_ms = deadline(c);
	return status;
}

void
client_wake(struct client *c, int fd, int64_t bound_ms)
{
	c->wake = fd;
	c->wake_bound_ms = bound_ms;
}

/* Wait until at most left bytes are pending.  The time limit is for progress: a
 * slow peer may take longer in all. */
static enum exit_status
client_drain(struct client *c, size_t left, struct errbuf *e)
{
	int64_t until = deadline(c);
	size_t before, now;
	enum exit_status status;

	while ((before = c->ops->pending(c->conn)) > left) {
		status = client_await(c, &until, e);
		if (status != EXIT_DONE)
			return status;
		now = c->ops->pending(c->conn);
		if (now < before)
			until = deadline(c);
		else if (transport_expired(until))
			return timed_out(c, "the server does not read", e);
	}
	return EXIT_DONE;
}

enum exit_status
client_flush(struct client *c, struct errbuf *e)
{
	return client_drain(c, 0, e);
}

enum exit_status
client_wait(struct client *c, int64_t until_ms, int fd, bool *fd_ready,
    struct errbuf *e)
{
	uint64_t before = c->dispatched;
	enum exit_status status;
	bool ready = false;

	do
		status = client_turn(c, until_ms, fd, &ready, e);
	while (status == EXIT_DONE && c->dispatched == before && !ready &&
	    !transport_expired(until_ms));
	if (fd_ready != NULL)
		*fd_ready = ready;
	return status;
}

/* ---- what goes out ---- */

enum exit_status
client_send(struct client *c, const struct slice *parts, size_t n,
    struct errbuf *e)
{
	if (c->trace && !c->secret)
		say_message("> ", parts, n);
	if (c->ops->queue(c->conn, parts, n) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (c->ops->pending(c->conn) < QUEUE_HIGH)
		return EXIT_DONE;
	return client_drain(c, QUEUE_LOW, e);
}

/* A refused SUBSCRIBE or PUBLISH is reported as an error with its topic as id.
 * Call ids must not look like topics, so they contain the time. */
static int
client_number_call(struct client *c)
{
	buf_reset(&c->call_id);
	return buf_addf(&c->call_id, "\"call-%" PRIx64 "-%" PRIu64 "\"",
	    (uint64_t)clock_us(), ++c->calls);
}

static enum exit_status
client_await_answer(struct client *c, struct errbuf *e)
{
	uint64_t before = c->dispatched;
	int64_t until = deadline(c);
	enum exit_status status;

	while (!c->answered) {
		status = client_await(c, &until, e);
		if (status != EXIT_DONE)
			return status;
		if (c->patient && c->dispatched != before)
			until = deadline(c);
		before = c->dispatched;
		if (!c->answered && transport_expired(until))
			return timed_out(c, "no answer to the call", e);
	}
	return EXIT_DONE;
}

void
client_set_patient(struct client *c, bool on)
{
	c->patient = on;
}

enum exit_status
client_call(struct client *c, struct slice uri, struct slice args_json,
    struct client_answer *a, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf uri_json = { 0 };
	enum exit_status status = EXIT_WORK;

	c->answered = false;
	if (json_quote(&uri_json, uri) == -1 || client_number_call(c) == -1) {
		err_set(e, "out of memory");
		goto out;
	}
	status = client_send(c, parts, wamp1_call(parts,
	    buf_slice(&c->call_id), buf_slice(&uri_json), args_json), e);
	if (status == EXIT_DONE)
		status = client_flush(c, e);
	if (status == EXIT_DONE)
		status = client_await_answer(c, e);
	if (status != EXIT_DONE)
		goto out;
	*a = (struct client_answer){
		.is_error = c->answer.type == WAMP_CALLERROR,
		.result = c->answer.event.text,
		.uri = c->answer.uri.text,
		.desc = c->answer.desc.text,
		.details = c->answer.details.text,
	};
out:
	buf_reset(&c->call_id);
	buf_clear(&uri_json);
	return status;
}

/* ---- opening and closing ---- */

/* Only if a server ends the connection before it has sent anything, it may be
 * starting.  A server that does not speak WAMP never will. */
static enum exit_status
client_await_welcome(struct client *c, int64_t until,
    struct client_attempt *attempt, struct errbuf *e)
{
	enum exit_status status;

	while (!c->welcome) {
		status = client_turn(c, until, attempt->wake_fd,
		    &attempt->woken, e);
		attempt->may_pass = status == EXIT_CONNECT &&
		    c->fault.msg[0] == '\0';
		if (status == EXIT_DONE && attempt->woken)
			status = EXIT_CONNECT;
		if (status != EXIT_DONE)
			return status;
		attempt->may_pass = true;
		if (!c->welcome && transport_expired(until))
			return timed_out(c, "connected, but no WELCOME came: "
			    "is it a WAMP v1 server?", e);
	}
	return EXIT_DONE;
}

/* A failure may be temporary if the server caused it: it closed the connection,
 * or took too long. */
static enum exit_status
client_login(struct client *c, const struct client_target *t,
    struct client_attempt *attempt, struct errbuf *e)
{
	enum exit_status status;

	client_wake(c, attempt->wake_fd, LOGIN_STALL);
	c->secret = true;
	status = cra_login(c, client_call, t->cra_user, t->cra_secret, e);
	c->secret = false;
	client_wake(c, -1, 0);
	attempt->may_pass = status == EXIT_LOST || status == EXIT_TIMEOUT;
	return status == EXIT_LOST ? EXIT_CONNECT : status;
}

enum exit_status
client_open(struct client **out, const struct client_target *t,
    const struct client_events *ev, struct client_attempt *attempt,
    struct errbuf *e)
{
	struct transport_up up = { .message = on_message };
	struct client *c;
	enum exit_status status;
	int64_t until;

	*out = NULL;
	if ((c = calloc(1, sizeof(*c))) == NULL) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	c->ev = *ev;
	c->wake = -1;
	c->fault_status = EXIT_LOST;
	c->timeout_ms = t->timeout_ms;
	c->trace = t->trace;
	c->ops = t->url != NULL ? &transport_ws : &transport_control;
	up.arg = c;
	lifeline_init(&c->life, c->ops, t->keepalive_ms, t->trace);
	until = deadline(c);
	attempt->woken = attempt->may_pass = false;
	status = c->ops->open(&c->conn, t, &up, until, attempt, e);
	c->life.conn = c->conn;
	if (status == EXIT_DONE)
		status = client_await_welcome(c, until, attempt, e);
	if (status == EXIT_DONE)
		lifeline_start(&c->life);
	if (status == EXIT_DONE && t->cra_user != NULL)
		status = client_login(c, t, attempt, e);
	if (status != EXIT_DONE) {
		client_free(c);
		return status;
	}
	*out = c;
	return EXIT_DONE;
}

const char *
client_ident(const struct client *c)
{
	return c->ident.data;
}

const char *
client_session(const struct client *c)
{
	return c->session.data;
}

bool
client_is_wampd(const struct client *c)
{
	return slice_starts(buf_slice(&c->ident), SLICE("wampd/"));
}

int64_t
client_lost_at(const struct client *c)
{
	return c->life.dead ? c->life.keepalive.heard_ms : clock_boot_ms();
}

enum exit_status
client_close(struct client *c, struct errbuf *e)
{
	enum exit_status status;

	if (c == NULL)
		return EXIT_DONE;
	status = client_flush(c, e);
	if (status == EXIT_DONE)
		status = c->ops->goodbye(c->conn, deadline(c), e);
	client_free(c);
	return status;
}

void
client_free(struct client *c)
{
	if (c == NULL)
		return;
	if (c->conn != NULL)
		c->ops->free(c->conn);
	buf_clear(&c->ident);
	buf_clear(&c->session);
	buf_clear(&c->call_id);
	buf_clear(&c->answer_text);
	free(c);
}
