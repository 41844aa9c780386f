/*
 * key.c: the table of the keys of wampd.yml.
 */
#include "wampd/config/key.h"

#include <string.h>

#include "base/version.h"
#include "wampd/config/config.h"

const char *const key_compat_words[] = { "oro", "spec", NULL };
static const char *const client_cert_words[] = { "none", "request",
    "require", NULL };
static const char *const anonymous_words[] = { "auto", "no", "yes", NULL };
static const char *const oro_anonymous_words[] = { "backend", "visitor",
    "refuse", NULL };
static const char *const session_ttl_words[] = { "ticket", NULL };
static const char *const metrics_words[] = { "/metrics", NULL };
static const char *const health_words[] = { "/health", NULL };
static const char *const share_words[] = { "none", "health", "all", NULL };
static const char *const state_sync_words[] = { "always", NULL };
static const char *const confine_words[] = { "auto", "yes", "no", NULL };
static const char *const violation_words[] = { "close", "ignore", NULL };
static const char *const come_back_words[] = { "auto", "drop", "code",
    NULL };
static const char *const unroutable_words[] = { "ignore", "event", "close",
    NULL };
static const char *const routing_words[] = { "current", "legacy", NULL };
const char *const key_level_words[] = { "error", "warning", "info",
    "debug", NULL };
const char *const key_format_words[] = { "auto", "text", "logfmt", "json",
    "journald", NULL };

#define AT(field)	offsetof(struct config, field)

/* Whether a reload applies a change of the key. */
#define LIVE	true
#define RESTART	false

const struct key keys[] = {
	{ "listen", KEY_ADDRESSES, AT(listen), "127.0.0.1:8080",
	  "where WebSocket clients connect", 0, NULL, RESTART },
	{ "http.listen", KEY_ADDRESSES, AT(http.listen), NULL,
	  "where HTTP alone is served: health and metrics", 0, NULL, RESTART },
	{ "http.metrics", KEY_PLACE, AT(http.metrics), "/metrics",
	  "path of the figures for Prometheus, or no", 0, metrics_words,
	  RESTART },
	{ "http.health", KEY_PLACE, AT(http.health), "/health",
	  "path of /live and /ready for probes, or no", 0, health_words,
	  RESTART },
	{ "http.share", KEY_WORD, AT(http.share), "none",
	  "what of these the addresses of listen serve, too", 0, share_words,
	  RESTART },
	{ "http.allow", KEY_NETWORKS, AT(http.allow), NULL,
	  "who may read the metrics; without any, whoever reaches http.listen",
	  0, NULL, RESTART },
	{ "blocked_ips", KEY_NETWORKS, AT(addresses.blocked), NULL,
	  "addresses and networks that may not connect", 0, NULL, LIVE },
	{ "allowed_ips", KEY_NETWORKS, AT(addresses.allowed), NULL,
	  "those that may; without any, all", 0, NULL, LIVE },
	{ "trusted_proxies", KEY_PROXIES, AT(addresses.proxies), NULL,
	  "proxies that may tell the addresses of their clients", 0, NULL,
	  LIVE },
	{ "control.path", KEY_SOCKET, AT(control_path), NULL,
	  "the control socket", 0, NULL, RESTART },
	{ "control.mode", KEY_MODE, AT(control_mode), "0660",
	  "its permissions", 0, NULL, RESTART },
	{ "control.group", KEY_GROUP, AT(control_gid), NULL,
	  "its group", 0, NULL, RESTART },
	{ "tls.cert", KEY_PATHS, AT(tls.cert), NULL,
	  "certificates and chains, for addresses with tls:", 0, NULL,
	  LIVE },
	{ "tls.key", KEY_SECRETS, AT(tls.key), NULL,
	  "their private keys", 0, NULL, LIVE },
	{ "tls.client_ca", KEY_PATH, AT(tls.client_ca), NULL,
	  "authorities of the certificates of clients", 0, NULL, LIVE },
	{ "tls.client_cert", KEY_WORD, AT(tls.client_cert), "none",
	  "whether clients need a certificate", 0, client_cert_words, LIVE },
	{ "tls.principals", KEY_PATH, AT(tls.principals), NULL,
	  "a file that says whom certificates of clients prove", 0, NULL,
	  LIVE },
	{ "tls.hsts", KEY_DURATION, AT(tls.hsts), "0",
	  "how long browsers remember that there is TLS; 0 tells none", 0,
	  NULL, LIVE },
	{ "anonymous", KEY_WORD, AT(auth.anonymous), "auto",
	  "whether clients may connect without a proof of who they are", 0,
	  anonymous_words, LIVE },
	{ "hosts", KEY_HOSTS, AT(door.hosts), NULL,
	  "names of this server in Host: www.example.com, *.example.com", 0,
	  NULL, LIVE },
	{ "origins", KEY_HOSTS, AT(door.origins), NULL,
	  "hosts of the sites whose pages may connect", 0, NULL, LIVE },
	{ "application_url", KEY_URLS, AT(door.applications), NULL,
	  "the application's URL, whose pages may connect", 0, NULL, LIVE },
	{ "trust_loopback", KEY_FLAG, AT(door.trust_loopback), "false",
	  "no proxy runs on this machine, so its own addresses have rights",
	  0, NULL, LIVE },
	{ "tickets.cookie", KEY_STRING, AT(tickets.cookie), NULL,
	  "a cookie that has the ticket, for clients that send no other", 0,
	  NULL, LIVE },
	{ "tickets.session_ttl", KEY_TTL, AT(tickets.session_ttl), "0",
	  "how long a session with a ticket may last; 0: without end", 0,
	  session_ttl_words, LIVE },
	{ "tickets.oro.secret_file", KEY_SECRET, AT(tickets.oro.secret_file),
	  NULL, "a file with the secret of Oro's application", 0, NULL,
	  LIVE },
	{ "tickets.oro.users", KEY_SECRET, AT(tickets.oro.users), NULL,
	  "a file with the users and the hashes of their passwords", 0, NULL,
	  LIVE },
	{ "tickets.oro.command", KEY_COMMAND, AT(tickets.oro.lookup.command),
	  NULL, "a program that knows the other users, and its arguments", 0,
	  NULL, LIVE },
	{ "tickets.oro.cwd", KEY_CWD, AT(tickets.oro.lookup.cwd), NULL,
	  "the folder in which the program runs", 0, NULL, LIVE },
	{ "tickets.oro.timeout", KEY_DURATION, AT(tickets.oro.lookup.timeout),
	  "5s", "how long the program may take for an answer", 1, NULL,
	  LIVE },
	{ "tickets.oro.cache", KEY_INT, AT(tickets.oro.lookup.cache), "10000",
	  "its answers that are kept", 1, NULL, LIVE },
	{ "tickets.oro.cache_ttl", KEY_DURATION,
	  AT(tickets.oro.lookup.cache_ttl), "60s",
	  "how long they are kept", 0, NULL, LIVE },
	{ "tickets.oro.ttl", KEY_DURATION, AT(tickets.oro.ttl), "300s",
	  "how old a ticket may be", 1000, NULL, LIVE },
	{ "tickets.oro.tolerance", KEY_DURATION, AT(tickets.oro.tolerance),
	  "30s", "how far in the future it may have been made", 0, NULL,
	  LIVE },
	{ "tickets.oro.once", KEY_FLAG, AT(tickets.oro.once), "false",
	  "a ticket can be used once", 0, NULL, LIVE },
	{ "tickets.oro.anonymous", KEY_WORD, AT(tickets.oro.anonymous),
	  "backend", "what the bearer of a ticket without a user is", 0,
	  oro_anonymous_words, LIVE },
	{ "tickets.oro.backends", KEY_NETWORKS, AT(tickets.oro.backends),
	  NULL, "where the back end connects from; without any, this "
	  "machine and private networks", 0, NULL, LIVE },
	{ "tickets.oro.queue", KEY_INT, AT(tickets.oro.queue), "4096",
	  "tickets at one time that wait to be checked", 1, NULL, LIVE },
	{ "tickets.paseto.keys", KEY_SECRETS, AT(tickets.paseto.keys), NULL,
	  "files with the keys that check PASETOs", 0, NULL, LIVE },
	{ "tickets.paseto.audience", KEY_STRING, AT(tickets.paseto.audience),
	  NULL, "whom a PASETO must be for", 0, NULL, LIVE },
	{ "tickets.paseto.issuer", KEY_STRING, AT(tickets.paseto.issuer),
	  NULL, "who must have made it", 0, NULL, LIVE },
	{ "tickets.paseto.once", KEY_FLAG, AT(tickets.paseto.once), "false",
	  "it can be used once", 0, NULL, LIVE },
	{ "tickets.paseto.issue_key", KEY_SECRET, AT(tickets.issue_key), NULL,
	  "file with the key that makes PASETOs, for wampd.ticket.issue", 0,
	  NULL, LIVE },
	{ "tickets.jwt.keys", KEY_SECRETS, AT(tickets.jwt.keys), NULL,
	  "files with the keys that check JSON Web Tokens", 0, NULL, LIVE },
	{ "tickets.jwt.audience", KEY_STRING, AT(tickets.jwt.audience), NULL,
	  "whom a JSON Web Token must be for", 0, NULL, LIVE },
	{ "tickets.jwt.issuer", KEY_STRING, AT(tickets.jwt.issuer), NULL,
	  "who must have made it", 0, NULL, LIVE },
	{ "tickets.jwt.once", KEY_FLAG, AT(tickets.jwt.once), "false",
	  "it can be used once", 0, NULL, LIVE },
	{ "tickets.leeway", KEY_DURATION, AT(tickets.leeway), "30s",
	  "how much clocks may differ, for PASETO and JWT", 0, NULL, LIVE },
	{ "tickets.require_exp", KEY_FLAG, AT(tickets.require_exp), "true",
	  "whether a PASETO or JWT must have an end", 0, NULL, LIVE },
	{ "cra.keys", KEY_SECRET, AT(cra.keys), NULL,
	  "file with the keys of WAMP-CRA; without one, there is none", 0,
	  NULL, LIVE },
	{ "cra.timeout", KEY_DURATION, AT(cra.timeout), "20s",
	  "how long a client may take to log in, if it must", 1, NULL,
	  LIVE },
	{ "cra.delay", KEY_DURATION, AT(cra.delay), "800ms",
	  "mean time until the answer to a wrong signature", 0, NULL, LIVE },
	{ "cra.hide_keys", KEY_FLAG, AT(cra.hide_keys), "false",
	  "do not tell which keys there are", 0, NULL, LIVE },
	{ "cookie.name", KEY_STRING, AT(cookie.name), NULL,
	  "the cookie of the application's sessions", 0, NULL, LIVE },
	{ "cookie.command", KEY_COMMAND, AT(cookie.lookup.command), NULL,
	  "a program that knows whose sessions these are, and its arguments",
	  0, NULL, LIVE },
	{ "cookie.cwd", KEY_CWD, AT(cookie.lookup.cwd), NULL,
	  "the folder in which the program runs", 0, NULL, LIVE },
	{ "cookie.timeout", KEY_DURATION, AT(cookie.lookup.timeout), "5s",
	  "how long the program may take for an answer", 1, NULL, LIVE },
	{ "cookie.cache", KEY_INT, AT(cookie.lookup.cache), "10000",
	  "its answers that are kept", 1, NULL, LIVE },
	{ "cookie.cache_ttl", KEY_DURATION, AT(cookie.lookup.cache_ttl),
	  "30s", "how long they are kept", 0, NULL, LIVE },
	{ "cookie.queue", KEY_INT, AT(cookie.queue), "4096",
	  "questions at one time that wait for the program", 1, NULL, LIVE },
	{ "compat", KEY_WORD, AT(broker.compat), "oro",
	  "answer like Oro, or as specified", 0, key_compat_words, LIVE },
	{ "come_back", KEY_WORD, AT(broker.come_back), "auto",
	  "how to close a session that should come back", 0,
	  come_back_words, LIVE },
	{ "require_subprotocol", KEY_FLAG, AT(ws.require_subprotocol), "false",
	  "refuse WebSocket clients that offer no subprotocol", 0, NULL,
	  LIVE },
	{ "websocket.paths", KEY_PLACES, AT(ws.paths), NULL,
	  "paths at which WebSocket clients are served; without any, all", 0,
	  NULL, LIVE },
	{ "websocket.deflate", KEY_FLAG, AT(ws.deflate), "false",
	  "compress messages of clients that offer it", 0, NULL, LIVE },
	{ "on_violation", KEY_WORD, AT(broker.on_violation), "close",
	  "what to do after a malformed message", 0, violation_words, LIVE },
	{ "unroutable", KEY_WORD, AT(broker.unroutable), "ignore",
	  "what to do about a topic without a route", 0, unroutable_words,
	  LIVE },
	{ "routes", KEY_PATHS, AT(routes), NULL,
	  "routing files; without any, all topics are broadcast", 0, NULL,
	  LIVE },
	{ "routing", KEY_WORD, AT(routing), "current",
	  "grammar of the routing files; legacy is that of 0.3", 0,
	  routing_words, LIVE },
	{ "services", KEY_PATHS, AT(services), NULL,
	  "Symfony service files that declare handlers", 0, NULL, LIVE },
	{ "limits.message", KEY_SIZE, AT(broker.limit_message), "1MiB",
	  "bytes of one message", 128, NULL, LIVE },
	{ "limits.depth", KEY_INT, AT(broker.limit_depth), "128",
	  "nested lists and objects in a message", 2, NULL, LIVE },
	{ "limits.queue", KEY_SIZE, AT(broker.limit_queue), "1MiB",
	  "bytes that wait for one session", 1024, NULL, LIVE },
	{ "limits.queues", KEY_MEMORY, AT(broker.limit_queues), NULL,
	  "memory of all sessions' queues together", 1048576, NULL, LIVE },
	{ "limits.retained", KEY_SIZE, AT(broker.limit_retained), "64MiB",
	  "bytes of all retained events, with their topics", 1024, NULL, LIVE },
	{ "limits.history", KEY_SIZE, AT(broker.limit_history), "64MiB",
	  "bytes of all histories, with their topics", 1024, NULL, LIVE },
	{ "limits.jq_memory", KEY_MEMORY, AT(broker.jq_memory), "256MiB",
	  "memory of a process that runs jq programs", 33554432, NULL, LIVE },
	{ "limits.jq_workers", KEY_INT, AT(broker.jq_workers), NULL,
	  "processes that run jq programs", 1, NULL, RESTART },
	{ "limits.stall", KEY_DURATION, AT(broker.stall), "1s",
	  "how long a slow receiver may delay its publishers", 0, NULL, LIVE },
	{ "limits.stall_window", KEY_DURATION, AT(broker.stall_window), "10s",
	  "the time in which limits.stall counts", 1, NULL, LIVE },
	{ "limits.handshake", KEY_DURATION, AT(ws.handshake), "10s",
	  "how long a WebSocket client may take to become a session", 1, NULL,
	  LIVE },
	{ "limits.handshakes", KEY_INT, AT(ws.handshakes), "16384",
	  "WebSocket clients at one time that are no session yet", 1, NULL,
	  LIVE },
	{ "limits.handshakes_address", KEY_INT, AT(ws.handshakes_address),
	  "1024", "the same, from one address", 1, NULL, LIVE },
	{ "limits.head", KEY_SIZE, AT(ws.head), "16KiB",
	  "bytes of the head of an HTTP request", 256, NULL, LIVE },
	{ "limits.sessions", KEY_INT, AT(broker.limit_sessions), "100000",
	  "sessions at one time", 1, NULL, LIVE },
	{ "limits.memory", KEY_MEMORY, AT(broker.limit_memory), NULL,
	  "memory that all sessions cause beside their queues", 1048576, NULL,
	  LIVE },
	{ "limits.memory_session", KEY_SIZE, AT(broker.limit_memory_session),
	  "4MiB", "the same, of one session", 4096, NULL, LIVE },
	{ "limits.prefixes", KEY_INT, AT(broker.limit_prefixes), "64",
	  "prefixes of one session", 0, NULL, LIVE },
	{ "limits.sessions_address", KEY_INT,
	  AT(broker.limit_sessions_address), "10000",
	  "WebSocket sessions at one time from one address", 1, NULL, LIVE },
	{ "limits.sessions_user", KEY_INT, AT(broker.limit_sessions_user),
	  "1000", "WebSocket sessions at one time of one user", 1, NULL, LIVE },
	{ "limits.requests", KEY_INT, AT(broker.limit_requests), "1000",
	  "requests of one session that handlers have not decided", 1, NULL,
	  LIVE },
	{ "limits.rate", KEY_INT, AT(broker.limit_rate), "1000",
	  "messages of one WebSocket session per second; 0: any", 0, NULL,
	  LIVE },
	{ "limits.rate_burst", KEY_INT, AT(broker.limit_rate_burst), "10000",
	  "messages that it may send at once beyond limits.rate", 1, NULL,
	  LIVE },
	{ "limits.topic_length", KEY_SIZE, AT(broker.limit_topic_length),
	  "8KiB", "bytes of a topic, a procedure or a prefix", 16, NULL, LIVE },
	{ "limits.topics", KEY_INT, AT(broker.limit_topics), "1000000",
	  "topics in use", 1, NULL, LIVE },
	{ "limits.subscriptions", KEY_INT, AT(broker.limit_subscriptions),
	  "1000", "subscriptions of one session", 1, NULL, LIVE },
	{ "keepalive", KEY_DURATION, AT(broker.keepalive), "30s",
	  "time between pings; 0 sends none", 0, NULL, LIVE },
	{ "drain.spread", KEY_DURATION, AT(broker.drain_spread), "30s",
	  "time over which a drain ends the sessions", 0, NULL, LIVE },
	{ "maintenance.topic", KEY_STRING, AT(broker.maintenance_topic),
	  "oro/maintenance", "the topic that carries the maintenance state",
	  0, NULL, RESTART },
	{ "maintenance.lock_file", KEY_MADE, AT(broker.maintenance_lock),
	  NULL, "Oro's lock file, kept in step with the state", 0, NULL,
	  RESTART },
	{ "state_dir", KEY_FOLDER, AT(broker.state_dir), NULL,
	  "folder for what survives a restart", 0, NULL,
	  RESTART },
	{ "state.sync", KEY_TTL, AT(broker.state_sync), "1s",
	  "how soon kept events are on disk; always: publishers wait for that",
	  0, state_sync_words, LIVE },
	{ "user", KEY_USER, AT(user), NULL,
	  "whom root becomes once the addresses are bound", 0, NULL, RESTART },
	{ "group", KEY_GROUP, AT(user_group), NULL,
	  "with this group instead of the user's own", 0, NULL, RESTART },
	{ "confine", KEY_WORD, AT(confine), "auto",
	  "whether a running broker gives up what it does not need", 0,
	  confine_words, RESTART },
	{ "ident", KEY_IDENT, AT(broker.ident), "wampd/" WAMP_VERSION,
	  "the server's name in WELCOME", 0, NULL, LIVE },
	{ "log.level", KEY_WORD, AT(log_level), "info",
	  "how much is logged", 0, key_level_words, LIVE },
	{ "log.format", KEY_WORD, AT(log_format), "auto",
	  "how a log line looks", 0, key_format_words, LIVE },
	{ "log.rate", KEY_INT, AT(log_rate), "20",
	  "lines of one kind a second, in the long run", 0, NULL, LIVE },
	{ "log.burst", KEY_INT, AT(log_burst), "1000",
	  "lines of one kind at once", 1, NULL, LIVE },
	{ "parameters", KEY_PARAMETERS, AT(declared), NULL,
	  "parameters that service files use", 0, NULL, LIVE },
	{ "handlers", KEY_HANDLERS, AT(declared), NULL,
	  "what topics do; a route to any other is closed", 0, NULL, LIVE },
};

const size_t nkeys = sizeof(keys) / sizeof(keys[0]);

bool
key_is_list(const struct key *k)
{
	return k->type == KEY_ADDRESSES || k->type == KEY_PATHS ||
	    k->type == KEY_SECRETS || k->type == KEY_PLACES ||
	    k->type == KEY_NETWORKS || k->type == KEY_PROXIES ||
	    k->type == KEY_HOSTS || k->type == KEY_URLS ||
	    k->type == KEY_COMMAND;
}

bool
key_is_path(const struct key *k)
{
	return key_is_read(k) || k->type == KEY_FOLDER ||
	    k->type == KEY_CWD || k->type == KEY_MADE || k->type == KEY_SOCKET;
}

bool
key_is_secret(const struct key *k)
{
	return k->type == KEY_SECRET || k->type == KEY_SECRETS;
}

bool
key_is_read(const struct key *k)
{
	return k->type == KEY_PATH || k->type == KEY_PATHS ||
	    key_is_secret(k);
}

const struct key *
key_find(const char *name)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

bool
key_is_section(const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; i < nkeys; i++)
		if (strncmp(keys[i].name, name, len) == 0 &&
		    keys[i].name[len] == '.')
			return true;
	return false;
}

size_t
key_shared_sections(const char *a, const char *b)
{
	size_t i, n = 0;

	for (i = 0; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '.')
			n = i + 1;
	return n;
}

int
key_list(struct buf *out, const char *section)
{
	size_t i, n, len = strlen(section);
	const char *name, *last = "";

	for (i = 0; i < nkeys; i++) {
		if (strncmp(keys[i].name, section, len) != 0)
			continue;
		name = keys[i].name + len;
		n = strcspn(name, ".");
		if (name[n] == '.' && strncmp(last, name, n + 1) == 0)
			continue;	/* the section is in the list already */
		if (buf_addf(out, "%s%.*s", last[0] != '\0' ? ", " : "",
		    (int)n, name) == -1)
			return -1;
		last = name;
	}
	return 0;
}
