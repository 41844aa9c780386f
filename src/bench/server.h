/*
 * server.h: the server under load.
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
	bool		greets;		/* it begins with a greeting */
	struct buf	request;	/* owned; HTTP, for WIRE_WS only */
	struct ssl_ctx_st *tls;		/* owned; NULL: no TLS */
	char	       *host;		/* owned; of the URL, for TLS */
};

/* Fill the zeroed *s from options and environment: a URL of any protocol, or
 * the control socket.  EXIT_DONE, or another status with *e filled. */
enum exit_status server_init(struct server *s,
	    const struct client_target *target, struct errbuf *e);

/* A TCP port of this machine that repeats lines, without a greeting. */
void	server_init_port(struct server *s, uint16_t port);

/* Bind a new socket to the source address for the session with that number.  A
 * loopback address has 28 000 source ports.  The more of them are in use, or
 * were in the last minute, the longer it takes to find a free one.  Therefore
 * each 4000 sessions of a run get an address of their own.  0 or -1 with
 * errno. */
int	server_bind(const struct server *s, int fd, uint32_t index);

void	server_clear(struct server *s);
