/*
 * ws_error.c: why no WebSocket came about.
 */
#include "client/ws_error.h"

#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/reach.h"
#include "client/url.h"
#include "proto/wamp1.h"

#define NO_TLS		"no TLS: it is not a TLS server, or requires a " \
			"client certificate (--cert)"
#define HUNG_UP		"the server hung up on the handshake"
#define NOT_TRUSTED	"the server's certificate is not trusted"

/* With TLS 1.3, a server judges our certificate when the handshake of TLS is
 * over for us.  libwebsockets drops what it says then. */
#define WITH_TLS	": it may require another client certificate (--cert)"

/* The beginnings of texts of libwebsockets, in all its versions, and their
 * meaning. */
static const struct {
	const char *theirs;
	const char *ours;
	const char *with_tls;	/* more to say with TLS, or NULL */
	bool	    may_pass;
} ws_causes[] = {
	{ "read failed", HUNG_UP, WITH_TLS, true },
	{ "Peer hung up", HUNG_UP, WITH_TLS, true },
	{ "connect SYSCALL", "the server hung up on the TLS handshake", NULL,
	  true },
	{ "connect SSL", NO_TLS, NULL, false },
	{ "tls: ", NO_TLS, NULL, false },
	{ "server's cert", NOT_TRUSTED, NULL, false },
	{ "tls=", NOT_TRUSTED, NULL, false },
	{ "HS: PROTOCOL malformed", "the server does not speak the "
	  "subprotocol " WAMP1_SUBPROTOCOL, NULL, false },
};

#define HANDSHAKE	SLICE("HS: ")	/* before its texts about HTTP */

/* ---- the answer ---- */

/* Statuses of servers that speak WebSocket, and what a user can do.
 * libwebsockets does not show us the text of the answer. */
static const struct {
	unsigned    code;
	const char *text;
} http_causes[] = {
	{ 400, "the server rejects the request, such as its subprotocol or a "
	  "header" },
	{ 404, "the server has no WebSocket at this path" },
	{ 408, "the request took too long" },
	{ 414, "the URL is too long for the server" },
	{ 426, "the server saw no WebSocket handshake: does a proxy let it "
	  "pass?" },
	{ 431, "the headers are too long for the server" },
	{ 503, "the server has no room, or is down for now" },
	{ 505, "the server wants HTTP/1.1: does a proxy speak it?" },
};

static const char *
http_cause(unsigned code)
{
	size_t i;

	for (i = 0; i < sizeof(http_causes) / sizeof(http_causes[0]); i++)
		if (http_causes[i].code == code)
			return http_causes[i].text;
	return "the server refused the WebSocket";
}

/* Statuses that may be temporary: too slow, too busy, broken. */
static bool
http_may_pass(unsigned status)
{
	return status == 408 || status == 429 || status >= 500;
}

static bool
explain_status(struct errbuf *e, const struct ws_failure *f)
{
	if (f->location[0] != '\0')
		err_set(e, "HTTP status %s: the server is at %s", f->status,
		    url_show(f->location).s);
	else
		err_set(e, "HTTP status %s: %s", f->status,
		    http_cause(f->code));
	return http_may_pass(f->code);
}

/* Any other text is about a name or an address.  The versions of libwebsockets
 * have many texts for that, so we check the name ourselves. */
static bool
explain_text(struct errbuf *e, const struct ws_failure *f)
{
	struct slice text = f->text;
	size_t i;

	for (i = 0; i < sizeof(ws_causes) / sizeof(ws_causes[0]); i++)
		if (slice_starts(text, slice_str(ws_causes[i].theirs))) {
			err_set(e, "%s%s", ws_causes[i].ours, f->url->tls &&
			    ws_causes[i].with_tls != NULL ?
			    ws_causes[i].with_tls : "");
			return ws_causes[i].may_pass;
		}
	if (!slice_starts(text, HANDSHAKE))
		return ws_error_explain_name(e, f->url, text);
	err_set(e, "not a WebSocket server: %.*s",
	    (int)(text.len - HANDSHAKE.len), text.p + HANDSHAKE.len);
	return false;
}

bool
ws_error_explain(struct errbuf *e, const struct ws_failure *f)
{
	if (f->certificate->msg[0] != '\0') {
		*e = *f->certificate;
		return false;
	}
	if (f->code != 0 && f->code != 101)
		return explain_status(e, f);
	return explain_text(e, f);
}

/* ---- name and address ---- */

/* Try to connect for a second at most.  0 or errno. */
static int
probe(int family, const struct sockaddr *addr, socklen_t len)
{
	const struct timeval second = { .tv_sec = 1 };
	int fd, error = 0;

	if ((fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &second,
	    sizeof(second));
	if (connect(fd, addr, len) == -1)
		error = errno == EINPROGRESS ? ETIMEDOUT : errno;
	(void)close(fd);
	return error;
}

/* 0: we could connect, and know only what libwebsockets said, if it did. */
static bool
explain_errno(struct errbuf *e, int error, struct slice text)
{
	if (error != 0)
		text = slice_str(strerror(error));
	err_set(e, "cannot connect%s%.*s", text.len > 0 ? ": " : "",
	    (int)text.len, text.p);
	return error != EACCES && error != EPERM && error != ENOTSOCK;
}

static bool
explain_socket(struct errbuf *e, const char *path, struct slice text)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(sun.sun_path)) {
		err_set(e, "too long for the path of a socket");
		return false;
	}
	memcpy(sun.sun_path, path, strlen(path));
	return explain_errno(e, probe(AF_UNIX,
	    (const struct sockaddr *)&sun, sizeof(sun)), text);
}

bool
ws_error_explain_name(struct errbuf *e, const struct ws_url *url,
    struct slice text)
{
	struct addrinfo *found, *a;
	int error = 0;

	if (url->socket != NULL)
		return explain_socket(e, url->socket, text);
	if (reach_lookup(&found, url->host, url->port, e) == -1)
		return true;
	for (a = found; a != NULL; a = a->ai_next)
		if ((error = probe(a->ai_family, a->ai_addr,
		    a->ai_addrlen)) == 0)
			break;
	freeaddrinfo(found);
	return explain_errno(e, error, text);
}
