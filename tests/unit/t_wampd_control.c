/*
 * t_wampd_control.c: the control socket's transport on a loop of its own, with
 * the other ends of its sockets in the test's hands.
 *
 * Nothing is timed: a loop that has nothing to do is one whose descriptors
 * are quiet, and one that never gets there shows by its turns.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "fake.h"
#include "tap.h"
#include "wampd/control.h"

#define TURNS_MAX	100000	/* a loop that takes more never rests */
#define LARGE		400000	/* bytes; no socket takes so many at once */
#define MANY		2000	/* messages; one read takes them all */
#define FLOOD		30000	/* messages; many reads */
#define CROWD		200	/* receivers of each */

struct stage {
	uv_loop_t	loop;
	uv_prepare_t	prepare;
	struct broker  *broker;
	struct control *control;
};

/* ---- the loop ---- */

static void
on_prepare(uv_prepare_t *handle)
{
	struct stage *s = handle->data;

	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	(void)broker_turn(s->broker);
}

static struct stage *
stage_open(void)
{
	struct broker_settings set = fake_settings();
	struct stage *s = calloc(1, sizeof(*s));
	struct errbuf e;

	if (s == NULL || uv_loop_init(&s->loop) != 0)
		abort();
	/* Small, so that publishers are paused soon; nobody is dropped for
	 * being slow on a slow machine. */
	set.limit_queue = 16384;
	set.limit_message = LARGE + 100;
	set.stall = INT64_MAX / 2;
	s->broker = fake_broker(&set);
	s->control = control_new(&s->loop, s->broker, &e);
	if (s->control == NULL)
		abort();
	(void)uv_prepare_init(&s->loop, &s->prepare);
	(void)uv_prepare_start(&s->prepare, on_prepare);
	s->prepare.data = s;
	return s;
}

static void
stage_turn(struct stage *s)
{
	(void)uv_run(&s->loop, UV_RUN_NOWAIT);
}

/* Would the loop sleep now? */
static bool
stage_is_quiet(struct stage *s)
{
	struct pollfd backend = {
		.fd = uv_backend_fd(&s->loop), .events = POLLIN
	};

	return uv_backend_timeout(&s->loop) != 0 && poll(&backend, 1, 0) == 0;
}

/* Turn until there is nothing more to do; false when there always is.  Two
 * turns: the first passes on to the kernel what is to be waited for. */
static bool
stage_settle(struct stage *s)
{
	int turns, quiet = 0;

	for (turns = 0; quiet < 2 && turns < TURNS_MAX; turns++) {
		stage_turn(s);
		quiet = stage_is_quiet(s) ? quiet + 1 : 0;
	}
	return quiet == 2;
}

static void
stage_close(struct stage *s)
{
	fake_end(s->broker);
	control_close(s->control);
	uv_close((uv_handle_t *)&s->prepare, NULL);
	(void)uv_run(&s->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&s->loop) != 0)
		abort();
	control_free(s->control);
	free(s);
}

/* ---- peers ---- */

/* A connection that the broker has not heard of yet; returns our end. */
static int
peer_connect(int *theirs)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
	    fd) == -1)
		abort();
	*theirs = fd[1];
	return fd[0];
}

static int
peer_open(struct stage *s)
{
	int fd, theirs;

	fd = peer_connect(&theirs);
	control_adopt(s->control, theirs);
	return fd;
}

/* Write as much as the socket takes; how much that was. */
static size_t
peer_write(int fd, struct slice bytes)
{
	size_t at = 0;
	ssize_t n;

	while (at < bytes.len &&
	    (n = send(fd, bytes.p + at, bytes.len - at, MSG_NOSIGNAL)) > 0)
		at += (size_t)n;
	return at;
}

/* Say something that fits into the socket. */
static void
peer_say(int fd, const char *text)
{
	if (peer_write(fd, slice_str(text)) != strlen(text))
		abort();
}

/* Take what has come; whether the connection still stands. */
static bool
peer_read(int fd, struct buf *out)
{
	char bytes[4096];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		if (buf_add(out, bytes, (size_t)n) == -1)
			abort();
	return n == -1;
}

/* Read until there is nothing more; as peer_read(). */
static bool
peer_hear(struct stage *s, int fd, struct buf *out)
{
	bool open = true;
	size_t before;

	do {
		before = out->len;
		if (!stage_settle(s))
			break;
		open = peer_read(fd, out);
	} while (out->len > before);
	return open;
}

/* ---- messages ---- */

/* n messages of type 7 or 8 on topic t, numbered. */
static struct buf
numbered(int type, int n)
{
	struct buf text = { 0 };
	int i;

	for (i = 0; i < n; i++)
		if (buf_addf(&text, "[%d,\"t\",\"%060d\"]\n", type, i) == -1)
			abort();
	return text;
}

/* Has it got n numbered events and nothing else? */
static void
check_numbered(const struct buf *got, int n, const char *what)
{
	struct buf want = numbered(8, n);

	tap_int((int64_t)got->len, (int64_t)want.len, "%s: all of it", what);
	tap_ok(slice_eq(buf_slice(got), buf_slice(&want)), "%s: in order",
	    what);
	buf_clear(&want);
}

/* A receiver that sees to it that whoever publishes a lot is paused. */
static struct fake_peer *
listener(struct stage *s)
{
	struct fake_peer *p = fake_open(s->broker, WIRE_LINE);

	fake_say(p, "[5,\"t\"]");
	return p;
}

/* ---- the tests ---- */

/* Each turn it is paused, goes on, and would be read from again: what waits
 * must not become more and more. */
static void
test_flood(void)
{
	struct stage *s = stage_open();
	struct fake_peer *all = listener(s);
	struct buf text = numbered(7, FLOOD);
	int fd = peer_open(s);
	size_t at = 0;

	while (at < text.len) {
		at += peer_write(fd, slice_of(text.data + at, text.len - at));
		stage_turn(s);
	}
	tap_ok(stage_settle(s), "a flood ends");
	tap_ok(s->broker->stats.pauses > 2, "it was paused on its way");
	check_numbered(&all->out, FLOOD, "a flood");
	(void)close(fd);
	buf_clear(&text);
	stage_close(s);
}

/* A publisher that waits for a slow receiver hangs up; one that has not read
 * all it was told ends in an error. */
static void
test_paused_and_gone(bool unread)
{
	const char *what = unread ? "paused and gone, unread" :
	    "paused and gone";
	struct stage *s = stage_open();
	struct fake_peer *slow = listener(s);
	struct buf text = numbered(7, MANY), welcome = { 0 };
	int fd = peer_open(s);

	if (!unread)
		(void)peer_hear(s, fd, &welcome);
	slow->room = 0;
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	tap_ok(stage_settle(s), "%s: the loop rests while it waits", what);
	(void)close(fd);
	tap_ok(stage_settle(s), "%s: and when it hangs up", what);
	fake_drain(slow, SIZE_MAX);
	tap_ok(stage_settle(s), "%s: and when it has gone on", what);
	check_numbered(&slow->out, MANY, what);
	tap_int((int64_t)s->broker->nsessions, 1, "%s: its end is noticed",
	    what);
	buf_clear(&welcome);
	buf_clear(&text);
	stage_close(s);
}

static void
large_event(struct stage *s)
{
	struct fake_peer *p = fake_open(s->broker, WIRE_LINE);

	fake_say(p, "[7,\"t\",\"%0*d\"]", LARGE, 0);
}

/* A socket that was full is writable ever after. */
static void
test_full_once(bool half_closed)
{
	const char *what = half_closed ? "half-closed" : "full once";
	struct stage *s = stage_open();
	struct buf got = { 0 };
	int fd = peer_open(s);

	peer_say(fd, "[5,\"t\"]\n");
	if (half_closed)
		(void)shutdown(fd, SHUT_WR);
	(void)peer_hear(s, fd, &got);
	buf_reset(&got);
	large_event(s);
	tap_ok(stage_settle(s), "%s: the loop rests while it is full", what);
	tap_ok(peer_hear(s, fd, &got), "%s: it stays", what);
	tap_int((int64_t)got.len, LARGE + 11, "%s: it gets all", what);
	tap_ok(stage_settle(s), "%s: the loop rests afterwards", what);
	buf_reset(&got);
	fake_say(fake_open(s->broker, WIRE_LINE), "[7,\"t\",1]");
	tap_ok(peer_hear(s, fd, &got), "%s: it hears on", what);
	tap_slice(buf_slice(&got), "[8,\"t\",1]\n", "%s: the next", what);
	(void)close(fd);
	buf_clear(&got);
	stage_close(s);
}

/* It wrote and closed, and never read its WELCOME; adopted late: before the
 * broker has heard of it. */
static void
test_gone_unread(bool late)
{
	const char *what = late ? "gone before it was accepted" :
	    "gone without reading";
	struct stage *s = stage_open();
	struct fake_peer *all = listener(s);
	struct buf text = numbered(7, MANY);
	int theirs, fd = peer_connect(&theirs);

	if (!late)
		control_adopt(s->control, theirs);
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	(void)close(fd);
	if (late)
		control_adopt(s->control, theirs);
	tap_ok(stage_settle(s), "%s: the loop rests", what);
	check_numbered(&all->out, MANY, what);
	tap_int((int64_t)s->broker->nsessions, 1, "%s: it is gone", what);
	buf_clear(&text);
	stage_close(s);
}

/* What it would have to be told cannot be told any more. */
static void
test_gone_listener(void)
{
	struct stage *s = stage_open();
	struct fake_peer *all = listener(s);
	struct buf text = numbered(7, MANY);
	int fd = peer_open(s);

	peer_say(fd, "[5,\"t\"]\n");
	(void)stage_settle(s);
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	(void)close(fd);
	tap_ok(stage_settle(s), "gone, and listening itself: the loop rests");
	check_numbered(&all->out, MANY, "gone, and listening itself");
	tap_int((int64_t)s->broker->nsessions, 1,
	    "gone, and listening itself: it is gone");
	buf_clear(&text);
	stage_close(s);
}

/* It hears what it publishes, reads nothing, is paused because of itself, and
 * dies, killed or half closed before: others publish to its topic meanwhile. */
static void
test_dead_waiter(bool half_closed, bool has_read)
{
	struct stage *s = stage_open();
	struct fake_peer *pub = fake_open(s->broker, WIRE_LINE);
	struct buf text = numbered(7, MANY), got = { 0 };
	int fd = peer_open(s);

	if (has_read)
		(void)peer_hear(s, fd, &got);
	peer_say(fd, "[5,\"t\"]\n");
	while (peer_write(fd, buf_slice(&text)) > 0)
		(void)stage_settle(s);
	if (half_closed)
		(void)shutdown(fd, SHUT_WR);
	tap_ok(stage_settle(s), "paused for itself: the loop rests");
	tap_ok(!fake_say(pub, "[7,\"t\",1]"), "others wait for it");
	(void)close(fd);
	tap_ok(stage_settle(s), "it dies: the loop rests");
	tap_ok(!pub->paused, "and nobody waits for the dead");
	tap_int((int64_t)s->broker->nsessions, 1, "who is gone");
	buf_clear(&text);
	buf_clear(&got);
	stage_close(s);
}

/* Slow as a receiver, and paused as a publisher to another: what it wrote waits
 * for that one, but nobody waits for it. */
static void
test_dead_between(void)
{
	struct stage *s = stage_open();
	struct fake_peer *slow = listener(s), *pub, *other;
	struct buf text = numbered(7, MANY);
	int fd = peer_open(s);

	slow->room = 0;
	pub = fake_open(s->broker, WIRE_LINE);
	other = fake_open(s->broker, WIRE_LINE);
	peer_say(fd, "[5,\"u\"]\n");
	(void)stage_settle(s);
	while (fake_say(other, "[7,\"u\",\"%0900d\"]", 0))
		stage_turn(s);
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	tap_ok(stage_settle(s), "between two: the loop rests");
	tap_ok(!fake_say(pub, "[7,\"u\",1]"), "others wait for it");
	(void)close(fd);
	tap_ok(stage_settle(s), "it dies: the loop rests");
	tap_ok(!pub->paused && !other->paused, "nobody waits for the dead");
	fake_drain(slow, SIZE_MAX);
	tap_ok(stage_settle(s), "the slow one goes on: the loop rests");
	check_numbered(&slow->out, MANY, "between two");
	tap_int((int64_t)s->broker->nsessions, 3, "and it is gone");
	buf_clear(&text);
	stage_close(s);
}

/* Urgent bytes wake a handle that asks for nothing, for ever. */
static void
test_urgent(void)
{
	struct stage *s = stage_open();
	struct fake_peer *slow = listener(s);
	struct buf text = numbered(7, MANY);
	int fd = peer_open(s);

	slow->room = 0;
	if (peer_write(fd, buf_slice(&text)) != text.len)
		abort();
	(void)stage_settle(s);
	(void)send(fd, "!", 1, MSG_OOB | MSG_NOSIGNAL);
	tap_ok(stage_settle(s), "urgent bytes leave the loop at rest");
	(void)close(fd);
	buf_clear(&text);
	stage_close(s);
}

static void
test_last_line(void)
{
	struct stage *s = stage_open();
	struct fake_peer *all = listener(s);
	int fd = peer_open(s);

	peer_say(fd, "[7,\"t\",1]\r\n\n[7,\"t\",2]");
	(void)shutdown(fd, SHUT_WR);
	tap_ok(stage_settle(s), "the loop rests when a peer says no more");
	tap_slice(buf_slice(&all->out), "[8,\"t\",1]\n[8,\"t\",2]\n",
	    "the last line counts without its end");
	(void)close(fd);
	tap_ok(stage_settle(s), "and when it has gone");
	tap_int((int64_t)s->broker->nsessions, 1, "which is noticed");
	stage_close(s);
}

static void
test_said_all(void)
{
	struct stage *s = stage_open();
	struct buf got = { 0 };
	int fd = peer_open(s);

	peer_say(fd, "[2,\"i\",\"wampd.echo\",1]");
	(void)shutdown(fd, SHUT_WR);
	tap_ok(!peer_hear(s, fd, &got), "who says no more is let go");
	tap_ok(buf_cstr(&got) != NULL && strstr(got.data, "[3,\"i\",[1]]\n"),
	    "once it has its answer");
	tap_int((int64_t)s->broker->nsessions, 0, "and forgotten");
	buf_clear(&got);
	(void)close(fd);
	stage_close(s);
}

/* However much a peer has written, others have their turn: what it may cost in
 * between is bounded by deliveries. */
static void
test_turns(void)
{
	struct stage *s = stage_open();
	struct fake_peer *all[CROWD], *one;
	struct buf text = numbered(7, MANY);
	int flooder, other, i;
	uint64_t events;

	s->broker->set.limit_queue = 1 << 20;
	for (i = 0; i < CROWD; i++)
		all[i] = listener(s);
	one = fake_open(s->broker, WIRE_LINE);
	fake_say(one, "[5,\"u\"]");
	flooder = peer_open(s);
	other = peer_open(s);
	if (peer_write(flooder, buf_slice(&text)) != text.len)
		abort();
	stage_turn(s);
	peer_say(other, "[7,\"u\",1]\n");
	for (i = 0; one->out.len == 0 && i < TURNS_MAX; i++)
		stage_turn(s);
	events = s->broker->stats.events;
	tap_ok(events > 1 && events < MANY,
	    "a single event passes a flood in its midst");
	tap_ok(stage_settle(s), "the flood comes to rest");
	check_numbered(&all[0]->out, MANY, "a flood in turns");
	check_numbered(&all[CROWD - 1]->out, MANY, "the last of its crowd");
	buf_clear(&text);
	(void)close(flooder);
	(void)close(other);
	stage_close(s);
}

int
main(void)
{
	test_flood();
	test_paused_and_gone(false);
	test_paused_and_gone(true);
	test_full_once(false);
	test_full_once(true);
	test_gone_unread(false);
	test_gone_unread(true);
	test_gone_listener();
	test_dead_waiter(false, false);
	test_dead_waiter(false, true);
	test_dead_waiter(true, false);
	test_dead_between();
	test_urgent();
	test_last_line();
	test_said_all();
	test_turns();
	return tap_done();
}
