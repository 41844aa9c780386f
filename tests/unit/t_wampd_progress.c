/*
 * t_wampd_progress.c: how far the output of real sockets has come.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "wampd/net/progress.h"

#define BUFFER	65536	/* bytes, of the receiver */

/* A TCP connection over loopback; the second end has a small buffer. */
static void
tcp_pair(int fd[2])
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }
	};
	struct sockaddr *sa = (struct sockaddr *)&sin;
	socklen_t len = sizeof(sin);
	int size = BUFFER, listener = socket(AF_INET, SOCK_STREAM, 0);

	fd[1] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, sa, len) == -1 || listen(listener, 1) == -1 ||
	    getsockname(listener, sa, &len) == -1 ||
	    setsockopt(fd[1], SOL_SOCKET, SO_RCVBUF, &size,
	    sizeof(size)) == -1 || connect(fd[1], sa, len) == -1 ||
	    (fd[0] = accept(listener, NULL, NULL)) == -1)
		abort();
	(void)close(listener);
}

/* Write until both kernels are full; how much that was. */
static size_t
fill(int fd)
{
	static const char bytes[BUFFER];
	size_t sent = 0;
	ssize_t n;

	while ((n = send(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		sent += (size_t)n;
	return sent;
}

static void
take(int fd, size_t bytes)
{
	static char into[BUFFER];
	ssize_t n;

	while (bytes > 0) {
		n = recv(fd, into, bytes < BUFFER ? bytes : BUFFER, 0);
		if (n <= 0)
			abort();
		bytes -= (size_t)n;
	}
}

/* Acknowledgements come when they come. */
static uint64_t
wait_beyond(int fd, uint64_t before, bool *more)
{
	uint64_t acked;

	do
		acked = progress_of_socket(fd, 0, more);
	while (acked == before);
	return acked;
}

static void
test_tcp(void)
{
	uint64_t begin, full, later;
	size_t sent;
	bool more;
	int fd[2];

	tcp_pair(fd);
	begin = progress_of_socket(fd[0], 0, &more);
	tap_ok(!more, "at first nothing is on its way");
	sent = fill(fd[0]);
	full = wait_beyond(fd[0], begin, &more);
	tap_ok(more, "more than the peer's buffer is on its way");
	tap_ok(full < begin + sent, "and not acknowledged");
	take(fd[1], sent);
	do
		later = progress_of_socket(fd[0], 0, &more);
	while (more);
	tap_int((int64_t)(later - begin), (int64_t)sent,
	    "all of it once the peer has read");
	(void)close(fd[0]);
	(void)close(fd[1]);
}

static void
test_unix(void)
{
	uint64_t full;
	size_t sent;
	bool more;
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == -1)
		abort();
	tap_int((int64_t)progress_of_socket(fd[0], 7, &more), 7,
	    "all that a Unix socket has sent is taken");
	tap_ok(!more, "at first nothing is on its way");
	sent = fill(fd[0]);
	full = progress_of_socket(fd[0], sent, &more);
	tap_ok(more && (int64_t)full < (int64_t)sent,
	    "what was sent then is on its way");
	take(fd[1], sent / 2);
	tap_ok(progress_of_socket(fd[0], sent, &more) > full && more,
	    "reading a part of it is progress");
	take(fd[1], sent - sent / 2);
	tap_int((int64_t)progress_of_socket(fd[0], sent, &more),
	    (int64_t)sent, "all of it once the peer has read");
	tap_ok(!more, "and nothing more");
	(void)close(fd[0]);
	(void)close(fd[1]);
}

int
main(void)
{
	test_tcp();
	test_unix();
	return tap_done();
}
