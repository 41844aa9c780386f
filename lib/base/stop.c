/*
 * stop.c: the signals that end a program, as a descriptor.
 */
#include "base/stop.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int stop_signals[] = { SIGHUP, SIGINT, SIGTERM };

#define STOP_SIGNALS	(sizeof(stop_signals) / sizeof(stop_signals[0]))

/* Leave ignored signals alone, such as SIGINT in background jobs of a script:
 * blocking one would make it arrive. */
static void
stop_add(sigset_t *set, int signo)
{
	struct sigaction now;

	if (sigaction(signo, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		(void)sigaddset(set, signo);
}

int
stop_open(struct errbuf *e)
{
	sigset_t set;
	size_t i;
	int fd;

	(void)sigemptyset(&set);
	for (i = 0; i < STOP_SIGNALS; i++)
		stop_add(&set, stop_signals[i]);
	if ((fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		err_set_errno(e, "signalfd");
	else
		(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return fd;
}

int
stop_read(int fd, bool *sent)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	*sent = info.ssi_code != SI_KERNEL;
	return (int)info.ssi_signo;
}

int
stop_taken(int fd)
{
	bool sent;

	return stop_read(fd, &sent);
}

int
stop_child_signals(posix_spawnattr_t *a, short flags)
{
	sigset_t mask, defaults;
	size_t i;
	int rc;

	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	for (i = 0; i < STOP_SIGNALS; i++)
		(void)sigdelset(&mask, stop_signals[i]);
	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	if ((rc = posix_spawnattr_setsigmask(a, &mask)) == 0 &&
	    (rc = posix_spawnattr_setsigdefault(a, &defaults)) == 0)
		rc = posix_spawnattr_setflags(a, (short)(flags |
		    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
	return rc;
}

void
stop_die(int signo)
{
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, signo);
	(void)raise(signo);
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL);
}
