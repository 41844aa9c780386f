/*
 * url.h: ws://, wss:// and ws+unix:// URLs.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct ws_url {
	bool	 tls;		/* wss:// */
	int	 port;		/* the scheme's when none is written */
	char	*socket;	/* owned; a Unix socket's path; NULL: TCP */
	char	*host;		/* owned; a name or address, no brackets; of a
				 * socket "localhost", as authority */
	char	*authority;	/* owned; as the Host header has it */
	char	*path;		/* owned; with the query, "/" when empty */
};

/* 0, or -1 with *e filled and *out untouched. */
int	url_parse(struct ws_url *out, const char *text, struct errbuf *e);

/* The same with another scheme, "redis://", and its own port. */
int	url_parse_as(struct ws_url *out, const char *text, const char *scheme,
	    int port, struct errbuf *e);

void	url_clear(struct ws_url *u);

/* What of a URL, right or wrong, may be shown. */
struct url_shown {
	char s[256];
};

/* The text without what may be a secret: from ? or # on, which may be a ticket,
 * and a name and password before the host, for which "..." stands; for all
 * behind the scheme where it is not clear which is which. */
struct url_shown url_show(const char *text);
