/*
 * signals.h: what each signal means to the broker.
 *
 * Some stop it, one drains it, and one reloads its configuration.  All others
 * that would end it are caught and logged, so that a signal that was sent by
 * mistake does not disconnect all sessions or leave sockets behind.  Faults
 * (SIGSEGV, SIGABRT and so on) and job control keep their meaning.  Programs
 * that the broker starts do not inherit ignored signals.
 */
#pragma once

#include <uv.h>

struct signals;

/* Ignore signals about failed writes, which are reported as errors.  Call it
 * before anything is written. */
void	signals_ignore(void);

/* What signals ask for. */
struct signal_actions {
	void	(*stop)(void *arg, int signo);
	void	(*drain)(void *arg, int signo);	/* SIGUSR2 */
	void	(*reload)(void *arg, int signo); /* SIGHUP */
};

/* Catch signals, and call the action of each with arg; actions is static.  NULL
 * when out of memory. */
struct signals *signals_new(uv_loop_t *loop,
	    const struct signal_actions *actions, void *arg);

/* Block all signals, because the process will end, and close the handles.
 * Accepts NULL. */
void	signals_close(struct signals *s);

/* Free it, after the loop has ended.  Accepts NULL. */
void	signals_free(struct signals *s);
