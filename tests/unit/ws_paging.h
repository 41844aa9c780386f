/*
 * ws_paging.h: a transport that has some pages of HTTP, and clients that ask
 * for them.
 */
#pragma once

#include "tap.h"
#include "ws_loop.h"

#define PAGING_LARGE	(8u << 20)	/* bytes of the page /large, more than
					 * a socket takes */

struct paging {
	unsigned   made;	/* answers since the loop was opened */
	struct buf heard;	/* owned; the last answer */
	uint16_t   taken[CONN_STATES];	/* edges, by all loops */
};

extern struct paging paging;

/* The fields of all answers at the time of the loop. */
#define DATE_PAGE	"Date: Wed, 15 Jul 2026 10:31:11 GMT\r\n"
#define FIELDS_PAGE							\
	"Cache-Control: no-store\r\n"					\
	"Vary: Accept\r\n"						\
	"X-Content-Type-Options: nosniff\r\n"				\
	"Content-Type: text/plain\r\n"
#define HEAD_PAGE(length)	FIELDS_PAGE "Content-Length: " length "\r\n\r\n"
#define SMALL_OK	"HTTP/1.1 200 OK\r\n" DATE_PAGE HEAD_PAGE("6")
#define LAST_OK								\
	"HTTP/1.1 200 OK\r\n" DATE_PAGE "Connection: close\r\n"		\
	HEAD_PAGE("6")
#define ASK(path)	"GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

/* The paths /small, /guarded, /large, /unwell, /failed; and /own, which is not
 * shared. */
struct loop *paging_open(const struct ws_settings *set);
void	paging_close(struct loop *s, const char *what);

/* Whether exactly that is heard, and then the connection stands or not. */
bool	hears_all(struct loop *s, int fd, const char *text, bool stands);

/* The status of the answer to a request, or 0; the same over a connection of
 * its own from there, where HTTP alone is spoken (plain) or not. */
int	ask(struct loop *s, int fd, const char *request);
int	ask_once(struct loop *s, bool plain, const char *from,
	    const char *request);

/* Take all edges of a connection that is kept, and add them. */
void	paging_test(uint16_t taken[CONN_STATES]);
