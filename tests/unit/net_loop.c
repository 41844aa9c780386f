/*
 * net_loop.c: the transports on a loop of their own.
 */
#include "net_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/endpoint.h"
#include "fake.h"
#include "wampd/core/address.h"
#include "wampd/core/turn.h"
#include "wampd/net/listen.h"

/* ---- the loop ---- */

static void
on_idle(uv_idle_t *handle)
{
	(void)handle;		/* an active idle handle keeps the loop awake */
}

/* As the server does it; nothing waits for a time. */
static void
on_prepare(uv_prepare_t *handle)
{
	struct loop *s = handle->data;
	int64_t wait;

	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	wait = turn_end(s->broker);
	if (s->ws != NULL)
		wait = clock_sooner(wait, ws_turn(s->ws, true));
	if (streams_turn(s->streams) || wait == 0)
		(void)uv_idle_start(&s->idle, on_idle);
	else
		(void)uv_idle_stop(&s->idle);
}

struct loop *
loop_new(const struct broker_settings *set)
{
	struct loop *s = calloc(1, sizeof(*s));
	struct errbuf e;

	if (s == NULL || uv_loop_init(&s->loop) != 0)
		abort();
	s->broker = fake_broker(set);
	s->streams = streams_new(&s->loop, s->broker, &e);
	if (s->streams == NULL)
		abort();
	(void)uv_idle_init(&s->loop, &s->idle);
	(void)uv_prepare_init(&s->loop, &s->prepare);
	s->prepare.data = s;
	loop_start(s);
	return s;
}

void
loop_start(struct loop *s)
{
	(void)uv_prepare_start(&s->prepare, on_prepare);
}

void
loop_turn(struct loop *s)
{
	(void)uv_run(&s->loop, UV_RUN_NOWAIT);
}

/* Whether a thread is at work. */
static bool
loop_is_busy(const struct loop *s)
{
	return s->loop.active_reqs.count > 0;
}

/* Would the loop sleep now? */
static bool
loop_is_quiet(struct loop *s)
{
	struct pollfd backend = {
		.fd = uv_backend_fd(&s->loop), .events = POLLIN
	};

	return uv_backend_timeout(&s->loop) != 0 && !loop_is_busy(s) &&
	    poll(&backend, 1, 0) == 0;
}

/* Two turns: the first passes on to the kernel what is to be waited for. */
bool
loop_settle(struct loop *s)
{
	int turns, quiet = 0;

	for (turns = 0; quiet < 2 && turns < TURNS_MAX; turns++) {
		(void)uv_run(&s->loop, loop_is_busy(s) ? UV_RUN_ONCE :
		    UV_RUN_NOWAIT);
		quiet = loop_is_quiet(s) ? quiet + 1 : 0;
	}
	return quiet == 2;
}

void
loop_close(struct loop *s)
{
	fake_end(s->broker);
	ws_close(s->ws);
	streams_close(s->streams);
	uv_close((uv_handle_t *)&s->prepare, NULL);
	uv_close((uv_handle_t *)&s->idle, NULL);
	(void)uv_run(&s->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&s->loop) != 0)
		abort();
	ws_free(s->ws);
	control_free(s->control);
	streams_free(s->streams);
	free(s);
}

void
loop_end_threads(void)
{
	uv_library_shutdown();
}

/* ---- peers ---- */

int
peer_pair(int type, int *theirs)
{
	int fd[2];

	if (socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
	    fd) == -1)
		abort();
	*theirs = fd[1];
	return fd[0];
}

int
peer_tcp(int *theirs)
{
	struct endpoint any;
	struct listen_sockets l;
	struct address at;
	struct errbuf e;
	int fd;

	if (endpoint_parse(&any, "127.0.0.1:0", &e) == -1 ||
	    listen_open(&l, &any, NULL, &e) == -1)
		abort();
	at = address_of_socket(l.fds[0]);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect(fd, &at.u.sa, sizeof(at.u.in)) == -1 ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) == -1)
		abort();
	*theirs = accept4(l.fds[0], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	listen_close(&l);
	return fd;
}

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

void
peer_say(int fd, const char *text)
{
	if (peer_write(fd, slice_str(text)) != strlen(text))
		abort();
}

bool
peer_read(int fd, struct buf *out)
{
	ssize_t n;

	do {
		if (buf_reserve(out, 65536) == -1)
			abort();
		n = recv(fd, out->data + out->len, 65536, 0);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0);
	return n == -1;
}

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
