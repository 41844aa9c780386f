/*
 * url.h: ws://, wss:// and ws+unix:// URLs.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct ws_url {
	bool	 tls;		/* wss:// */
	int	 port;		/* the scheme's default if none is given */
	char	*socket;	/* owned; a Unix socket's path; NULL: TCP */
	char	*host;		/* owned; a name or address without brackets;
				 * "localhost" for a socket */
	char	*authority;	/* owned; as in the Host header */
	char	*path;		/* owned; with the query, "/" when empty */
};

/* 0, or -1 with *e filled and *out untouched. */
int	url_parse(struct ws_url *out, const char *text, struct errbuf *e);

/* The same with another scheme, "redis://", and its own port. */
int	url_parse_as(struct ws_url *out, const char *text, const char *scheme,
	    int port, struct errbuf *e);

void	url_clear(struct ws_url *u);

/* The part of a URL, valid or not, that may be shown. */
struct url_shown {
	char s[256];
};

/* The text without possible secrets.  The part from ? or # on may be a ticket
 * and is left out.  A name and password before the host become "...".  If it is
 * not clear which part is which, everything after the scheme becomes "...". */
struct url_shown url_show(const char *text);
