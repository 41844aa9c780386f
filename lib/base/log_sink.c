/*
 * log_sink.c: lines for a descriptor that may not accept data for a while.
 */
#include "base/log_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#define TERMINAL_PIECE	64	/* bytes; a writable terminal takes that many */

/* ---- opening ---- */

/* Open it by its own name.  A terminal of another user, as after su(1), still
 * opens as ours.  ENXIO means a pipe without a reader. */
static int
open_anew(int fd)
{
	const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	char path[32];
	int own;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if ((own = open(path, flags)) == -1 && isatty(fd) &&
	    tcgetpgrp(fd) != -1)
		own = open("/dev/tty", flags);
	return own;
}

int
log_sink_open(struct log_sink *s)
{
	struct stat st;
	int own;

	if (s->way != LOG_SINK_WAIT)
		return 0;
	if ((s->kept = malloc(LOG_SINK_KEPT)) == NULL)
		return -1;
	s->way = LOG_SINK_WRITE;
	if (fstat(s->fd, &st) == -1)
		return 0;
	if (S_ISSOCK(st.st_mode)) {
		s->way = LOG_SINK_SEND;
	} else if (S_ISFIFO(st.st_mode) || isatty(s->fd)) {
		s->way = LOG_SINK_ASK;
		s->piece = S_ISFIFO(st.st_mode) ? PIPE_BUF : TERMINAL_PIECE;
		if ((own = open_anew(s->fd)) != -1) {
			s->fd = own;
			s->way = LOG_SINK_OWN;
		}
	}
	return 0;
}

/* ---- writing ---- */

/* As write(); EAGAIN if it accepts nothing now. */
static ssize_t
write_some(const struct log_sink *s, const char *p, size_t len)
{
	struct pollfd ask = { .fd = s->fd, .events = POLLOUT };

	switch (s->way) {
	case LOG_SINK_SEND:
		return send(s->fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	case LOG_SINK_ASK:
		if (poll(&ask, 1, 0) == 1)
			return write(s->fd, p, len < s->piece ? len :
			    s->piece);
		errno = EAGAIN;
		return -1;
	case LOG_SINK_WAIT:
	case LOG_SINK_WRITE:
	case LOG_SINK_OWN:
	default:
		return write(s->fd, p, len);
	}
}

/* Write a line or its rest, as far as it is accepted now.  Returns how much was
 * written; *failed: the rest never can be. */
static size_t
write_line(struct log_sink *s, const char *p, size_t len, bool *failed)
{
	size_t n = 0;
	ssize_t w;

	*failed = false;
	while (n < len) {
		w = s->torn ? write_some(s, "\n", 1) :
		    write_some(s, p + n, len - n);
		if (w == -1 && errno == EINTR)
			continue;
		if (w == -1) {
			*failed = errno != EAGAIN;
			break;
		}
		if (!s->torn)
			n += (size_t)w;
		s->torn = false;
	}
	return n;
}

/* Keep the waiting bytes, which are known to fit. */
static void
keep(struct log_sink *s, const char *p, size_t len)
{
	if (s->at + s->len + len > LOG_SINK_KEPT) {
		memmove(s->kept, s->kept + s->at, s->len);
		s->at = 0;
	}
	memcpy(s->kept + s->at + s->len, p, len);
	s->len += len;
}

/* Write a line if none waits before it. false if it is lost. */
static bool
write_or_keep(struct log_sink *s, const char *line, size_t len)
{
	bool failed;
	size_t n = write_line(s, line, len, &failed);

	if (failed) {
		s->torn = s->torn || n > 0;
		return false;
	}
	s->begun = n > 0 && n < len;
	keep(s, line + n, len - n);
	return true;
}

/* It will never accept the waiting lines: the disk is full, or the reader has
 * gone. */
static void
lose_kept(struct log_sink *s)
{
	const char *p = s->kept + s->at, *end = p + s->len;

	for (; p < end; p++)
		s->lost += *p == '\n';
	s->torn = s->torn || s->begun;
	s->begun = false;
	s->len = 0;
}

static void
write_kept(struct log_sink *s)
{
	const char *p, *end;
	size_t len, n;
	bool failed;

	while (s->len > 0) {
		p = s->kept + s->at;
		end = memchr(p, '\n', s->len);
		len = end == NULL ? s->len : (size_t)(end - p) + 1;
		n = write_line(s, p, len, &failed);
		s->begun = (s->begun || n > 0) && n < len;
		s->at += n;
		s->len -= n;
		if (failed)
			lose_kept(s);
		else if (n < len)
			return;
	}
}

/* The line about lost lines comes in their place: no further line is accepted
 * before it. */
static void
say_lost(struct log_sink *s)
{
	char line[LOG_SINK_SAID];
	size_t lost = s->lost;

	if (write_or_keep(s, line, s->say_lost(line, lost)))
		s->lost -= lost;
}

void
log_sink_flush(struct log_sink *s)
{
	if (s->way == LOG_SINK_WAIT)
		return;
	write_kept(s);
	if (s->len == 0 && s->lost > 0)
		say_lost(s);
}

void
log_sink_put(struct log_sink *s, const char *line, size_t len)
{
	bool failed, taken = true;

	if (s->way == LOG_SINK_WAIT) {
		(void)write_line(s, line, len, &failed);
		return;
	}
	log_sink_flush(s);
	if (s->lost > 0 || s->len + len > LOG_SINK_KEPT)
		taken = false;
	else if (s->len > 0)
		keep(s, line, len);
	else
		taken = write_or_keep(s, line, len);
	if (!taken)
		s->lost++;
}

bool
log_sink_waits(const struct log_sink *s)
{
	return s->len > 0;
}

void
log_sink_close(struct log_sink *s, int ms)
{
	int64_t until = clock_ms() + ms, left;
	struct pollfd ask = { .fd = s->fd, .events = POLLOUT };

	if (s->way == LOG_SINK_WAIT)
		return;
	log_sink_flush(s);
	while (log_sink_waits(s) && (left = until - clock_ms()) > 0) {
		if (poll(&ask, 1, (int)left) == -1 && errno != EINTR)
			break;
		log_sink_flush(s);
	}
	free(s->kept);
	s->kept = NULL;
	s->len = 0;
	if (s->way == LOG_SINK_OWN)
		(void)close(s->fd);
}
