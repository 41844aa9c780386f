/*
 * lifeline.c: a transport that detects when the server has disappeared.
 *
 * The question is a PING if the transport has one.  The control socket has
 * none, so it is a call there, and any answer is sufficient.
 */
#include "client/lifeline.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "client/say.h"
#include "proto/wamp1.h"

#define LIFELINE_CALL	SLICE("\"wampd.echo\"")

void
lifeline_init(struct lifeline *l, const struct transport_ops *ops,
    int64_t period_ms, bool trace)
{
	*l = (struct lifeline){ .ops = ops, .trace = trace };
	keepalive_init(&l->keepalive, period_ms, clock_boot_ms());
	/* An error with a topic as id must not look like the answer. */
	(void)snprintf(l->id, sizeof(l->id), "\"keepalive-%" PRIx64 "\"",
	    (uint64_t)clock_us());
}

void
lifeline_start(struct lifeline *l)
{
	l->on = l->keepalive.period_ms > 0;
	keepalive_heard(&l->keepalive, clock_boot_ms());
}

bool
lifeline_is_own(const struct lifeline *l, struct slice id_json)
{
	return slice_eq(id_json, slice_str(l->id));
}

static int
lifeline_ask(struct lifeline *l)
{
	struct slice parts[WAMP1_PARTS_MAX];
	size_t n;

	if (l->ops->ping != NULL)
		return l->ops->ping(l->conn);
	n = wamp1_call(parts, slice_str(l->id), LIFELINE_CALL, SLICE(""));
	if (l->trace)
		say_message("> ", parts, n);
	return l->ops->queue(l->conn, parts, n);
}

static enum exit_status
lifeline_give_up(struct lifeline *l, struct errbuf *e)
{
	l->dead = true;
	keepalive_explain(&l->keepalive, e);
	return EXIT_LOST;
}

/* No data came in this turn. */
static enum exit_status
lifeline_check(struct lifeline *l, struct errbuf *e)
{
	int64_t boot_ms = clock_boot_ms();
	uint64_t unread;

	/* The usual case, without asking the kernel. */
	if (keepalive_is_quiet(&l->keepalive, boot_ms))
		return EXIT_DONE;
	unread = l->ops->pending(l->conn) +
	    transport_unread(l->ops->fd(l->conn));
	switch (keepalive_check(&l->keepalive, boot_ms, clock_ms(), unread)) {
	case KEEPALIVE_ASK:
		if (lifeline_ask(l) == 0)
			return EXIT_DONE;
		err_set(e, "out of memory");
		return EXIT_WORK;
	case KEEPALIVE_DEAD:
		return lifeline_give_up(l, e);
	case KEEPALIVE_WAIT:
	default:
		return EXIT_DONE;
	}
}

enum exit_status
lifeline_turn(struct lifeline *l, int64_t until_ms, int fd, bool *fd_ready,
    struct errbuf *e)
{
	uint64_t heard = l->ops->heard(l->conn);
	enum exit_status status;

	if (l->on)
		until_ms = clock_sooner(until_ms, keepalive_due(&l->keepalive,
		    clock_boot_ms(), clock_ms()));
	status = l->ops->turn(l->conn, until_ms, fd, fd_ready, e);
	if (status != EXIT_DONE || !l->on)
		return status;
	if (l->ops->heard(l->conn) == heard)
		return lifeline_check(l, e);
	keepalive_heard(&l->keepalive, clock_boot_ms());
	return EXIT_DONE;
}
