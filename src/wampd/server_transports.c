/*
 * server_transports.c: what serves the peers of the broker, as the
 * configuration says.
 */
#include <unistd.h>

#include "proto/wamp.h"
#include "wampd/auth/auth.h"
#include "wampd/check.h"
#include "wampd/config/config.h"
#include "wampd/config/door.h"
#include "wampd/identity.h"
#include "wampd/net/control.h"
#include "wampd/net/stream.h"
#include "wampd/net/tls.h"
#include "wampd/net/ws.h"
#include "wampd/pages.h"
#include "wampd/server_parts.h"
#include "wampd/wamp1/wamp1.h"

static int
server_open_tls(struct server *s, const struct config *cfg, struct errbuf *e)
{
	const struct tls_settings set = check_tls_settings(cfg);

	if (set.certs.n == 0)
		return 0;
	return (s->tls = tls_new(&set, e)) != NULL ? 0 : -1;
}

static struct origin_rules
server_origin(const struct server *s, const struct config *cfg)
{
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

struct ws_settings
server_ws_settings(const struct server *s, const struct config *cfg)
{
	return (struct ws_settings){
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
}

int
server_open_transports(struct server *s, struct config *cfg,
    struct errbuf *e)
{
	struct ws_settings ws;

	if (gethostname(s->machine, sizeof(s->machine) - 1) == -1)
		s->machine[0] = '\0';
	if (server_open_tls(s, cfg, e) == -1 ||
	    server_tell_certificate(s, e) == -1)
		return -1;
	if ((s->auth = identity_new(cfg, s->broker, e)) == NULL)
		return -1;
	if (networks_read(&s->readers, &cfg->http.allow, e) == -1)
		return -1;
	if ((s->streams = streams_new(&s->loop, s->broker, e)) == NULL)
		return -1;
	ws = server_ws_settings(s, cfg);
	ws.identify = auth_identify(s->auth);
	ws.tls = s->tls;
	if (networks_count(&s->readers) > 0)
		ws.readers = &s->readers;
	ws.source = config_hold(cfg);
	ws.source_free = config_release;
	if ((s->ws = ws_new(s->streams, s->broker, &ws, e)) == NULL ||
	    (s->pages = pages_new(s->broker, s->ws, s->tls, cfg, e)) == NULL ||
	    (s->control = control_new(s->streams, s->broker, e)) == NULL)
		return -1;
	return 0;
}
