/*
 * fuzz_wampd_ws.c: a WebSocket peer that says anything, to a broker on a loop.
 *
 * The first four bytes of the input choose settings, the end of the connection
 * and how the other bytes are cut into writes.  Whatever the peer says, the
 * answer is what RFC 9112 and RFC 6455 allow, the loop comes to rest, and in
 * the end nothing is left.  If nothing depends on time, the answer is the same
 * in a single write.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/ws_answer.h"
#include "../unit/ws_loop.h"
#include "proto/close_code.h"
#include "wampd/core/session.h"
#include "wampd/core/turn.h"
#include "wampd/net/ws_conn.h"
#include "wampd/wamp1/wamp1.h"

#define CHOICES		4	/* bytes */
#define STREAM_MAX	65536	/* bytes; the sockets take them at once */
#define CUTS_MAX	48
#define SMALL		4608	/* bytes; the smallest buffer of a socket */
#define EVER		(24 * 3600 * 1000)	/* ms */

/* Of the first byte. */
#define DEFLATE		0x01
#define WAMP		0x02
#define COME_BACK_CODES	0x04
#define FULL		0x08
#define REQUIRE		0x10
#define SLOW		0x20	/* the peer reads late, and little fits */
#define SHAKEN		0x40	/* a right handshake comes first */
#define PATHS		0x80

/* Of the second byte. */
#define END		0x03	/* enum end */
#define LATE		0x04	/* accepted when all is written */
#define SMALL_HEAD	0x08
#define SMALL_MESSAGE	0x10
#define HURRY		0x20	/* one turn between two writes */
#define STOP		0x40	/* the broker stops before the end */
#define KICK		0x80	/* the session is closed before the end */

enum end { END_SHUTDOWN, END_CLOSE, END_TIME, END_TIME_THEN_SHUTDOWN };

struct play {
	uint8_t	     set;		/* the first byte */
	uint8_t	     way;		/* the second */
	uint32_t     chance;		/* of the cuts; 0: none */
	struct slice stream;
	struct loop *loop;
	int	     fd;		/* -1: closed */
	bool	     ended;		/* the server's side */
	struct buf   got;
};

static void
must(bool that, const char *what)
{
	if (that)
		return;
	(void)fprintf(stderr, "fuzz_wampd_ws: %s\n", what);
	abort();
}

/* ---- the stage ---- */

static const char *const paths[] = { "/", "/below/" };

static struct loop *
stage_open(const struct play *p)
{
	struct broker_settings core = fake_settings();
	struct ws_settings set = ws_loop_settings();

	core.compat = WAMP_COMPAT_SPEC;
	core.come_back = p->set & COME_BACK_CODES ? COME_BACK_CODE :
	    COME_BACK_DROP;
	core.limit_message = p->way & SMALL_MESSAGE ? 100 : 10000;
	core.limit_queue = p->set & SLOW ? 4000 : 1 << 20;
	core.limit_sessions = p->set & FULL ? 0 : 10;
	if (p->set & WAMP)
		set.protocol = &protocol_wamp1;
	set.deflate = p->set & DEFLATE;
	set.require_protocol = p->set & REQUIRE;
	set.limit_head = p->way & SMALL_HEAD ? 300 : 16384;
	if (p->set & PATHS) {
		set.paths = paths;
		set.npaths = 2;
	}
	return ws_loop_open(&core, &set);
}

/* The socket of the server takes little, so that it is full soon. */
static int
stage_connect(struct play *p, int *theirs)
{
	int fd = peer_pair(SOCK_STREAM, theirs), size = SMALL;

	if (p->set & SLOW)
		(void)setsockopt(*theirs, SOL_SOCKET, SO_SNDBUF, &size,
		    sizeof(size));
	return fd;
}

static void
stage_adopt(struct play *p, int theirs)
{
	const struct address from = {
		.u.in = { .sin_family = AF_INET, .sin_addr.s_addr = 0x010200c0 }
	};

	ws_adopt(p->loop->ws, theirs, &from, false);
}

/* ---- the peer ---- */

static void
rest(struct play *p)
{
	if (p->way & HURRY)
		loop_turn(p->loop);
	else
		must(loop_settle(p->loop), "the loop does not rest");
}

static void
hear(struct play *p)
{
	if (p->fd != -1 && !p->ended)
		p->ended = !peer_hear(p->loop, p->fd, &p->got);
}

static uint32_t
next_cut(struct play *p)
{
	p->chance = p->chance * 1664525 + 1013904223;
	return p->chance >> 8;
}

/* It may have been closed before. */
static void
say(struct play *p, struct slice bytes)
{
	size_t n = peer_write(p->fd, bytes);

	must(n == bytes.len || p->ended || p->set & SLOW,
	    "the server does not read");
	rest(p);
	if (!(p->set & SLOW) || (next_cut(p) & 7) == 0)
		hear(p);
}

/* In up to CUTS_MAX pieces, most of them short. */
static void
say_all(struct play *p)
{
	struct slice left = p->stream;
	unsigned cuts = p->chance == 0 ? 0 : CUTS_MAX;
	size_t n;

	for (; left.len > 0; left = slice_of(left.p + n, left.len - n)) {
		n = left.len;
		if (cuts > 0) {
			cuts--;
			n = 1 + next_cut(p) % (next_cut(p) & 3 ?
			    2 * left.len / CUTS_MAX + 2 : left.len);
			n = n < left.len ? n : left.len;
		}
		say(p, slice_of(left.p, n));
	}
}

static void
interfere(struct play *p)
{
	struct broker *b = p->loop->broker;
	struct session *s = TAILQ_FIRST(&b->sessions.open);

	if (p->way & KICK && s != NULL)
		session_doom(s, CLOSE_RESTART, "kicked");
	if (p->way & STOP)
		turn_stop(b, 0);
}

static void
end(struct play *p)
{
	enum end how = p->way & END;

	if (how != END_CLOSE)
		hear(p);
	if (how == END_TIME || how == END_TIME_THEN_SHUTDOWN) {
		ws_pass(p->loop, EVER);
		hear(p);
	}
	if (how == END_SHUTDOWN || how == END_TIME_THEN_SHUTDOWN) {
		(void)shutdown(p->fd, SHUT_WR);
		hear(p);
		must(p->ended, "the connection does not end");
	}
	(void)close(p->fd);
	p->fd = -1;
	must(loop_settle(p->loop), "the loop does not rest in the end");
}

/* ---- what must be ---- */

/* The request may begin with empty lines. */
static bool
asks_for_head(struct slice s)
{
	while (s.len > 0 && (s.p[0] == '\r' || s.p[0] == '\n'))
		s = slice_of(s.p + 1, s.len - 1);
	return slice_starts(s, SLICE("HEAD "));
}

/* Whether the peer has got only a part of the answer, because the connection
 * was closed before it has read it. */
static bool
is_cut(const struct play *p)
{
	return p->set & SLOW || (p->way & END) == END_CLOSE;
}

static bool
ends_with(struct slice s, struct slice end)
{
	return s.len >= end.len &&
	    slice_eq(slice_of(s.p + s.len - end.len, end.len), end);
}

static void
check_answer(const struct play *p)
{
	struct slice got = buf_slice(&p->got);
	struct buf lines = { 0 };
	struct errbuf e = { "" };

	if (got.len == 0)
		return;
	if (is_cut(p) && memmem(got.p, got.len, "\r\n\r\n", 4) == NULL)
		return;
	if (ws_answer_read(got, false, &lines, &e) == -1 &&
	    (!asks_for_head(p->stream) ||
	    ws_answer_read(got, true, &lines, &e) == -1))
		must(false, e.msg);
	must(is_cut(p) || !ends_with(buf_slice(&lines), SLICE("cut\n")),
	    "a frame is not complete");
	buf_clear(&lines);
}

static void
check_rest(const struct loop *s)
{
	const struct broker *b = s->broker;

	must(b->sessions.n == 0 && TAILQ_EMPTY(&b->sessions.doomed),
	    "a session is left");
	must(s->ws->door.visits.n == 0, "a visit is left");
	must(s->ws->door.origins.count == 0, "an address is left");
	must(s->ws->farewells.n == 0, "a farewell is left");
	must(b->pressure.frame_bytes == 0, "a frame is left");
}

/* The descriptor that would be given out next. */
static int
next_descriptor(void)
{
	int fd = dup(STDERR_FILENO);

	(void)close(fd);
	return fd;
}

static void
play(struct play *p)
{
	int theirs, next = next_descriptor();

	p->loop = stage_open(p);
	p->fd = stage_connect(p, &theirs);
	if (p->way & LATE)
		(void)peer_write(p->fd, p->stream);
	stage_adopt(p, theirs);
	if (!(p->way & LATE))
		say_all(p);
	interfere(p);
	end(p);
	check_answer(p);
	check_rest(p->loop);
	loop_close(p->loop);
	must(next_descriptor() == next, "a descriptor is left");
}

/* Sessions have ids by chance. */
static void
hide_id(struct buf *b)
{
	char id[SESSION_ID_SIZE - 1], *at;
	const char welcome[] = "[0,\"";
	size_t n = sizeof(welcome) - 1;

	at = memmem(b->data, b->len, welcome, n);
	if (at == NULL || at + n + sizeof(id) > b->data + b->len)
		return;
	memcpy(id, at + n, sizeof(id));
	while ((at = memmem(b->data, b->len, id, sizeof(id))) != NULL)
		memset(at, '?', sizeof(id));
}

/* The same in one write. */
static void
play_whole(struct play *p)
{
	struct play whole = *p;

	whole.got = (struct buf){ 0 };
	whole.chance = 0;
	whole.ended = false;
	play(&whole);
	if (p->set & WAMP && p->got.len > 0 && whole.got.len > 0) {
		hide_id(&p->got);
		hide_id(&whole.got);
	}
	must(slice_eq(buf_slice(&whole.got), buf_slice(&p->got)),
	    "other cuts give another answer");
	buf_clear(&whole.got);
}

static bool
depends_on_time(const struct play *p)
{
	return p->set & SLOW || (p->way & END) == END_CLOSE ||
	    p->way & (STOP | KICK);
}

/* ---- the target ---- */

static const char shaken[] = WS_REQUEST
    "Sec-WebSocket-Protocol: wamp, echo\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf stream = { 0 };
	struct play p = { 0 };

	if (size < CHOICES || size > STREAM_MAX - sizeof(shaken))
		return 0;
	p.set = data[0];
	p.way = data[1];
	p.chance = (uint32_t)(data[2] << 8 | data[3]);
	if ((p.set & SHAKEN && buf_add_str(&stream, shaken) == -1) ||
	    buf_add(&stream, data + CHOICES, size - CHOICES) == -1)
		abort();
	p.stream = buf_slice(&stream);
	play(&p);
	if (!depends_on_time(&p))
		play_whole(&p);
	buf_clear(&p.got);
	buf_clear(&stream);
	return 0;
}
