/*
 * stop.h: the signals that end a program, SIGHUP, SIGINT and SIGTERM, as a
 * descriptor, so that the program can finish its work first.
 */
#pragma once

#include <spawn.h>
#include <stdbool.h>

#include "base/err.h"

/* Catch the signals.  The returned descriptor becomes readable when one has
 * come.  Ignored signals stay ignored.  -1 with *e filled. */
int	stop_open(struct errbuf *e);

/* The signal that has come, or 0.  Never blocks. */
int	stop_taken(int fd);

/* The same.  *sent: a process has sent it to us or to our group; a terminal
 * sends to the whole group. */
int	stop_read(int fd, bool *sent);

/* Let a program that is started with these attributes have the usual signals:
 * these are not blocked, and SIGPIPE is not ignored. flags are further
 * POSIX_SPAWN_ flags.  0, or an error number. */
int	stop_child_signals(posix_spawnattr_t *a, short flags);

/* Die of the signal as if it had not been caught, so that a shell sees it. */
void	stop_die(int signo);
