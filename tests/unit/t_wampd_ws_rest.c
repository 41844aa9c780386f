/*
 * t_wampd_ws_rest.c: what a WebSocket peer has sent behind the message that
 * ended its session.  Its Close must be found in it, or behind it.
 */
#include <unistd.h>

#include "client_frame.h"
#include "tap.h"
#include "ws_loop.h"

#define LIMIT	100		/* bytes of a message */
#define LARGE	"close 1009 too large\n"

static uint16_t taken[CONN_STATES];
static struct buf all;

static struct loop *
open_loop(int *fd)
{
	struct broker_settings core = fake_settings();
	struct loop *s;

	core.limit_message = LIMIT;
	s = ws_loop_open(&core, NULL);
	*fd = ws_peer_session(s);
	buf_reset(&all);
	return s;
}

static void
close_loop(struct loop *s, int fd, const char *what)
{
	(void)close(fd);
	tap_ok(loop_settle(s), "%s: the loop rests in the end", what);
	tap_ok(ws_is_empty(s), "%s: and nothing is left", what);
	ws_loop_close(s, taken);
}

static void
add_large(unsigned first)
{
	char text[LIMIT + 1] = { 0 };

	client_frame_add(&all, first, slice_of(text, sizeof(text)));
}

static void
test_close_behind(void)
{
	int fd;
	struct loop *s = open_loop(&fd);

	add_large(TEXT);
	client_frame_add(&all, TEXT, SLICE("not processed"));
	client_frame_add(&all, CLOSE, SLICE("\x03\xe8"));
	(void)peer_write(fd, buf_slice(&all));
	tap_str(ws_peer_frames(s, fd), LARGE "END\n",
	    "a Close that comes with it ends the connection");
	close_loop(s, fd, "a Close behind it");
}

/* Its Close answers ours. */
static void
test_answer(unsigned first)
{
	int fd;
	struct loop *s = open_loop(&fd);

	add_large(first);
	if ((first & FIN) == 0)
		add_large(LAST);
	client_frame_add(&all, TEXT, SLICE("cut"));
	(void)peer_write(fd, slice_of(all.data, all.len - 1));
	tap_str(ws_peer_frames(s, fd), LARGE, "a large message");
	tap_str(ws_peer_frames(s, fd), "", "the answer is waited for");
	(void)peer_write(fd, slice_of(all.data + all.len - 1, 1));
	ws_peer_frame(fd, PING, "not answered");
	ws_peer_frame(fd, CLOSE, "\x03\xf1");
	tap_str(ws_peer_frames(s, fd), "END\n",
	    "is found behind the frame that was cut, and ends it");
	close_loop(s, fd, "a frame that was cut");
}

/* It comes in the turn in which the session ends. */
static void
test_fault_behind(void)
{
	int fd;
	struct loop *s = open_loop(&fd);

	add_large(TEXT);
	client_frame_add(&all, FIN | 0x3, SLICE("reserved"));
	(void)peer_write(fd, buf_slice(&all));
	tap_str(ws_peer_frames(s, fd), LARGE "END\n",
	    "no Close is waited for if frames cannot be read any more");
	close_loop(s, fd, "a fault behind it");
}

int
main(void)
{
	test_close_behind();
	test_answer(TEXT);
	test_answer(TEXT_PART);
	test_fault_behind();
	buf_clear(&all);
	return tap_done();
}
