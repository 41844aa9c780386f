/*
 * server.c: running the broker and its transports on a loop.
 *
 * There is one libuv loop.  The broker's turn ends in the prepare callback,
 * right before the loop sleeps.
 */
#include "wampd/server.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/endpoint.h"
#include "base/log.h"
#include "base/version.h"
#include "proto/wamp.h"
#include "wampd/assemble.h"
#include "wampd/auth/addresses.h"
#include "wampd/auth/auth.h"
#include "wampd/check.h"
#include "wampd/check_user.h"
#include "wampd/config/config.h"
#include "wampd/config/door.h"
#include "wampd/confine.h"
#include "wampd/core/broker.h"
#include "wampd/core/shared.h"
#include "wampd/core/turn.h"
#include "wampd/identity.h"
#include "wampd/net/control.h"
#include "wampd/net/listen.h"
#include "wampd/net/listener.h"
#include "wampd/net/stream.h"
#include "wampd/net/tls.h"
#include "wampd/net/unix_socket.h"
#include "wampd/net/ws.h"
#include "wampd/notify.h"
#include "wampd/process/children.h"
#include "wampd/server_ports.h"
#include "wampd/signals.h"
#include "wampd/wamp1/wamp1.h"

#define LOG_PAUSE	100	/* ms between two tries to write the log */
#define STOP_GRACE	2000	/* ms to write the queues before the end */

struct server {
	uv_loop_t	 loop;
	uv_prepare_t	 prepare;
	uv_idle_t	 idle;		/* keeps the loop from sleeping */
	uv_timer_t	 timer;		/* the broker's next due time */
	uv_timer_t	 watchdog;	/* the service manager's */
	struct signals	*signals;
	struct broker	*broker;
	struct streams	*streams;
	struct addresses addresses;	/* that may connect */
	struct tls	*tls;		/* NULL: no address has it */
	char		 machine[256];	/* its name; empty: unknown */
	struct ws	*ws;
	struct control	*control;
	struct children	*children;
	struct auth	*auth;
	struct listeners listeners;
	uint64_t	 log_next;	/* ms; when to try to write it again */
	struct buf	 bound;		/* lines of the ports file */
	struct server_ports ports;
	bool		 confined;	/* it has begun */
	bool		 stopping;
	bool		 closed;	/* all handles are being closed */
};

/* ---- listening ---- */

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
} kinds[2][2] = {		/* by proxy, and by TLS */
	{ { "ws", adopt_ws }, { "wss", adopt_wss } },
	{ { "proxy:ws", adopt_proxy_ws }, { "proxy:wss", adopt_proxy_wss } },
};

static bool
make_room_ws(void *ws)
{
	return ws_make_room(ws);
}

static int
server_listen_ws(struct server *s, const struct endpoint *at, struct errbuf *e)
{
	const struct kind *kind = &kinds[at->proxy][at->tls];
	const struct listener_peers peers = {
		.whom = DESCRIPTORS_REMOTE,
		.adopt = kind->adopt,
		.make_room = make_room_ws,
		.arg = s->ws,
	};
	struct listen_sockets l;
	struct unix_socket *path;
	int fd, rc = 0;

	if (listen_open(&l, at, e) == -1)
		return -1;
	while (rc == 0 && (fd = listen_take(&l, &path)) != -1) {
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

static int
server_listen_all(struct server *s, const struct config *cfg,
    struct errbuf *e)
{
	const struct listener_peers peers = {
		.whom = DESCRIPTORS_LOCAL,
		.adopt = adopt_local,
		.arg = s->control,
	};
	struct unix_socket *control;
	size_t i;

	/* The control socket comes first: its error is the clearest one if
	 * another wampd runs. */
	control = unix_socket_open(cfg->control_path, cfg->control_mode,
	    cfg->control_gid, e);
	if (control == NULL || listeners_add(&s->listeners,
	    unix_socket_take_fd(control), control, &peers, e) == -1)
		return -1;
	for (i = 0; i < cfg->listen.n; i++)
		if (server_listen_ws(s, &cfg->listen.v[i], e) == -1)
			return -1;
	if (buf_addf(&s->bound, "control %s\n", cfg->control_path) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}

/* ---- the service manager ---- */

static void
on_watchdog(uv_timer_t *timer)
{
	(void)timer;
	notify_alive();
}

/* A timer of the loop feeds the watchdog, so a loop that hangs stops doing
 * that. */
static void
server_notify_ready(struct server *s)
{
	uint64_t period = notify_watchdog();

	notify_send("READY=1");
	if (period > 0)
		(void)uv_timer_start(&s->watchdog, on_watchdog, period,
		    period);
}

/* ---- the turn ---- */

static void
on_timer(uv_timer_t *timer)
{
	(void)timer;		/* on_prepare() does the work */
}

static void
on_idle(uv_idle_t *idle)
{
	(void)idle;		/* an active idle handle keeps the loop awake */
}

static void
server_stop_listening(struct server *s)
{
	server_ports_remove(&s->ports);
	listeners_close(&s->listeners);
}

/* Close all handles, so that the loop ends. */
static void
server_close(struct server *s)
{
	if (s->closed)
		return;
	s->closed = true;
	signals_close(s->signals);
	server_stop_listening(s);
	ws_close(s->ws);
	streams_close(s->streams);
	children_close(s->children);
	if (s->broker != NULL)
		shared_close(s->broker);
	uv_close((uv_handle_t *)&s->prepare, NULL);
	uv_close((uv_handle_t *)&s->idle, NULL);
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->watchdog, NULL);
	server_ports_close(&s->ports);
}

/* Write log lines that wait for their reader, if there are any.  The broker
 * wants to wake in `wait` ms (-1: never).  In how many ms to wake. */
static int64_t
server_log(struct server *s, int64_t wait)
{
	if (!log_waits())
		return wait;
	if (uv_now(&s->loop) >= s->log_next) {
		log_flush();
		s->log_next = uv_now(&s->loop) + LOG_PAUSE;
	}
	return wait == -1 || wait > LOG_PAUSE ? LOG_PAUSE : wait;
}

static void
on_prepare(uv_prepare_t *prepare)
{
	struct server *s = prepare->data;
	int64_t wait;

	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	wait = clock_sooner(turn_end(s->broker),
	    ws_turn(s->ws, !s->stopping));
	if (streams_turn(s->streams))
		wait = 0;
	if (s->stopping && s->broker->sessions.n == 0 &&
	    TAILQ_EMPTY(&s->broker->sessions.doomed)) {
		server_close(s);
		return;
	}
	wait = server_log(s, wait);
	if (wait == 0)
		(void)uv_idle_start(&s->idle, on_idle);
	else
		(void)uv_idle_stop(&s->idle);
	if (wait > 0)
		(void)uv_timer_start(&s->timer, on_timer, (uint64_t)wait, 0);
	else
		(void)uv_timer_stop(&s->timer);
}

static void
on_stop(void *arg, int signo)
{
	struct server *s = arg;

	if (s->stopping) {
		log_warn("signal=%d again: stopping at once", signo);
		turn_stop(s->broker, 0);
		return;
	}
	log_info("signal=%d stopping", signo);
	s->stopping = true;
	notify_send("STOPPING=1");
	server_stop_listening(s);
	broker_set_now(s->broker, (int64_t)uv_now(&s->loop));
	turn_stop(s->broker, STOP_GRACE);
}

/* ---- life ---- */

static void
server_init_handles(struct server *s)
{
	(void)uv_prepare_init(&s->loop, &s->prepare);
	(void)uv_idle_init(&s->loop, &s->idle);
	(void)uv_timer_init(&s->loop, &s->timer);
	(void)uv_timer_init(&s->loop, &s->watchdog);
	server_ports_init(&s->ports, &s->loop);
	s->prepare.data = s;
	s->listeners.loop = &s->loop;
}

static int
server_start(struct server *s, const struct config *cfg, struct errbuf *e)
{
	if (server_listen_all(s, cfg, e) == -1 ||
	    confine_user(cfg, &s->listeners, e) == -1)
		return -1;
	/* Now that no other wampd can run: tidy up what a killed one left. */
	(void)taps_save(&s->broker->taps, s->broker->now);
	(void)uv_prepare_start(&s->prepare, on_prepare);
	if (server_ports_write(&s->ports, cfg->ports_file,
	    buf_slice(&s->bound), e) == -1 ||
	    (s->confined && confine_finish(cfg, e) == -1))
		return -1;
	log_info("version=%s pid=%ld control=%s listening", WAMP_VERSION,
	    (long)getpid(), cfg->control_path);
	server_notify_ready(s);
	return 0;
}

static void
server_log_bound(struct server *s)
{
	const char *at = s->bound.data, *end = at + s->bound.len, *nl;

	for (; at < end && (nl = memchr(at, '\n', (size_t)(end - at)));
	    at = nl + 1)
		log_info("listening on %.*s", (int)(nl - at), at);
}

static int
server_open_tls(struct server *s, const struct config *cfg, struct errbuf *e)
{
	const struct tls_settings set = check_tls_settings(cfg);

	if (set.certs.n == 0)
		return 0;
	return (s->tls = tls_new(&set, e)) != NULL ? 0 : -1;
}

static struct origin_rules
server_origin(struct server *s, const struct config *cfg)
{
	if (gethostname(s->machine, sizeof(s->machine) - 1) == -1)
		s->machine[0] = '\0';
	return (struct origin_rules){
		.hosts = &cfg->door.hosts,
		.origins = &cfg->door.origins,
		.applications = &cfg->door.applications,
		.machine = s->machine,
		.try_out = cfg->door.try_out,
		.by_address = cfg->door.by_address,
		.need_origin = cfg->broker.compat == WAMP_COMPAT_ORO,
	};
}

static int
server_open_transports(struct server *s, const struct config *cfg,
    struct errbuf *e)
{
	struct ws_settings ws = {
		.protocol = &protocol_wamp1,
		.addresses = &s->addresses,
		.handshake = cfg->ws.handshake,
		.handshakes = (size_t)cfg->ws.handshakes,
		.handshakes_address = (size_t)cfg->ws.handshakes_address,
		.limit_head = cfg->ws.head,
		.paths = cfg->ws.paths.v,
		.npaths = cfg->ws.paths.n,
		.hsts = cfg->tls.hsts,
		.require_protocol = cfg->ws.require_subprotocol,
		.deflate = cfg->ws.deflate,
		.origin = server_origin(s, cfg),
	};

	if (server_open_tls(s, cfg, e) == -1)
		return -1;
	if ((s->auth = identity_new(cfg, s->broker, e)) == NULL)
		return -1;
	ws.identify = auth_identify(s->auth);
	ws.tls = s->tls;
	if ((s->streams = streams_new(&s->loop, s->broker, e)) == NULL ||
	    (s->ws = ws_new(s->streams, s->broker, &ws, e)) == NULL ||
	    (s->control = control_new(s->streams, s->broker, e)) == NULL)
		return -1;
	return 0;
}

static int
server_open(struct server *s, struct config *cfg, struct errbuf *e)
{
	const char *warning;

	/* Signals come first, because a signal that ends the process would
	 * leave a socket behind. */
	if ((s->signals = signals_new(&s->loop, on_stop, s)) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	/* A lock file that cannot be written is only a warning: the broker can
	 * still follow what Oro does. */
	if (check_lock_file(cfg, e) == -1)
		log_warn("%s", e->msg);
	if ((warning = config_door_warning(cfg)) != NULL)
		log_warn("%s", warning);
	if (check_state_dir(cfg, e) == -1 ||
	    (s->broker = assemble_start(cfg, s->children, &s->loop,
	    &s->addresses, e)) == NULL ||
	    server_open_transports(s, cfg, e) == -1)
		return -1;
	return server_start(s, cfg, e);
}

/* What comes before there is a loop. */
static int
server_open_children(struct server *s, const struct config *cfg,
    struct errbuf *e)
{
	const struct privileges whom = check_user_whom(cfg);

	s->children = children_new(&s->loop, cfg->broker.limit_message, &whom,
	    e);
	if (s->children == NULL ||
	    confine_begin(cfg, s->children, &s->confined, e) == -1)
		return -1;
	confine_secrets(cfg);
	return 0;
}

int
server_run(struct config *cfg, struct errbuf *e)
{
	struct server s = { .stopping = false };
	int rc;

	if ((rc = server_open_children(&s, cfg, e)) == 0 &&
	    uv_loop_init(&s.loop) != 0) {
		err_set(e, "cannot make an event loop");
		rc = -1;
	}
	if (rc == -1) {
		children_free(s.children);
		return -1;
	}
	server_init_handles(&s);
	if ((rc = server_open(&s, cfg, e)) == 0)
		server_log_bound(&s);
	else
		server_close(&s);
	(void)uv_run(&s.loop, UV_RUN_DEFAULT);
	auth_free(s.auth);
	broker_free(s.broker);
	ws_free(s.ws);
	control_free(s.control);
	streams_free(s.streams);
	addresses_clear(&s.addresses);
	tls_free(s.tls);
	children_free(s.children);
	signals_free(s.signals);
	buf_clear(&s.bound);
	(void)uv_loop_close(&s.loop);
	if (rc == 0)
		log_info("stopped");
	return rc;
}
