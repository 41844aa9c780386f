/*
 * t_wampd_ws_autobahn.c: the cases of the Autobahn testsuite over a socket: a
 * whole connection, which echoes messages.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "autobahn.h"
#include "tap.h"
#include "ws_loop.h"

#define CASES	247
#define MESSAGE	(1u << 20)	/* bytes; no case has a larger one */

struct play {
	struct loop *loop;
	int	     fd;
	bool	     open;
};

/* The server may end the connection before it has read all. */
static void
play_send(void *arg, struct slice bytes)
{
	struct play *p = arg;
	size_t n;

	while (bytes.len > 0 && (n = peer_write(p->fd, bytes)) > 0) {
		bytes = slice_of(bytes.p + n, bytes.len - n);
		(void)loop_settle(p->loop);
	}
}

/* All that the server sends has come when the loop rests. */
static void
play_collect(void *arg, struct buf *got, size_t n)
{
	struct play *p = arg;

	(void)n;
	if (p->open)
		p->open = peer_hear(p->loop, p->fd, got);
}

static bool
play_finish(void *arg, struct buf *got)
{
	struct play *p = arg;

	play_collect(p, got, SIZE_MAX);
	return !p->open;
}

static int
play(struct loop *s, const struct autobahn_case *c, size_t chop,
    struct errbuf *e)
{
	struct play p = { s, ws_peer_session(s), true };
	const struct autobahn_peer peer = { &p, play_send, play_collect,
	    play_finish };
	int rc = autobahn_play(c, chop, &peer, e);

	(void)close(p.fd);
	(void)loop_settle(s);
	return rc;
}

struct run {
	struct loop *loop;
	int	     n;
};

/* As it is, and whole. */
static void
test_case(const struct autobahn_case *c, void *arg)
{
	struct errbuf e = { "" };
	struct run *r = arg;

	tap_ok(play(r->loop, c, c->chop, &e) == 0, "%s %s", c->id, e.msg);
	tap_ok(play(r->loop, c, AUTOBAHN_CHOP_NONE, &e) == 0, "%s, whole %s",
	    c->id, e.msg);
	r->n++;
}

int
main(void)
{
	struct broker_settings core = fake_settings();
	uint16_t taken[CONN_STATES] = { 0 };
	struct run r = { NULL, 0 };

	core.limit_message = MESSAGE;
	core.limit_queue = 4 * MESSAGE;
	r.loop = ws_loop_open(&core, NULL);
	autobahn_each(test_case, &r);
	tap_int(r.n, CASES, "all cases");
	tap_ok(ws_is_empty(r.loop), "nothing is left");
	ws_loop_close(r.loop, taken);
	return tap_done();
}
