/*
 * http_served.h: a server of HTTP that leaves its answers to the test.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "http_client.h"

#define SERVED_GET	"GET /health HTTP/1.1\r\nHost: h\r\n\r\n"
#define SERVED_ANSWER	"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* What the server has got. */
struct http_served {
	int	   fd;		/* owned; of the last visit, or -1 */
	struct buf head;	/* of the last visit, as the next ones */
	struct buf path;
	struct buf peer;	/* its address */
	bool	   tls;
	unsigned   visits;
	bool	   answers;	/* at once, set by the test */
};

extern struct http_served served;

/* A loop where it serves /health and /files/. */
struct loop *served_open(void);

/* It closes its last descriptor.  Then nothing must be left. */
void	served_close(struct loop *s, const char *what);

/* Ask, until the server has that.  Its last descriptor is closed. */
void	served_ask(struct loop *s, struct http_client *c, bool tls,
	    const char *text);

/* The server says something; whether all of it was taken. */
bool	served_say(const char *text);

/* Whether somebody may still read what it says. */
bool	served_is_read(void);

/* The server has nothing to say any more. */
void	served_hang_up(void);

/* What the server can read: 1, 0 at the end, or -1 if there is nothing. */
int	served_read(void);

/* The time of all relays is up. */
void	served_pass(struct loop *s);

/* Free what was remembered. */
void	served_free(void);
