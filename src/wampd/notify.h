/*
 * notify.h: telling the service manager how far we are, as sd_notify(3) does.
 */
#pragma once

#include <stdint.h>

/* Send a state such as "READY=1" to $NOTIFY_SOCKET; nothing where that is not
 * set.  It may wait a second.  A failure is logged: it is no reason to stop. */
void	notify_send(const char *state);

/* How often, in ms, notify_alive() must be called lest the service manager
 * takes us for stuck; 0: it does not watch. */
uint64_t notify_watchdog(void);

/* Send "WATCHDOG=1".  It does not wait for a manager that reads nothing: the
 * next one is soon to come, and we have others to serve. */
void	notify_alive(void);
