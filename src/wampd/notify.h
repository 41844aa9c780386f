/*
 * notify.h: telling the service manager how far we are, as sd_notify(3) does.
 */
#pragma once

#include <stdint.h>

/* Send a state such as "READY=1" to $NOTIFY_SOCKET; nothing where that is not
 * set.  A failure is logged: it is no reason to stop. */
void	notify_send(const char *state);

/* How often, in ms, "WATCHDOG=1" must be sent lest the service manager takes
 * us for stuck; 0: it does not watch. */
uint64_t notify_watchdog(void);
