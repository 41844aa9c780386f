/*
 * command.c: one run of a shell command, with an event on its stdin.
 */
#include "sub/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "client/transport.h"

#define COMMAND_GRACE	1000	/* ms from SIGTERM to SIGKILL */

struct command {
	pid_t	     pid;
	int	     pidfd;
	int	     in;	/* our end of its stdin; -1: closed */
	struct slice left;	/* of its input */
};

/* ---- starting ---- */

/* A process group of its own, so that we also end what the command starts. */
static int
command_attributes(posix_spawnattr_t *a)
{
	int rc;

	if ((rc = posix_spawnattr_setpgroup(a, 0)) != 0)
		return rc;
	return stop_child_signals(a, POSIX_SPAWN_SETPGROUP);
}

/* If we are a service, the command must not talk to the service manager: its
 * messages would count as ours. */
static void
leave_service(void)
{
	static const char *const names[] = { "NOTIFY_SOCKET", "WATCHDOG_PID",
	    "WATCHDOG_USEC", "LISTEN_FDNAMES", "LISTEN_FDS", "LISTEN_PID" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
}

/* An error number, or 0. */
static int
command_spawn(struct command *c, const char *text, int input)
{
	char shell[] = "sh", dash_c[] = "-c", dashes[] = "--";
	char *copy = strdup(text);
	char *const argv[] = { shell, dash_c, dashes, copy, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int rc;

	if (copy == NULL)
		return ENOMEM;
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawnattr_init(&attributes);
	if ((rc = posix_spawn_file_actions_adddup2(&files, input,
	    STDIN_FILENO)) == 0 &&
	    (rc = command_attributes(&attributes)) == 0)
		rc = posix_spawn(&c->pid, "/bin/sh", &files, &attributes,
		    argv, environ);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&files);
	free(copy);
	return rc;
}

/* COMMAND_OK once it runs. */
static enum command_outcome
command_start(struct command *c, const char *text, struct errbuf *e)
{
	int ends[2], rc;

	if (pipe2(ends, O_CLOEXEC) == -1) {
		err_set_errno(e, "pipe");
		return COMMAND_NONE;
	}
	/* Only our end: commands expect a blocking stdin. */
	(void)fcntl(ends[1], F_SETFL, O_NONBLOCK);
	rc = command_spawn(c, text, ends[0]);
	(void)close(ends[0]);
	if (rc == 0 && (c->pidfd = pidfd_open(c->pid, 0)) != -1) {
		c->in = ends[1];
		return COMMAND_OK;
	}
	(void)close(ends[1]);
	if (rc == 0) {
		rc = errno;
		(void)kill(-c->pid, SIGKILL);
		(void)waitpid(c->pid, NULL, 0);
	}
	err_set(e, "/bin/sh: %s", strerror(rc));
	/* E2BIG: the topic does not fit the environment; the next topic may be
	 * shorter. */
	return rc == E2BIG ? COMMAND_FAILED : COMMAND_NONE;
}

/* ---- running ---- */

static void
command_close_input(struct command *c)
{
	if (c->in != -1)
		(void)close(c->in);
	c->in = -1;
}

/* Write as much as the command reads now.  If it has closed its stdin or
 * ended, stop writing. */
static void
command_feed(struct command *c)
{
	ssize_t n = write(c->in, c->left.p, c->left.len);

	if (n > 0)
		c->left = slice_of(c->left.p + n, c->left.len - (size_t)n);
	if (c->left.len == 0 || (n == -1 && errno != EAGAIN &&
	    errno != EINTR))
		command_close_input(c);
}

/* Wait for the end of the command.  false: a signal came, or time is up. */
static bool
command_attend(struct command *c, int signals, int64_t until_ms)
{
	struct pollfd p[3] = { { .fd = c->pidfd, .events = POLLIN },
	    { .fd = signals, .events = POLLIN }, { .events = POLLOUT } };

	for (;;) {
		p[2].fd = c->in;
		if (poll(p, 3, transport_timeout(until_ms)) == -1)
			continue;	/* EINTR */
		if (p[0].revents != 0)
			return true;
		if (p[1].revents != 0 || transport_expired(until_ms))
			return false;
		if (p[2].revents != 0)
			command_feed(c);
	}
}

static void
command_kill(struct command *c)
{
	(void)kill(-c->pid, SIGTERM);
	command_close_input(c);
	(void)command_attend(c, -1, clock_ms() + COMMAND_GRACE);
	(void)kill(-c->pid, SIGKILL);
}

static enum command_outcome
command_verdict(int status, struct errbuf *e)
{
	if (WIFSIGNALED(status)) {
		err_set(e, "the command was ended by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
		return COMMAND_FAILED;
	}
	if (WEXITSTATUS(status) == 0)
		return COMMAND_OK;
	err_set(e, "the command exited with %d", WEXITSTATUS(status));
	return COMMAND_FAILED;
}

enum command_outcome
command_run(const char *text, struct slice input, int signals,
    int64_t until_ms, struct errbuf *e)
{
	struct command c = { .left = input };
	enum command_outcome outcome;
	bool ended;
	int status;

	leave_service();
	/* A command that does not read must not end us. */
	(void)signal(SIGPIPE, SIG_IGN);
	if ((outcome = command_start(&c, text, e)) != COMMAND_OK)
		return outcome;
	command_feed(&c);
	ended = command_attend(&c, signals, until_ms);
	if (!ended)
		command_kill(&c);
	command_close_input(&c);
	(void)waitpid(c.pid, &status, 0);
	(void)close(c.pidfd);
	return ended ? command_verdict(status, e) : COMMAND_ENDED;
}
