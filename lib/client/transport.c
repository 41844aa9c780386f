/*
 * transport.c: what both transports need to wait.
 */
#include "client/transport.h"

#include <limits.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "base/clock.h"

bool
transport_expired(int64_t until_ms)
{
	return until_ms >= 0 && clock_ms() >= until_ms;
}

int
transport_timeout(int64_t until_ms)
{
	int64_t left;

	if (until_ms < 0)
		return -1;
	left = until_ms - clock_ms();
	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

size_t
transport_unread(int sock)
{
	int n = 0;

	return ioctl(sock, SIOCOUTQ, &n) == 0 && n > 0 ? (size_t)n : 0;
}

short
transport_poll(int sock, short events, int64_t until_ms, int fd,
    bool *fd_ready)
{
	struct pollfd p[2] = { { .fd = sock, .events = events },
	    { .fd = fd, .events = POLLIN } };

	/* EINTR is like nothing ready: the caller looks at its clock. */
	if (poll(p, 2, transport_timeout(until_ms)) <= 0)
		return 0;
	/* POLLHUP and POLLERR too: the reader shall find out. */
	if (p[1].revents != 0)
		*fd_ready = true;
	return p[0].revents;
}
