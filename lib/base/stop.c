/*
 * stop.c: the signals that end a program, as something to poll for.
 */
#include "base/stop.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int
stop_open(struct errbuf *e)
{
	sigset_t set;
	int fd;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	if ((fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		err_set_errno(e, "signalfd");
	else
		(void)sigprocmask(SIG_BLOCK, &set, NULL);
	return fd;
}

int
stop_taken(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return 0;
	return (int)info.ssi_signo;
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
