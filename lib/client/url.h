/*
 * url.h: ws:// and wss:// URLs.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct ws_url {
	bool	 tls;		/* wss:// */
	int	 port;		/* the scheme's when none is written */
	char	*host;		/* owned; a name or address, no brackets */
	char	*authority;	/* owned; as the Host header has it */
	char	*path;		/* owned; with the query, "/" when empty */
};

/* 0, or -1 with *e filled and *out untouched. */
int	url_parse(struct ws_url *out, const char *text, struct errbuf *e);

/* The same with another scheme, "redis://", and its own port. */
int	url_parse_as(struct ws_url *out, const char *text, const char *scheme,
	    int port, struct errbuf *e);

void	url_clear(struct ws_url *u);
