/*
 * t_wampd_ws_unfinished.c: WebSocket clients that begin a message and do not
 * end it.
 */
#include <stdlib.h>
#include <unistd.h>

#include "client_frame.h"
#include "proto/close_code.h"
#include "tap.h"
#include "ws_loop.h"

#define SIZE	40000	/* bytes of a message */
#define MANY	8

static uint16_t taken[CONN_STATES];

/* A message that its client does not end. */
static void
begin_message(int fd, size_t size)
{
	struct buf text = { 0 }, head = { 0 };

	client_frame_add_head(&head, TEXT, SIZE + 1);
	(void)buf_fill(&text, 'x', size);
	if (peer_write(fd, buf_slice(&head)) != head.len ||
	    peer_write(fd, buf_slice(&text)) != size)
		abort();
	buf_clear(&head);
	buf_clear(&text);
}

/* They may take as much memory as the queues. */
static void
test_unfinished(uint16_t code)
{
	struct broker_settings core = fake_settings();
	int small, large[MANY], i;
	struct buf rest = { 0 }, got = { 0 };
	size_t left, n;
	struct loop *s;

	core.limit_message = SIZE + 1;
	core.limit_queues = SIZE * MANY / 2;
	core.come_back = code == 0 ? COME_BACK_DROP : COME_BACK_CODE;
	s = ws_loop_open(&core, NULL);
	small = ws_peer_session(s);
	begin_message(small, 10);
	for (i = 0; i < MANY; i++) {
		large[i] = ws_peer_session(s);
		begin_message(large[i], SIZE);
		(void)loop_settle(s);
	}
	n = (size_t)s->broker->stats.sessions_evicted;
	tap_ok(n > 0 && n < MANY, "some large messages go");
	left = s->broker->sessions.n;
	tap_int((int64_t)(left + n), MANY + 1, "with sessions");
	tap_ok(s->ws->unfinished > 0 &&
	    s->ws->unfinished <= core.limit_queues, "the bound is kept");
	(void)buf_fill(&rest, 'x', SIZE + 1 - 10);
	(void)peer_write(small, buf_slice(&rest));
	tap_ok(peer_hear(s, small, &got) && got.len > SIZE,
	    "a small one may end");
	buf_reset(&got);
	tap_ok(peer_hear(s, large[0], &got) == (code != 0),
	    "the first large one has gone");
	tap_int((int64_t)got.len > 0, code != 0, "and was told why");
	/* The rest of it, and an answer to our Close. */
	if (code != 0) {
		(void)peer_write(large[0], SLICE("x"));
		ws_peer_frame(large[0], CLOSE, "");
		tap_ok(!peer_hear(s, large[0], &got), "its Close is found");
	}
	(void)close(small);
	for (i = 0; i < MANY; i++)
		(void)close(large[i]);
	tap_ok(loop_settle(s) && ws_is_empty(s), "all leave");
	tap_int((int64_t)s->ws->unfinished, 0, "and nothing is kept");
	buf_clear(&rest);
	buf_clear(&got);
	ws_loop_close(s, taken);
}

int
main(void)
{
	test_unfinished(0);
	test_unfinished(CLOSE_TRY_AGAIN);
	return tap_done();
}
