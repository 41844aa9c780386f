/*
 * signals.h: what each signal means to the broker.
 *
 * Some stop it.  All others that would end it are caught and logged, so that
 * a signal that is sent by mistake does not disconnect every session and leave
 * sockets behind.  Faults (SIGSEGV, SIGABRT and so on) and job control keep
 * their meaning.  Nothing here is ignored in a way that programs which the
 * broker starts would inherit: libuv resets what is.
 */
#pragma once

#include <uv.h>

struct signals;

/* Before anything is written: failures to write are errors, not signals. */
void	signals_ignore(void);

/* From now on, stop(arg, signal) is called for each signal that shall stop the
 * broker.  NULL when out of memory. */
struct signals *signals_new(uv_loop_t *loop, void (*stop)(void *arg, int),
	    void *arg);

/* Block all signals, since the process is about to end, and close the handles.
 * Accepts NULL. */
void	signals_close(struct signals *s);

/* When the loop has ended.  Accepts NULL. */
void	signals_free(struct signals *s);
