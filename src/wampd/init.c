/*
 * init.c: processes around the broker: the first one of a container, and the
 * one that a shell waits for.
 */
#include "wampd/init.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define SIGNALED	128	/* plus the signal: exit status in a shell */

static _Noreturn void
exit_as(int status)
{
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) :
	    SIGNALED + WTERMSIG(status));
}

/* What the service manager meant for the parent is for the child. */
static void
follow(const char *variable, pid_t parent)
{
	const char *now = getenv(variable);
	char text[24];

	if (now == NULL || strtol(now, NULL, 10) != parent)
		return;
	(void)snprintf(text, sizeof(text), "%ld", (long)getpid());
	(void)setenv(variable, text, 1);
}

static void
follow_all(pid_t parent)
{
	follow("LISTEN_PID", parent);
	follow("WATCHDOG_PID", parent);
}

/* ---- the first process ---- */

/* Wait for all children that have ended.  Does not return once the broker is
 * one of them. */
static void
bury(pid_t broker)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (pid == broker)
			exit_as(status);
}

/* Signals that the kernel sends for our own sake are not passed on. */
static bool
is_passed_on(int signo)
{
	return signo != SIGCHLD && signo != SIGTTIN && signo != SIGTTOU &&
	    signo != SIGTSTP && signo != SIGCONT;
}

static _Noreturn void
serve_first(pid_t broker)
{
	sigset_t all;
	int signo;

	(void)sigfillset(&all);
	for (;;) {
		if (sigwait(&all, &signo) != 0)
			continue;
		if (is_passed_on(signo))
			(void)kill(broker, signo);
		bury(broker);
	}
}

bool
init_begin(void)
{
	sigset_t all, old;
	pid_t pid;

	if (getpid() != 1)
		return false;
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &old);
	if ((pid = fork()) > 0)
		serve_first(pid);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	if (pid == 0) {
		follow_all(1);
		return true;
	}
	log_err_errno("cannot start a process; no other process of the "
	    "container will be waited for");
	return false;
}

/* ---- in the background ---- */

static _Noreturn void
wait_until_ready(int ready, pid_t child)
{
	int status;
	char byte;
	ssize_t n;

	do
		n = read(ready, &byte, 1);
	while (n == -1 && errno == EINTR);
	if (n == 1)
		_exit(0);
	while (waitpid(child, &status, 0) == -1)
		if (errno != EINTR)
			_exit(1);
	exit_as(status);
}

int
init_background(int *ready, struct errbuf *e)
{
	pid_t pid, parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1 || (pid = fork()) == -1) {
		err_set_errno(e, "cannot start a process");
		return -1;
	}
	if (pid > 0) {
		(void)close(ends[1]);
		wait_until_ready(ends[0], pid);
	}
	(void)close(ends[0]);
	follow_all(parent);
	(void)setsid();
	*ready = ends[1];
	return 0;
}
