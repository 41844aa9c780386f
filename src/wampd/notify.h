/*
 * notify.h: telling the service manager our state, as sd_notify(3) does.
 */
#pragma once

#include <stdint.h>

/* Send a state such as "READY=1" to $NOTIFY_SOCKET, if that is set.  It may
 * block for a second.  A failure is only logged. */
void	notify_send(const char *state);

/* Tell that a reload begins; READY=1 tells its end. */
void	notify_reloading(void);

/* How often to call notify_alive(), in ms, so that the service manager does not
 * restart us; 0 if it has no watchdog. */
uint64_t notify_watchdog(void);

/* Send "WATCHDOG=1".  It never blocks: if this one is lost, the next follows
 * soon. */
void	notify_alive(void);
