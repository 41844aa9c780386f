/*
 * endpoint.c: an address to listen on, as users write it.
 */
#include "base/endpoint.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/path.h"

/* "HOST:PORT", in which a host with colons stands in brackets. */
static int
parse_tcp(struct endpoint *at, struct errbuf *e)
{
	const char *address = at->text, *host = address;
	const char *colon = strrchr(address, ':');
	struct errbuf inner;
	int64_t port;
	size_t len;

	if (colon == NULL || num_int(&port, colon + 1, 0, 65535,
	    &inner) == -1 || (address[0] == '[') != (colon > address &&
	    colon[-1] == ']')) {
		err_set(e, "\"%s\" is no address such as 127.0.0.1:8080, "
		    "[::1]:8080, *:8080, tls:*:8443 or unix:PATH", address);
		return -1;
	}
	len = (size_t)(colon - address);
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(at->host)) {
		err_set(e, "\"%s\" names no host; *:%s means all addresses",
		    address, colon + 1);
		return -1;
	}
	if (len != 1 || host[0] != '*')
		memcpy(at->host, host, len);
	/* Not as it was written: that may have any number of zeros. */
	(void)snprintf(at->port, sizeof(at->port), "%d", (int)port);
	return 0;
}

static int
parse_unix(struct endpoint *at, const char *path, struct errbuf *e)
{
	if (at->tls) {
		err_set(e, "TLS is for TCP, not for Unix sockets");
		return -1;
	}
	if (path[0] == '\0') {
		err_set(e, "unix: needs a path");
		return -1;
	}
	at->path = path;
	return path_check_socket(path, e);
}

/* Skip a word at the start of the text.  Whether it was there. */
static bool
skip(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

int
endpoint_parse(struct endpoint *at, const char *text, struct errbuf *e)
{
	*at = (struct endpoint){ .text = text };
	at->proxy = skip(&at->text, "proxy:");
	at->tls = skip(&at->text, "tls:");
	if (strncmp(at->text, "proxy:", 6) == 0) {
		err_set(e, "\"%s\": write proxy: once, in front of tls:",
		    text);
		return -1;
	}
	if (strncmp(at->text, "unix:", 5) == 0)
		return parse_unix(at, at->text + 5, e);
	return parse_tcp(at, e);
}

int
endpoint_add(struct endpoint_list *l, const char *text, struct errbuf *e)
{
	size_t cap = l->n == 0 ? 1 : l->n * 2;
	struct endpoint at, *grown;

	if (endpoint_parse(&at, text, e) == -1)
		return -1;
	/* Full at each power of two. */
	if ((l->n & (l->n - 1)) == 0) {
		grown = realloc(l->v, cap * sizeof(*grown));
		if (grown == NULL) {
			err_set(e, "out of memory");
			return -1;
		}
		l->v = grown;
	}
	l->v[l->n++] = at;
	return 0;
}
