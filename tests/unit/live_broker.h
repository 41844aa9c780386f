/*
 * live_broker.h: a whole broker, as a configuration makes it, in a thread of
 * the test, with a local session that looks after it.
 *
 * There is one, until the program ends; its files are in scratch_folder().  A
 * failure ends the program.
 */
#pragma once

#include "base/slice.h"

/* Start it with that wampd.yml, which need not say where it listens. */
void	live_broker_start(const char *config);

/* Connect to its control socket, or to its ports on this machine: the one for
 * clients, the one for proxies. */
int	live_broker_local(void);
int	live_broker_tcp(void);
int	live_broker_proxy(void);

/* Say lines by the local session, and wait for a line that begins with that
 * answer, which is returned.  It is valid until the next call. */
struct slice live_broker_ask(const char *lines, const char *answer);

/* Wait until the broker has handled what came before. */
void	live_broker_settle(void);
