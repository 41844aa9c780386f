/*
 * ws_address.c: whether a peer may connect from its address.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "wampd/auth/addresses.h"
#include "wampd/core/broker.h"
#include "wampd/net/ws_conn.h"

#define DRAIN	4096	/* bytes */

bool
ws_admits(const struct ws *w, const struct address *peer)
{
	return w->addresses == NULL ||
	    addresses_admit(w->addresses, peer, w->broker->wall());
}

/* What has come already is read, because the kernel would answer it with a
 * reset, which can destroy our answer.  We do not wait for more: such a peer
 * must cost nothing. */
static void
answer_socket(int fd, const struct http_refusal *why)
{
	struct buf out = { 0 };
	char drained[DRAIN];

	if (http_refusal_write(why, false, &out) == 0) {
		(void)send(fd, out.data, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
		(void)shutdown(fd, SHUT_WR);
		(void)recv(fd, drained, sizeof(drained), MSG_DONTWAIT);
	}
	buf_clear(&out);
}

void
ws_refuse_socket(struct ws *w, int fd, const struct address *peer, bool tls)
{
	const struct http_refusal why = {
		.cause = HTTP_CAUSE_ADDRESS,
		.date = (time_t)(w->broker->wall() / 1000),
	};

	ws_refused(w, peer, &why, !tls);
	if (!tls)
		answer_socket(fd, &why);
	(void)close(fd);
}
