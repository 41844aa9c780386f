/*
 * server_parts.h: the parts that the broker's process runs on its loop, for the
 * files server*.c only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/auth/addresses.h"
#include "wampd/auth/networks.h"
#include "wampd/core/session_id.h"
#include "wampd/net/listener.h"
#include "wampd/net/ws.h"
#include "wampd/server_ports.h"

struct auth;
struct broker;
struct children;
struct config;
struct config_source;
struct control;
struct given;
struct pages;
struct reload;
struct server_origin;
struct signals;
struct streams;
struct takeover;
struct tls;
struct ws;

struct server {
	struct config	*start;		/* borrowed; read at the start */
	const struct config_source *from; /* borrowed; or NULL */
	const struct server_origin *origin; /* borrowed */
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
	struct reload	*reload;	/* NULL: it cannot be reloaded */
	struct given	*given;		/* borrowed; sockets that are passed to
					 * us; NULL: none */
	struct takeover	*takeover;	/* borrowed; of the wampd that we
					 * replace; NULL: none */
	struct listeners listeners;
	struct networks	 readers;	/* of metrics */
	struct pages	*pages;		/* of HTTP */
	uint64_t	 log_next;	/* ms; when to try to write it again */
	struct buf	 bound;		/* lines of the ports file */
	struct server_ports ports;
	bool		 confined;	/* it has begun */
	int64_t		 drained;	/* ms, monotonic: when the drain began
					 * that was followed; -1: none */
	char		 heir[SESSION_ID_SIZE]; /* of the process that may take
					 * over; empty: none */
	bool		 heir_managed;	/* it is a service of its own */
	bool		 left;		/* it has taken over */
	bool		 stopping;
	bool		 closed;	/* all handles are being closed */
};

/* ---- what is told of certificates (server_certificate.c) ---- */

/* Let wampd.info and wampd.check tell of them.  0, or -1 with *e filled. */
int	server_tell_certificate(struct server *s, struct errbuf *e);

/* ---- listening (server_listen.c) ---- */

/* Listen on all addresses.  0, or -1 with *e filled. */
int	server_listen(struct server *s, const struct config *cfg,
	    struct errbuf *e);

/* Log where it listens. */
void	server_log_bound(const struct server *s);

void	server_stop_listening(struct server *s);

/* ---- the end (server_drain.c) ---- */

/* Stop: end the sessions, and then the loop. */
void	server_stop(struct server *s);

/* Begin to drain, as the configuration says. */
void	server_begin_drain(struct server *s);

/* Do what the state of the drain asks for.  Called in each turn. */
void	server_follow_drain(struct server *s);

/* ---- handing over (server_handover.c) ---- */

/* Let another process take over: wampd.takeover.  0, or -1 when out of
 * memory. */
int	server_offer(struct server *s);

/* ---- the transports (server_transports.c) ---- */

/* The settings of cfg for WebSocket clients, borrowed from it and s, but not
 * `tls` and `identify`. */
struct ws_settings server_ws_settings(const struct server *s,
	    const struct config *cfg);

/* Make what listens to peers and finds out who they are.  0, or -1 with *e
 * filled. */
int	server_open_transports(struct server *s, struct config *cfg,
	    struct errbuf *e);
