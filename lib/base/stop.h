/*
 * stop.h: the signals that end a program, SIGHUP, SIGINT and SIGTERM, as
 * something to poll for: work comes to a decent end first.
 */
#pragma once

#include <spawn.h>
#include <stdbool.h>

#include "base/err.h"

/* Keep the signals from ending us; the descriptor returned is readable once
 * one has come.  Those that are ignored stay so.  -1 with *e filled. */
int	stop_open(struct errbuf *e);

/* The signal that has come, or 0.  Never blocks. */
int	stop_taken(int fd);

/* The same; *sent says that a process has sent it, to us or to our group,
 * while a terminal sends to the whole group. */
int	stop_read(int fd, bool *sent);

/* Let a program that is started with these attributes find its signals as it
 * expects them: these not blocked, and SIGPIPE not ignored.  flags are further
 * POSIX_SPAWN_ flags.  0, or an error number. */
int	stop_child_signals(posix_spawnattr_t *a, short flags);

/* Die of it as if it had never been caught, so that a shell sees it too. */
void	stop_die(int signo);
