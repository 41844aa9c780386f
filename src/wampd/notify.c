/*
 * notify.c: telling the service manager our state.
 *
 * A state is one datagram, for which the large libsystemd is not worth it.
 */
#include "wampd/notify.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"

#define SEND_SECONDS	1	/* that a manager that does not read can delay
				 * our start or stop */

/* "/run/systemd/notify", or "@name" of an abstract socket.  Its length, or
 * 0. */
static socklen_t
notify_address(struct sockaddr_un *sa, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 ||
	    len >= sizeof(sa->sun_path))
		return 0;
	*sa = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(sa->sun_path, name, len);
	if (name[0] == '@')
		sa->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

static void
notify(const char *state, int flags)
{
	const struct timeval bound = { .tv_sec = SEND_SECONDS };
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sa;
	socklen_t len;
	int fd;

	if (name == NULL || name[0] == '\0')
		return;
	if ((len = notify_address(&sa, name)) == 0) {
		log_warn("NOTIFY_SOCKET: %s is not the address of a socket",
		    log_quote(slice_str(name)).s);
		return;
	}
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound,
	    sizeof(bound)) == -1 || sendto(fd, state, strlen(state),
	    MSG_NOSIGNAL | flags, (const struct sockaddr *)&sa, len) == -1)
		log_warn_errno("cannot tell the service manager");
	if (fd != -1)
		(void)close(fd);
}

void
notify_send(const char *state)
{
	notify(state, 0);
}

/* The manager compares the time with its own clock (sd_notify(3)). */
void
notify_reloading(void)
{
	struct timespec now;
	char state[64];

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%"
	    PRId64, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	notify(state, 0);
}

void
notify_alive(void)
{
	notify("WATCHDOG=1", MSG_DONTWAIT);
}

uint64_t
notify_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	int64_t period, whom;
	struct errbuf e;

	/* The variables may be meant for the process that started us. */
	if (usec == NULL || (pid != NULL &&
	    (num_int(&whom, pid, 1, INT32_MAX, &e) == -1 ||
	    whom != getpid())))
		return 0;
	if (num_int(&period, usec, 2000, INT64_MAX, &e) == -1) {
		log_warn("WATCHDOG_USEC: %s", e.msg);
		return 0;
	}
	/* Half of the period, as sd_watchdog_enabled(3) advises. */
	return (uint64_t)period / 2000;
}
