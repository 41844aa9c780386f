/*
 * server.h: the server that the load goes to.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "client/client.h"
#include "bench/protocol.h"

struct server {
	struct sockaddr_storage addr;
	socklen_t	addr_len;
	const struct protocol *protocol;
	bool		greets;		/* it has more to say than events */
	struct buf	request;	/* owned; HTTP, for WIRE_WS only */
	struct ssl_ctx_st *tls;		/* owned; NULL: clear text */
	char	       *host;		/* owned; of the URL, with tls */
};

/* Fill *s, which is zeroed, from what options and environment say: a URL of
 * any protocol, or the control socket.  EXIT_DONE, or another status with *e
 * filled. */
enum exit_status server_init(struct server *s,
	    const struct client_target *target, struct errbuf *e);

/* A TCP port of this machine that repeats lines and greets nobody. */
void	server_init_port(struct server *s, uint16_t port);

/* Give a new socket the source address for the session of that number: a
 * loopback address has 28 000 ports to call from, and finding a free one
 * takes the longer the more are in use, or were a minute ago: so each 4000
 * sessions of each run get an address of their own.  0 or -1 with errno. */
int	server_bind(const struct server *s, int fd, uint32_t index);

void	server_clear(struct server *s);
