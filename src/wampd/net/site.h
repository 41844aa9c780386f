/*
 * site.h: the table from the path of a request to what serves it.
 *
 * Rows of WebSocket serve upgrades, and refuse other requests for their paths
 * as the handshake says.  Rows of HTTP serve the other requests, with GET and
 * HEAD: pages are small answers that the broker makes itself, and servers get
 * the whole request.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "wampd/core/address.h"
#include "wampd/net/http_refusal.h"
#include "wampd/net/http_request.h"

struct principal;

/*
 * A request that was judged, for a server of HTTP to answer.  Its other parts
 * are the verdict, and hold whatever the head says.
 *
 * The server writes the answer to the descriptor, and closes it.  There is
 * nothing to read there.  If the server writes nothing for a minute or two, or
 * the client reads nothing, the other end is closed.  If the client has left,
 * writing fails.
 */
struct site_visit {
	int	     fd;		/* owned by the server from now on: a
					 * non-blocking Unix socket */
	struct slice read;		/* borrowed; as if it had been read from
					 * fd: the head, with "Connection:
					 * close", Host, and the fields that
					 * choose the answer */
	struct slice path;		/* borrowed */
	const struct principal *principal; /* borrowed */
	struct address peer;		/* the client */
	bool	     tls;		/* between us and the client */
};

struct site_server {
	const char *name;		/* static; for the log */
	void	  (*serve)(void *arg, const struct site_visit *v);
	void	   *arg;		/* borrowed */
};

/* The answer of a page. */
struct site_answer {
	unsigned    status;	/* 200 or 503 */
	const char *type;	/* static; of the content */
	struct buf  body;	/* the caller's */
};

struct site_page {
	const char *name;	/* static */
	bool	    guarded;	/* not everybody may read it */
	/* Make the answer, which is empty.  It must take no longer than a turn
	 * may.  0, or -1 when out of memory. */
	int	  (*make)(void *arg, const struct http_request *req,
		    struct site_answer *a);
	void	   *arg;	/* borrowed */
};

struct site_row {
	const char *path;		/* borrowed; a server's last "/" stands
					 * for all paths below; NULL: any
					 * path */
	const struct site_server *server; /* borrowed; or NULL */
	const struct site_page *page;	/* borrowed; or NULL.  Neither: it is
					 * a WebSocket's */
};

struct site {
	struct site_row *rows;		/* owned; the first that matches is
					 * meant */
	size_t		 n;
};

/* Add a row; both are borrowed.  0, or -1 when out of memory. */
int	site_add(struct site *site, const char *path,
	    const struct site_server *server);

/* Add copies of n rows.  0, or -1 when out of memory. */
int	site_add_rows(struct site *site, const struct site_row *rows,
	    size_t n);
/* The same for a page, whose path is that one alone. */
int	site_add_page(struct site *site, const char *path,
	    const struct site_page *page);

void	site_clear(struct site *site);

/*
 * The row that serves the request, or NULL: 404.
 *
 * A row of HTTP matches no path that its server could read as another one: with
 * empty segments, with "." or ".." as a segment, or with an encoding of a
 * character that has one of its own ("%2e" is "."), except in the query.
 */
const struct site_row *site_find(const struct site *site,
	    const struct http_request *req, bool upgrade);

/* Whether a page may have the request.  0, or -1 with the refusal in *why. */
int	site_check_page(const struct http_request *req,
	    struct http_refusal *why);

/* Whether a server of HTTP may have the request: the same, and it speaks
 * HTTP/1.1.  0, or -1 with the refusal in *why. */
int	site_check(const struct http_request *req, struct http_refusal *why);
