/*
 * confine.h: giving up what a running broker has no use for.
 *
 * A peer that finds a fault in the broker gets no further: the kernel lets it
 * run no program, open no connection, and write to the broker's own folders
 * alone.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

struct children;
struct config;
struct listeners;

/* If the configuration names files with secrets: no core dump shows them, and
 * no process of the same user looks into this one.  Called again once the user
 * has changed. */
void	confine_secrets(const struct config *cfg);

/*
 * Before there is an event loop: start the processes that start others; then no
 * program gives this one rights, and it has no io_uring, which a filter of
 * system calls does not see into.  *on: whether confine_finish() is to be
 * called; not if the configuration, this build or this machine says no.  0, or
 * -1 with *e filled if the configuration insists.
 */
int	confine_begin(const struct config *cfg, struct children *children,
	    bool *on, struct errbuf *e);

/* All that only root could open is open: become the user that the configuration
 * names, who gets the sockets.  0, or -1 with *e filled. */
int	confine_user(const struct config *cfg, const struct listeners *l,
	    struct errbuf *e);

/* When all is open that stays open.  Logs what confines the broker.  0, or -1
 * with *e filled. */
int	confine_finish(const struct config *cfg, struct errbuf *e);
