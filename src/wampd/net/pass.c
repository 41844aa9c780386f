/*
 * pass.c: passing descriptors to another process, over a Unix socket.
 */
#include "wampd/net/pass.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for the descriptors of a message, with the right alignment. */
union room {
	struct cmsghdr head;
	char	       bytes[CMSG_SPACE(PASS_MAX * sizeof(int))];
};

int
pass_send(int fd, struct slice bytes, const int *fds, size_t n)
{
	union room room = { .bytes = { 0 } };
	struct iovec iov = {
		.iov_base = (void *)(uintptr_t)bytes.p, .iov_len = bytes.len,
	};
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t sent;

	if (n > PASS_MAX) {
		errno = E2BIG;
		return -1;
	}
	if (n > 0) {
		m.msg_control = room.bytes;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	}
	do
		sent = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent == -1 && errno == EINTR);
	if (sent == -1 || (size_t)sent == bytes.len)
		return sent == -1 ? -1 : 0;
	errno = EMSGSIZE;
	return -1;
}

/* Those that there is no room for are closed.  Whether all had room. */
static bool
take(const struct cmsghdr *c, int *fds, size_t *n)
{
	size_t i, came = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int fd;

	for (i = 0; i < came; i++) {
		memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
		if (*n < PASS_MAX)
			fds[(*n)++] = fd;
		else
			(void)close(fd);
	}
	return *n < PASS_MAX || came == 0;
}

ssize_t
pass_receive(int fd, char *p, size_t size, int *fds, size_t *n)
{
	union room room;
	struct iovec iov = { .iov_base = p, .iov_len = size };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room.bytes, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *c;
	bool fits = true;
	ssize_t got;

	do
		got = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return -1;
	for (c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			fits &= take(c, fds, n);
	if (fits && !(m.msg_flags & MSG_CTRUNC))
		return got;
	errno = E2BIG;
	return -1;
}
