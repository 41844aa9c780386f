/*
 * server.c: running the broker and its transports on a loop.
 *
 * There is one libuv loop.  The broker's turn ends in the prepare callback,
 * right before the loop sleeps.  The files server_*.c have the other parts of
 * struct server.
 */
#include "wampd/server.h"

#include <stdbool.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/version.h"
#include "wampd/assemble.h"
#include "wampd/auth/auth.h"
#include "wampd/check.h"
#include "wampd/check_user.h"
#include "wampd/config/config.h"
#include "wampd/config/door.h"
#include "wampd/confine.h"
#include "wampd/core/broker.h"
#include "wampd/core/shared.h"
#include "wampd/core/turn.h"
#include "wampd/net/control.h"
#include "wampd/net/given.h"
#include "wampd/net/stream.h"
#include "wampd/net/tls.h"
#include "wampd/net/ws.h"
#include "wampd/notify.h"
#include "wampd/pages.h"
#include "wampd/process/children.h"
#include "wampd/reload.h"
#include "wampd/server_parts.h"
#include "wampd/signals.h"
#include "wampd/state/state.h"
#include "wampd/takeover.h"

#define LOG_PAUSE	100	/* ms between two tries to write the log */

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
	if (s->origin->ready != -1) {
		(void)io_write_all(s->origin->ready, "", 1);
		(void)close(s->origin->ready);
	}
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

/* Close all handles, so that the loop ends. */
static void
server_close(struct server *s)
{
	if (s->closed)
		return;
	s->closed = true;
	signals_close(s->signals);
	reload_close(s->reload);
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

/* Write log lines that wait for their reader or their time, if there are any.
 * The broker wants to wake in `wait` ms (-1: never).  In how many ms to
 * wake. */
static int64_t
server_log(struct server *s, int64_t wait)
{
	wait = clock_sooner(wait, log_tell());
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
	server_follow_drain(s);
	if (s->stopping && s->broker->sessions.n == 0 &&
	    TAILQ_EMPTY(&s->broker->sessions.doomed)) {
		server_close(s);
		return;
	}
	turn_measure(s->broker);
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
	server_stop(s);
}

/* A second signal does not wait. */
static void
on_drain(void *arg, int signo)
{
	struct server *s = arg;

	if (s->stopping || s->broker->drain.on) {
		on_stop(s, signo);
		return;
	}
	log_info("signal=%d draining", signo);
	server_begin_drain(s);
}

static void
on_reload(void *arg, int signo)
{
	struct server *s = arg;

	reload_by_signal(s->reload, signo);
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
	networks_init(&s->readers);
}

static int
server_start(struct server *s, const struct config *cfg, struct errbuf *e)
{
	if (server_listen(s, cfg, e) == -1 ||
	    confine_user(cfg, &s->listeners, e) == -1)
		return -1;
	/* Now that no other wampd can run: tidy up what a killed one left. */
	(void)taps_save(&s->broker->taps, s->broker->now);
	(void)uv_prepare_start(&s->prepare, on_prepare);
	if ((s->confined && confine_finish(cfg, e) == -1) ||
	    (s->takeover != NULL && takeover_finish(s->takeover, e) == -1))
		return -1;
	listeners_own(&s->listeners);
	given_remove_left(s->given);
	if (server_ports_write(&s->ports, cfg->ports_file,
	    buf_slice(&s->bound), e) == -1)
		return -1;
	log_info("version=%s pid=%ld control=%s listening", WAMP_VERSION,
	    (long)getpid(), cfg->control_path);
	server_notify_ready(s);
	return 0;
}

/* What the files of state_dir have is read after the old process has written
 * them for the last time. */
static int
server_make_broker(struct server *s, struct config *cfg, struct errbuf *e)
{
	if (s->takeover != NULL && takeover_commit(s->takeover, e) == -1)
		return -1;
	s->broker = assemble_start(cfg, s->children, &s->loop, &s->addresses,
	    e);
	if (s->broker == NULL || state_open(s->broker, e) == -1 ||
	    (s->takeover != NULL &&
	    takeover_restore(s->takeover, s->broker, e) == -1))
		return -1;
	if (s->takeover != NULL)
		state_renew(s->broker);
	err_set(e, "out of memory");
	return server_offer(s);
}

static int
server_open_reload(struct server *s, struct errbuf *e)
{
	const struct reload_of of = {
		.broker = s->broker, .children = s->children,
		.server = s, .from = s->from,
	};

	if (s->from == NULL || (s->reload = reload_new(&of)) != NULL)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

static int
server_open(struct server *s, struct config *cfg, struct errbuf *e)
{
	static const struct signal_actions actions = {
		.stop = on_stop, .drain = on_drain, .reload = on_reload,
	};
	const char *warning;

	/* Signals come first, because a signal that ends the process would
	 * leave a socket behind. */
	if ((s->signals = signals_new(&s->loop, &actions, s)) == NULL) {
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
	    server_make_broker(s, cfg, e) == -1 ||
	    server_open_transports(s, cfg, e) == -1 ||
	    server_open_reload(s, e) == -1)
		return -1;
	return server_start(s, cfg, e);
}

/* The loop has ended, so no thread writes. */
static void
server_save(struct server *s)
{
	struct errbuf e;

	if (s->broker != NULL && state_release(s->broker, &e) == -1)
		log_err("kept events: %s", e.msg);
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

/* The sockets that are passed to us.  0, or -1 with *e filled. */
static int
server_inherit(struct server *s, const struct config *cfg,
    struct takeover *from, struct errbuf *e)
{
	*from = (struct takeover){ .fd = -1, .decision = -1, .kept = -1 };
	s->given = s->origin->given;
	if (!s->origin->takeover)
		return 0;
	s->takeover = from;
	s->given = &from->given;
	return takeover_begin(from, cfg->control_path, e);
}

int
server_run(struct config *cfg, const struct config_source *from,
    const struct server_origin *origin, struct errbuf *e)
{
	struct server s = { .start = cfg, .from = from, .origin = origin,
	    .drained = -1 };
	struct takeover takeover;
	int rc;

	if ((rc = server_inherit(&s, cfg, &takeover, e)) == 0 &&
	    (rc = server_open_children(&s, cfg, e)) == 0 &&
	    uv_loop_init(&s.loop) != 0) {
		err_set(e, "cannot make an event loop");
		rc = -1;
	}
	if (rc == -1) {
		children_free(s.children);
		given_clear(s.given);
		takeover_end(&takeover);
		return -1;
	}
	server_init_handles(&s);
	if ((rc = server_open(&s, cfg, e)) == 0)
		server_log_bound(&s);
	else
		server_close(&s);
	given_clear(s.given);
	takeover_end(&takeover);
	s.given = NULL;
	s.takeover = NULL;
	(void)uv_run(&s.loop, UV_RUN_DEFAULT);
	server_save(&s);
	auth_free(s.auth);
	broker_free(s.broker);
	reload_free(s.reload);
	ws_free(s.ws);
	control_free(s.control);
	streams_free(s.streams);
	pages_free(s.pages);
	networks_clear(&s.readers);
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
