/*
 * server_listen.c: the addresses at which the broker listens.
 */
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/endpoint.h"
#include "base/log.h"
#include "wampd/config/config.h"
#include "wampd/core/address.h"
#include "wampd/net/control.h"
#include "wampd/net/given.h"
#include "wampd/net/listen.h"
#include "wampd/net/listener.h"
#include "wampd/net/unix_socket.h"
#include "wampd/net/ws.h"
#include "wampd/server_parts.h"

static void
adopt_local(void *control, int fd, const struct address *peer)
{
	(void)peer;
	control_adopt(control, fd);
}

static void
adopt_ws(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, 0);
}

static void
adopt_wss(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_TLS);
}

static void
adopt_http(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_PLAIN);
}

static void
adopt_https(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_PLAIN | WS_TLS);
}

static void
adopt_proxy_http(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_PLAIN | WS_PROXY);
}

static void
adopt_proxy_https(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_PLAIN | WS_PROXY | WS_TLS);
}

static void
adopt_proxy_ws(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_PROXY);
}

static void
adopt_proxy_wss(void *ws, int fd, const struct address *peer)
{
	ws_adopt(ws, fd, peer, WS_PROXY | WS_TLS);
}

/* What the peers of an address begin with: its name in the ports file, and the
 * function that takes them. */
static const struct kind {
	const char *name;
	void	  (*adopt)(void *ws, int fd, const struct address *peer);
} kinds[2][2][2] = {	/* by whether HTTP alone is spoken, proxy and TLS */
	{ { { "ws", adopt_ws }, { "wss", adopt_wss } },
	  { { "proxy:ws", adopt_proxy_ws },
	    { "proxy:wss", adopt_proxy_wss } } },
	{ { { "http", adopt_http }, { "https", adopt_https } },
	  { { "proxy:http", adopt_proxy_http },
	    { "proxy:https", adopt_proxy_https } } },
};

static bool
make_room_ws(void *ws)
{
	return ws_make_room(ws);
}

/* Where HTTP alone is spoken, probes still ask while the broker drains. */
static int
server_listen_remote(struct server *s, const struct endpoint *at, bool plain,
    struct errbuf *e)
{
	const struct kind *kind = &kinds[plain][at->proxy][at->tls];
	struct listener_peers peers = {
		.whom = DESCRIPTORS_REMOTE,
		.adopt = kind->adopt,
		.make_room = make_room_ws,
		.arg = s->ws,
		.stays = plain,
		.kind = kind->name,
		.text = at->text,
	};
	struct listen_sockets l;
	struct unix_socket *path;
	int fd, rc = 0;

	if (listen_open(&l, at, s->given, e) == -1)
		return -1;
	while (rc == 0 && (fd = listen_take(&l, &path,
	    &peers.shared)) != -1) {
		rc = listeners_add(&s->listeners, fd, path, &peers, e);
		if (rc == 0 && (buf_addf(&s->bound, "%s ", kind->name) == -1 ||
		    listen_describe(fd, at, &s->bound) == -1 ||
		    buf_add_char(&s->bound, '\n') == -1)) {
			err_set(e, "out of memory");
			rc = -1;
		}
	}
	listen_close(&l);
	return rc;
}

static struct unix_socket *
open_control(struct server *s, const struct config *cfg, bool *shared,
    struct errbuf *e)
{
	struct given_socket *given = s->given == NULL ? NULL :
	    given_find_path(s->given, cfg->control_path);

	if (given == NULL)
		return unix_socket_open(cfg->control_path, cfg->control_mode,
		    cfg->control_gid, e);
	*shared = given->shared;
	return given_take_path(given, cfg->control_path, e);
}

/* What nobody has taken: the service manager passes only what the configuration
 * names, but the wampd that we replace may have had another one. */
static int
finish_given(struct server *s, struct errbuf *e)
{
	const struct given_socket *left;
	struct buf text = { 0 };
	struct address a;

	if (s->given == NULL)
		return 0;
	left = given_left(s->given);
	if (left != NULL && s->takeover == NULL) {
		a = address_of_socket(left->fd);
		(void)(left->path[0] != '\0' ? buf_add_str(&text,
		    left->path) : address_describe(&a, &text));
		err_set(e, "the service manager passes a socket of %s, which "
		    "is no address of listen, nor control.path",
		    buf_cstr(&text) != NULL ? text.data : "?");
		buf_clear(&text);
		return -1;
	}
	return 0;
}

int
server_listen(struct server *s, const struct config *cfg, struct errbuf *e)
{
	struct listener_peers peers = {
		.whom = DESCRIPTORS_LOCAL,
		.adopt = adopt_local,
		.arg = s->control,
		.stays = true,
		.kind = "control",
		.text = cfg->control_path,
	};
	const struct endpoint *at;
	struct unix_socket *control;
	size_t i, key;

	/* The control socket comes first: its error is the clearest one if
	 * another wampd runs. */
	control = open_control(s, cfg, &peers.shared, e);
	if (control == NULL || listeners_add(&s->listeners,
	    unix_socket_take_fd(control), control, &peers, e) == -1)
		return -1;
	for (i = 0; (at = config_endpoint(cfg, i, &key, NULL)) != NULL; i++)
		if (server_listen_remote(s, at,
		    key != offsetof(struct config, listen), e) == -1)
			return -1;
	if (buf_addf(&s->bound, "control %s\n", cfg->control_path) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return finish_given(s, e);
}

void
server_log_bound(const struct server *s)
{
	const char *at = s->bound.data, *end = at + s->bound.len, *nl;

	for (; at < end && (nl = memchr(at, '\n', (size_t)(end - at)));
	    at = nl + 1)
		log_info("listening on %.*s", (int)(nl - at), at);
}

void
server_stop_listening(struct server *s)
{
	server_ports_remove(&s->ports);
	listeners_close(&s->listeners);
}
