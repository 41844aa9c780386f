/*
 * cpu_limit.c: a bound on the processor time of work that may never end.
 */
#include "base/cpu_limit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_MS	1000000
#define MS_PER_S	1000

struct cpu_limit {
	timer_t		  timer;
	struct itimerspec period;	/* fires once */
	void		(*expire)(void *arg);
	void		 *arg;		/* borrowed */
	volatile sig_atomic_t armed;	/* the timer runs */
	volatile sig_atomic_t active;	/* between enter and leave */
	volatile sig_atomic_t fresh;	/* begun since the timer's last end */
};

static void
cpu_limit_arm(struct cpu_limit *l)
{
	l->armed = 1;
	(void)timer_settime(l->timer, 0, &l->period, NULL);
}

/* The timer has run down.  Work that began meanwhile has another period;
 * where none is done, the timer rests until there is some. */
static void
on_signal(int number, siginfo_t *info, void *context)
{
	struct cpu_limit *l = info->si_value.sival_ptr;
	int saved = errno;

	(void)number;
	(void)context;
	l->armed = 0;
	if (l->active && l->fresh) {
		l->fresh = 0;
		cpu_limit_arm(l);
	} else if (l->active) {
		l->expire(l->arg);
	}
	errno = saved;
}

struct cpu_limit *
cpu_limit_new(int64_t ms, void (*expire)(void *arg), void *arg,
    struct errbuf *e)
{
	struct sigaction action = { .sa_sigaction = on_signal,
	    .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID,
	    .sigev_signo = SIGRTMIN };
	struct cpu_limit *l;

	if ((l = calloc(1, sizeof(*l))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	l->expire = expire;
	l->arg = arg;
	l->period.it_value = (struct timespec){ .tv_sec = ms / MS_PER_S,
	    .tv_nsec = ms % MS_PER_S * NS_PER_MS };
	event.sigev_value.sival_ptr = l;
	event._sigev_un._tid = gettid();
	(void)sigemptyset(&action.sa_mask);
	if (sigaction(SIGRTMIN, &action, NULL) == -1 ||
	    timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &l->timer) == -1) {
		err_set(e, "no timer for processor time: %s",
		    strerror(errno));
		free(l);
		return NULL;
	}
	return l;
}

/* A signal on its way to this thread arrives when timer_delete() returns. */
void
cpu_limit_free(struct cpu_limit *l)
{
	if (l == NULL)
		return;
	l->active = 0;
	(void)timer_delete(l->timer);
	free(l);
}

void
cpu_limit_begin(struct cpu_limit *l)
{
	l->fresh = 1;
}

void
cpu_limit_enter(struct cpu_limit *l)
{
	l->active = 1;
	if (!l->armed)
		cpu_limit_arm(l);
}

void
cpu_limit_leave(struct cpu_limit *l)
{
	l->active = 0;
}
