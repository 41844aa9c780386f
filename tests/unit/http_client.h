/*
 * http_client.h: clients of HTTP on the loop of ws_loop.h, in clear text or
 * with TLS.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "tls_socket.h"
#include "ws_loop.h"

/* Where they come from. */
#define HTTP_CLIENT_ADDRESS	"192.0.2.1"

struct http_client {
	int	   fd;		/* owned */
	bool	   is_tls;
	struct tls_socket tls;	/* if so; has fd, too */
	struct buf in;		/* owned; what it has read */
	bool	   ended;	/* the server has ended its side */
	bool	   cut;		/* without an end of TLS */
};

/* Make a loop whose transport has TLS. */
struct loop *http_loop_open(struct tls *tls);

/* Connect, shake hands, and send a request. */
void	http_client_ask(struct loop *s, struct http_client *c, bool tls,
	    const char *text);

void	http_client_say(struct http_client *c, struct slice bytes);

/* Read what is in the socket, and turn once. */
void	http_client_take(struct loop *s, struct http_client *c);

/* Settle and read until there is nothing more.  Whether the server has ended
 * its side as it should. */
bool	http_client_hear(struct loop *s, struct http_client *c);

/* Hear that; whether nothing else was heard, and the server has ended. */
bool	http_client_hears(struct loop *s, struct http_client *c,
	    const char *text);

/* The status of the answer, or 0; and what follows its head. */
int	http_client_status(const struct http_client *c);
struct slice http_client_body(const struct http_client *c);

/* The client says nothing more, but still reads. */
void	http_client_shut(struct http_client *c);
void	http_client_close(struct http_client *c);
