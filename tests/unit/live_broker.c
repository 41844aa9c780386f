/*
 * live_broker.c: a whole broker in a thread of the test.
 */
#include "live_broker.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/log.h"
#include "route/diag.h"
#include "scratch.h"
#include "wampd/config/config.h"
#include "wampd/server.h"

#define WAIT	60000	/* ms; more means that the broker hangs */
#define ROOM	65536	/* bytes of one read */

static struct {
	pthread_t thread;
	struct config *cfg;
	char	  ports[128];		/* a file, with these two */
	uint16_t  port, proxy_port;
	int	  admin;		/* the local session */
	struct buf said;		/* to it, not looked at */
	size_t	  looked;		/* bytes of it that were */
	unsigned  calls;
} live;

static void
must(bool that, const char *what)
{
	if (that)
		return;
	(void)fprintf(stderr, "live_broker: %s\n", what);
	abort();
}

/* ---- connecting ---- */

static int
connect_to(const struct sockaddr *at, socklen_t len)
{
	int fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || connect(fd, at, len) == -1)
		abort();
	return fd;
}

int
live_broker_local(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s",
	    scratch_path("control.sock"));
	return connect_to((struct sockaddr *)&sun, sizeof(sun));
}

static int
connect_tcp(uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
	    .sin_port = htons(port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return connect_to((struct sockaddr *)&in, sizeof(in));
}

int
live_broker_tcp(void)
{
	return connect_tcp(live.port);
}

int
live_broker_proxy(void)
{
	return connect_tcp(live.proxy_port);
}

/* ---- the local session ---- */

static void
admin_read(void)
{
	struct pollfd in = { .fd = live.admin, .events = POLLIN };
	ssize_t n;

	must(poll(&in, 1, WAIT) == 1, "the broker hangs");
	if (buf_reserve(&live.said, ROOM) == -1)
		abort();
	n = recv(live.admin, live.said.data + live.said.len, ROOM, 0);
	must(n > 0, "the local session has ended");
	live.said.len += (size_t)n;
}

/* The next line that it hears, without its end. */
static struct slice
admin_line(void)
{
	const char *nl;
	struct slice line;

	buf_consume(&live.said, live.looked);
	live.looked = 0;
	while (live.said.len == 0 ||
	    (nl = memchr(live.said.data, '\n', live.said.len)) == NULL)
		admin_read();
	line = slice_of(live.said.data, (size_t)(nl - live.said.data));
	live.looked = line.len + 1;
	return line;
}

struct slice
live_broker_ask(const char *lines, const char *answer)
{
	struct slice line;

	must(io_write_all(live.admin, lines, strlen(lines)) == 0,
	    "the local session is gone");
	do
		line = admin_line();
	while (!slice_starts(line, slice_str(answer)));
	return line;
}

void
live_broker_settle(void)
{
	char text[64], answer[64];

	(void)snprintf(text, sizeof(text), "[2,\"s%u\",\"wampd.echo\"]\n",
	    ++live.calls);
	(void)snprintf(answer, sizeof(answer), "[3,\"s%u\"", live.calls);
	(void)live_broker_ask(text, answer);
}

/* ---- life ---- */

static void *
run(void *arg)
{
	static const struct server_origin origin = { .ready = -1 };
	struct errbuf e = { "" };

	(void)arg;
	if (server_run(live.cfg, NULL, &origin, &e) == -1)
		must(false, e.msg);
	return NULL;
}

static void
stop(void)
{
	(void)close(live.admin);
	(void)kill(getpid(), SIGTERM);
	(void)pthread_join(live.thread, NULL);
	config_free(live.cfg);
	buf_clear(&live.said);
}

static uint16_t
port_in(const char *ports, const char *kind)
{
	const char *at = strstr(ports, kind);

	must(at != NULL, "there is no port");
	return (uint16_t)strtoul(at + strlen(kind), NULL, 10);
}

static void
find_ports(void)
{
	struct buf text = { 0 };
	const char *ports;
	struct errbuf e;

	while (access(live.ports, R_OK) == -1)
		(void)usleep(1000);
	must(io_read_file(&text, live.ports, ROOM, &e) == 0 &&
	    buf_add_char(&text, '\0') == 0, "there are no ports");
	ports = text.data;
	live.proxy_port = port_in(ports, "proxy:ws 127.0.0.1:");
	/* The other one comes first. */
	live.port = port_in(ports, "ws 127.0.0.1:");
	buf_clear(&text);
}

void
live_broker_start(const char *config)
{
	const struct config_override over[] = {
		{ "listen", "127.0.0.1:0" },
		{ "listen", "proxy:127.0.0.1:0" },
		{ "control.path", scratch_path("control.sock") },
		/* The test is the same process, and needs more. */
		{ "confine", "no" },
	};
	struct diags d = { 0 };

	log_init("wampd", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	scratch_write("wampd.yml", slice_str(config));
	live.cfg = config_read(scratch_path("wampd.yml"), over, 4, &d);
	diag_print(&d, stderr);
	must(live.cfg != NULL && d.errors == 0, "the configuration is wrong");
	diag_clear(&d);
	(void)snprintf(live.ports, sizeof(live.ports), "%s",
	    scratch_path("ports"));
	live.cfg->ports_file = live.ports;
	if (pthread_create(&live.thread, NULL, run, NULL) != 0)
		abort();
	find_ports();
	live.admin = live_broker_local();
	(void)admin_line();	/* WELCOME */
	(void)atexit(stop);
}
