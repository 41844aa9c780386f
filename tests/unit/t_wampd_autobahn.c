/*
 * t_wampd_autobahn.c: a server of nothing but struct ws_reader, which echoes
 * messages, in the cases of the Autobahn testsuite.
 */
#include <stdlib.h>

#include "autobahn.h"
#include "client_frame.h"
#include "tap.h"
#include "wampd/net/ws_reader.h"

#define CASES 247

struct server {
	struct ws_reader reader;
	struct buf	 sent;		/* not yet collected */
	bool		 closed;
};

/* Answer an item. */
static void
answer(struct server *s, enum ws_got got, const struct ws_item *item)
{
	const char code[] = { (char)(item->code >> 8), (char)item->code };

	switch (got) {
	case WS_GOT_MESSAGE:
		server_frame_add(&s->sent, item->binary ? BINARY : TEXT,
		    item->payload);
		break;
	case WS_GOT_PING:
		server_frame_add(&s->sent, PONG, item->payload);
		break;
	case WS_GOT_CLOSE:
		server_frame_add(&s->sent, CLOSE, item->payload);
		s->closed = true;
		break;
	case WS_GOT_FAULT:
		server_frame_add(&s->sent, CLOSE, slice_of(code, 2));
		s->closed = true;
		break;
	default:
		tap_ok(got == WS_GOT_PONG, "nothing else can be found");
	}
}

static void
server_send(void *arg, struct slice bytes)
{
	static const struct ws_reader_rules rules = { 1u << 20, false };
	struct server *s = arg;
	struct buf block = { 0 };
	struct ws_input in;
	struct ws_item item;
	enum ws_got got;

	buf_add_slice(&block, bytes);
	in = (struct ws_input){ block.data, block.len };
	while ((got = ws_reader_next(&s->reader, &rules, &in, &item)) !=
	    WS_GOT_MORE)
		answer(s, got, &item);
	buf_clear(&block);
}

/* There is nothing to wait for: whatever is answered is there. */
static void
server_collect(void *arg, struct buf *got, size_t n)
{
	struct server *s = arg;

	(void)n;
	buf_add_slice(got, buf_slice(&s->sent));
	buf_reset(&s->sent);
}

static bool
server_finish(void *arg, struct buf *got)
{
	struct server *s = arg;

	server_collect(s, got, SIZE_MAX);
	return s->closed;
}

static int
play(const struct autobahn_case *c, size_t chop, struct errbuf *e)
{
	struct server s = { 0 };
	const struct autobahn_peer peer = { &s, server_send, server_collect,
	    server_finish };
	int rc = autobahn_play(c, chop, &peer, e);

	ws_reader_clear(&s.reader);
	buf_clear(&s.sent);
	return rc;
}

/* As it is, and in writes of other lengths. */
static void
test_case(const struct autobahn_case *c, void *arg)
{
	static const size_t chops[] = { AUTOBAHN_CHOP_NONE,
	    AUTOBAHN_CHOP_FRAMES, 1, 7, 1000 };
	struct errbuf e = { "" };
	size_t i;
	int *n = arg;

	tap_ok(play(c, c->chop, &e) == 0, "%s %s", c->id, e.msg);
	for (i = 0; i < sizeof(chops) / sizeof(chops[0]); i++)
		if (play(c, chops[i], &e) == -1)
			break;
	tap_ok(i == sizeof(chops) / sizeof(chops[0]),
	    "%s, cut in other ways %s", c->id, e.msg);
	(*n)++;
}

int
main(void)
{
	int n = 0;

	autobahn_each(test_case, &n);
	tap_int(n, CASES, "all cases");
	return tap_done();
}
