/*
 * control_loop.c: the control socket's transport on a loop of its own.
 */
#include "control_loop.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tap.h"
#include "wampd/core/turn.h"

/* ---- the loop ---- */

static void
on_prepare(uv_prepare_t *handle)
{
	struct loop *s = handle->data;

	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	(void)turn_end(s->broker);
	(void)streams_turn(s->streams);
}

struct loop *
loop_open(void)
{
	struct broker_settings set = fake_settings();
	struct loop *s = calloc(1, sizeof(*s));
	struct errbuf e;

	if (s == NULL || uv_loop_init(&s->loop) != 0)
		abort();
	/* Small, so that publishers are paused soon; nobody is dropped for
	 * being slow on a slow machine. */
	set.limit_queue = 16384;
	set.limit_message = LOOP_LARGE + 100;
	set.stall = INT64_MAX / 2;
	s->broker = fake_broker(&set);
	s->streams = streams_new(&s->loop, s->broker, set.limit_message, &e);
	if (s->streams == NULL ||
	    (s->control = control_new(s->streams, s->broker, &e)) == NULL)
		abort();
	(void)uv_prepare_init(&s->loop, &s->prepare);
	(void)uv_prepare_start(&s->prepare, on_prepare);
	s->prepare.data = s;
	return s;
}

void
loop_turn(struct loop *s)
{
	(void)uv_run(&s->loop, UV_RUN_NOWAIT);
}

/* Would the loop sleep now? */
static bool
loop_is_quiet(struct loop *s)
{
	struct pollfd backend = {
		.fd = uv_backend_fd(&s->loop), .events = POLLIN
	};

	return uv_backend_timeout(&s->loop) != 0 && poll(&backend, 1, 0) == 0;
}

/* Turn until there is nothing more to do; false when there always is.  Two
 * turns: the first passes on to the kernel what is to be waited for. */
bool
loop_settle(struct loop *s)
{
	int turns, quiet = 0;

	for (turns = 0; quiet < 2 && turns < TURNS_MAX; turns++) {
		loop_turn(s);
		quiet = loop_is_quiet(s) ? quiet + 1 : 0;
	}
	return quiet == 2;
}

void
loop_close(struct loop *s)
{
	fake_end(s->broker);
	streams_close(s->streams);
	uv_close((uv_handle_t *)&s->prepare, NULL);
	(void)uv_run(&s->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&s->loop) != 0)
		abort();
	control_free(s->control);
	streams_free(s->streams);
	free(s);
}

/* ---- peers ---- */

/* A connection that the broker has not heard of yet; returns our end. */
int
peer_connect(int *theirs)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
	    fd) == -1)
		abort();
	*theirs = fd[1];
	return fd[0];
}

int
peer_open(struct loop *s)
{
	int fd, theirs;

	fd = peer_connect(&theirs);
	control_adopt(s->control, theirs);
	return fd;
}

/* Write as much as the socket takes; how much that was. */
size_t
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
void
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
bool
peer_hear(struct loop *s, int fd, struct buf *out)
{
	bool open = true;
	size_t before;

	do {
		before = out->len;
		if (!loop_settle(s))
			break;
		open = peer_read(fd, out);
	} while (out->len > before);
	return open;
}

/* ---- messages ---- */

/* n messages of type 7 or 8 on topic t, numbered. */
struct buf
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
void
check_numbered(const struct buf *got, int n, const char *what)
{
	struct buf want = numbered(8, n);

	tap_int((int64_t)got->len, (int64_t)want.len, "%s: all of it", what);
	tap_ok(slice_eq(buf_slice(got), buf_slice(&want)), "%s: in order",
	    what);
	buf_clear(&want);
}

/* A receiver that sees to it that whoever publishes a lot is paused. */
struct fake_peer *
listener(struct loop *s)
{
	struct fake_peer *p = fake_open(s->broker, WIRE_LINE);

	fake_say(p, "[5,\"t\"]");
	return p;
}
