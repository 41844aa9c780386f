/*
 * signals.c: what each signal means to the broker.
 */
#include "wampd/signals.h"

#include <signal.h>
#include <stdlib.h>

#include "base/log.h"

#define HANDLES_MAX	72	/* there are 64 signals */

struct signals {
	uv_signal_t handle[HANDLES_MAX];
	size_t	n;		/* handles in use */
	const struct signal_actions *actions;
	void	*arg;
};

/* SIGXCPU is the soft limit of RLIMIT_CPU; SIGKILL would follow. */
static const int stopping[] = { SIGTERM, SIGINT, SIGQUIT, SIGXCPU };

static const int caught[] = { SIGUSR1, SIGALRM, SIGVTALRM, SIGPROF,
    SIGIO, SIGPWR, SIGSTKFLT };

/* SIGXFSZ: if a file becomes too large, the write fails, which is reported.
 * SIGTTOU: "stty tostop" must not stop the broker when it logs. */
static const int ignored[] = { SIGPIPE, SIGXFSZ, SIGTTOU };

static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP,
    SIGABRT, SIGSYS };

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static void
on_stop(uv_signal_t *handle, int signo)
{
	struct signals *s = handle->data;

	s->actions->stop(s->arg, signo);
}

static void
on_drain(uv_signal_t *handle, int signo)
{
	struct signals *s = handle->data;

	s->actions->drain(s->arg, signo);
}

static void
on_hangup(uv_signal_t *handle, int signo)
{
	struct signals *s = handle->data;

	s->actions->reload(s->arg, signo);
}

static void
on_other(uv_signal_t *handle, int signo)
{
	(void)handle;
	log_warn("signal=%d ignored: it has no meaning for wampd", signo);
}

static void
catch(struct signals *s, uv_loop_t *loop, int signo, uv_signal_cb cb)
{
	uv_signal_t *handle = &s->handle[s->n];

	if (s->n == HANDLES_MAX || uv_signal_init(loop, handle) != 0)
		return;
	s->n++;
	handle->data = s;
	if (uv_signal_start(handle, cb, signo) != 0)
		log_warn("signal=%d cannot be caught", signo);
}

/* nohup(1) makes us start with SIGHUP ignored; then it stays ignored. */
static bool
is_ignored(int signo)
{
	struct sigaction now;

	return sigaction(signo, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void
signals_ignore(void)
{
	size_t i;

	for (i = 0; i < COUNT(ignored); i++)
		(void)signal(ignored[i], SIG_IGN);
}

struct signals *
signals_new(uv_loop_t *loop, const struct signal_actions *actions, void *arg)
{
	struct signals *s;
	size_t i;
	int rt;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	s->actions = actions;
	s->arg = arg;
	for (i = 0; i < COUNT(stopping); i++)
		catch(s, loop, stopping[i], on_stop);
	catch(s, loop, SIGUSR2, on_drain);
	if (!is_ignored(SIGHUP))
		catch(s, loop, SIGHUP, on_hangup);
	for (i = 0; i < COUNT(caught); i++)
		catch(s, loop, caught[i], on_other);
	for (rt = SIGRTMIN; rt <= SIGRTMAX; rt++)
		catch(s, loop, rt, on_other);
	return s;
}

void
signals_close(struct signals *s)
{
	sigset_t set;
	size_t i;

	if (s == NULL)
		return;
	(void)sigfillset(&set);
	for (i = 0; i < COUNT(faults); i++)
		(void)sigdelset(&set, faults[i]);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < s->n; i++)
		uv_close((uv_handle_t *)&s->handle[i], NULL);
}

void
signals_free(struct signals *s)
{
	free(s);
}
