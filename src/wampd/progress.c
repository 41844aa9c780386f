/*
 * progress.c: how far a socket's output has come.
 *
 * A file of its own: the kernel's tcp_info is longer than the C library's,
 * and their headers do not go together.
 */
#include "wampd/progress.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

uint64_t
progress_of_socket(int fd, bool *more)
{
	struct tcp_info info = { .tcpi_unacked = 0 };
	socklen_t len = sizeof(info);

	/* An older kernel leaves the rest as it is; so does a failure. */
	(void)getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
	*more = info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0;
	return info.tcpi_bytes_acked;
}
