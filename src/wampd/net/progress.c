/*
 * progress.c: how much of the output of a socket the peer has taken.
 *
 * It is a file of its own because it needs the kernel's tcp_info.  That has
 * more members than the C library's, and the two headers conflict.
 */
#include "wampd/net/progress.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* SIOCOUTQ reports the kernel memory of the unread bytes. */
static uint64_t
progress_of_unix(int fd, uint64_t sent, bool *more)
{
	int held = 0;

	(void)ioctl(fd, SIOCOUTQ, &held);
	*more = held > 0;
	return sent > (uint64_t)held ? sent - (uint64_t)held : 0;
}

uint64_t
progress_of_socket(int fd, uint64_t sent, bool *more)
{
	struct tcp_info info = { .tcpi_unacked = 0 };
	socklen_t len = sizeof(info);

	/* An older kernel fills fewer members; the others stay 0. */
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return progress_of_unix(fd, sent, more);
	*more = info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0;
	return info.tcpi_bytes_acked;
}
