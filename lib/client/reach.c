/*
 * reach.c: finds the address of a name that answers.
 */
#include "client/reach.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "client/transport.h"

#define REACH_MAX	16	/* pending addresses */
#define REACH_DELAY	250	/* ms before the next address is tried */

/* The pending addresses; the place after them is for the descriptor that wakes
 * us. */
struct attempts {
	struct pollfd fds[REACH_MAX + 1];
	const struct addrinfo *of[REACH_MAX];
	nfds_t	 n;
	int64_t	 next_ms;	/* when the next attempt may begin */
};

/* An error of this machine says less than the answer of an address. */
static void
note_error(struct reach *r, int error)
{
	if (r->error == 0 || r->error == EADDRNOTAVAIL ||
	    r->error == EAFNOSUPPORT || r->error == ENETUNREACH)
		r->error = error;
}

/* Whether it has connected at once, as a local address may. */
static bool
attempt_begin(struct attempts *a, const struct addrinfo *ai, struct reach *r)
{
	int fd;

	a->next_ms = clock_ms() + REACH_DELAY;
	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    0);
	if (fd != -1 && connect(fd, ai->ai_addr, ai->ai_addrlen) == 0) {
		(void)close(fd);
		return true;
	}
	if (fd != -1 && errno == EINPROGRESS) {
		a->of[a->n] = ai;
		a->fds[a->n++] = (struct pollfd){ .fd = fd,
		    .events = POLLOUT };
		return false;
	}
	note_error(r, errno);
	if (fd != -1)
		(void)close(fd);
	a->next_ms = 0;
	return false;
}

/* The address that has connected.  Failed ones are removed. */
static const struct addrinfo *
attempts_look(struct attempts *a, struct reach *r)
{
	socklen_t len = sizeof(int);
	nfds_t i = 0;
	int error;

	while (i < a->n) {
		if (a->fds[i].revents == 0) {
			i++;
			continue;
		}
		if (getsockopt(a->fds[i].fd, SOL_SOCKET, SO_ERROR, &error,
		    &len) == -1)
			error = errno;
		if (error == 0)
			return a->of[i];
		note_error(r, error);
		(void)close(a->fds[i].fd);
		a->n--;
		a->fds[i] = a->fds[a->n];
		a->of[i] = a->of[a->n];
		a->next_ms = 0;
	}
	return NULL;
}

/* Wait until an attempt ends, the next one may begin, or the time is up.
 * Whether to continue. */
static bool
attempts_wait(struct attempts *a, bool more, struct reach_end *end)
{
	int64_t until = end->until_ms;
	nfds_t i;

	if (more && (until < 0 || a->next_ms < until))
		until = a->next_ms;
	a->fds[a->n] = (struct pollfd){ .fd = end->wake_fd,
	    .events = POLLIN };
	for (i = 0; i <= a->n; i++)
		a->fds[i].revents = 0;	/* poll() may be interrupted */
	(void)poll(a->fds, a->n + 1, transport_timeout(until));
	end->woken = a->fds[a->n].revents != 0;
	return !end->woken;
}

static void
reach_set(struct reach *r, const struct addrinfo *ai)
{
	memcpy(&r->addr, ai->ai_addr, ai->ai_addrlen);
	r->len = ai->ai_addrlen;
}

static enum exit_status
reach_failed(const struct reach *r, struct errbuf *e)
{
	err_set(e, "cannot connect: %s", strerror(r->error));
	return EXIT_CONNECT;
}

enum exit_status
reach_first(struct reach *r, const struct addrinfo *list,
    struct reach_end *end, struct errbuf *e)
{
	const struct addrinfo *next = list, *found = NULL;
	struct attempts a = { .n = 0 };

	r->error = 0;
	while (found == NULL) {
		if (next != NULL && a.n < REACH_MAX &&
		    clock_ms() >= a.next_ms) {
			if (attempt_begin(&a, next, r))
				found = next;
			next = next->ai_next;
			continue;
		}
		if (next == NULL && a.n == 0)
			break;
		if (!attempts_wait(&a, next != NULL && a.n < REACH_MAX, end) ||
		    (found = attempts_look(&a, r)) != NULL ||
		    transport_expired(end->until_ms))
			break;
	}
	while (a.n > 0)
		(void)close(a.fds[--a.n].fd);
	if (found != NULL) {
		reach_set(r, found);
		return EXIT_DONE;
	}
	if (next == NULL && r->error != 0 && !end->woken &&
	    !transport_expired(end->until_ms))
		return reach_failed(r, e);
	err_set(e, "timed out: no address answers");
	return EXIT_TIMEOUT;
}

int
reach_lookup(struct addrinfo **found, const char *host, int port,
    struct errbuf *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char text[8];
	int rc;

	(void)snprintf(text, sizeof(text), "%d", port);
	if ((rc = getaddrinfo(host, text, &hints, found)) == 0)
		return 0;
	err_set(e, "no address of %s: %s", host, gai_strerror(rc));
	return -1;
}

enum exit_status
reach_name(struct reach *r, const char *host, int port, struct reach_end *end,
    struct errbuf *e)
{
	enum exit_status st = EXIT_DONE;
	struct addrinfo *found;

	*r = (struct reach){ .error = 0 };
	if (reach_lookup(&found, host, port, e) == -1)
		return EXIT_CONNECT;
	if (found->ai_next != NULL)
		st = reach_first(r, found, end, e);
	else
		reach_set(r, found);
	freeaddrinfo(found);
	return st;
}
