/*
 * stop.h: the signals that end a program, SIGHUP, SIGINT and SIGTERM, as
 * something to poll for: work comes to a decent end first.
 */
#pragma once

#include <signal.h>
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

/* The mask for a child, who shall not find them blocked. */
void	stop_child_mask(sigset_t *mask);

/* Die of it as if it had never been caught, so that a shell sees it too. */
void	stop_die(int signo);
