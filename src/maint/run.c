/*
 * run.c: maintenance that lasts as long as a command runs.
 *
 * There is no connection while the command runs: it may restart the broker.
 * Signals are caught from before maintenance begins until it has ended.
 */
#include "maint/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/when.h"

#define RUN_NOT_FOUND	127	/* as in a shell */
#define RUN_CANNOT	126
#define RUN_SIGNAL	128	/* plus the signal's number */
#define RUN_OFF_MS	30000	/* how long to try to turn it off */

struct run {
	struct maint *m;
	char *const *command;
	int	     signals;	/* descriptor; readable: a signal has come */
	bool	     ours;	/* we turned maintenance on, and end it */
	struct run_end *end;
};

/* ---- the notice ---- */

static enum exit_status
notice_open(struct maint *m, struct errbuf *e)
{
	const struct client_events events = { .event = maint_on_event,
	    .refused = maint_on_refused, .arg = m };

	return tool_open(&m->tool, &m->client, &events, e);
}

static void
notice_close(struct maint *m, enum exit_status status)
{
	tool_leave(&m->tool, m->client, status);
	m->client = NULL;
}

/* Turn maintenance on unless it is on already. */
static enum exit_status
notice_begin(struct run *r, struct errbuf *e)
{
	struct maint *m = r->m;
	enum exit_status status = EXIT_DONE;
	struct slice json = { 0 };
	struct state now = { .at = 0 };
	char local[WHEN_LOCAL_SIZE];

	if (client_is_wampd(m->client))
		status = maint_look(m, &now, &json, e);
	if (status != EXIT_DONE)
		return status;
	if (json.len > 0 && now.is.on) {
		tool_say(&m->tool, "maintenance is already on, and stays on "
		    "after the command");
		return EXIT_DONE;
	}
	if (json.len > 0 && now.at != 0)
		tool_say(&m->tool, "the plan for %s is cancelled",
		    when_local(local, now.at));
	status = maint_set(m, e);
	/* After another failure maintenance may be on nevertheless. */
	r->ours = status != EXIT_REFUSED;
	return status;
}

static enum exit_status
notice_withdraw(struct maint *off, struct errbuf *e)
{
	const struct client_events events = { .event = maint_on_event,
	    .refused = maint_on_refused, .arg = off };
	struct retry retry;
	enum exit_status status;

	tool_retry_init(&off->tool, &retry, RETRY_FOREVER);
	retry.end_ms = off->tool.open_by_ms;
	status = notice_open(off, e);
	while (status == EXIT_DONE) {
		buf_reset(&off->text);
		status = maint_set(off, e);
		if (status != EXIT_LOST && status != EXIT_TIMEOUT)
			break;
		status = tool_reopen(&off->tool, &off->client, &events,
		    &retry, -1, e);
	}
	notice_close(off, status);
	return status;
}

/* Turn maintenance off.  The broker may be restarting, so try for a while. */
static enum exit_status
notice_end(const struct maint *m, struct errbuf *e)
{
	struct maint off = { .tool = m->tool, .lock_file = m->lock_file,
	    .order = ORDER_INIT };
	struct retry_opts *retry = &off.tool.where.retry;
	enum exit_status status;

	off.order.notice.user = m->order.notice.user;
	if (retry->tries == -1 && retry->max_time_ms == -1) {
		retry->tries = RETRY_FOREVER;
		off.tool.open_by_ms = clock_ms() + RUN_OFF_MS;
	}
	status = maint_open_application(&off, e);
	if (status == EXIT_DONE)
		status = notice_withdraw(&off, e);
	if (status != EXIT_DONE)
		err_wrap(e, "maintenance was not turned off");
	publisher_clear(&off.publisher);
	buf_clear(&off.text);
	buf_clear(&off.heard);
	return status;
}

/* ---- the command ---- */

/* Start the command in our own process group, so that it can use the terminal.
 * An error number, or 0. */
static int
command_spawn(pid_t *pid, char *const *command)
{
	posix_spawnattr_t attributes;
	int rc;

	(void)posix_spawnattr_init(&attributes);
	if ((rc = stop_child_signals(&attributes, 0)) == 0)
		rc = posix_spawnp(pid, command[0], NULL, &attributes,
		    command, environ);
	(void)posix_spawnattr_destroy(&attributes);
	return rc;
}

/* Wait for the end of the command, and pass signals on to it.  A signal from a
 * terminal goes to the whole group, so the command has got it already.  The
 * last signal, or 0. */
static int
command_attend(pid_t pid, int pidfd, int signals)
{
	struct pollfd p[2] = { { .fd = pidfd, .events = POLLIN },
	    { .fd = signals, .events = POLLIN } };
	int signo, last = 0;
	bool sent;

	for (;;) {
		if (poll(p, 2, -1) == -1)
			continue;	/* EINTR */
		if (p[0].revents != 0)
			return last;
		if ((signo = stop_read(signals, &sent)) == 0)
			continue;
		last = signo;
		if (sent)
			(void)kill(pid, signo);
	}
}

static void
command_verdict(struct run_end *end, int status, int last)
{
	if (!WIFSIGNALED(status)) {
		end->status = WEXITSTATUS(status);
		return;
	}
	end->status = RUN_SIGNAL + WTERMSIG(status);
	if (WTERMSIG(status) == last)
		end->signo = last;
}

/* Run the command and fill r->end.  If it cannot start, say why. */
static void
command_run(struct run *r)
{
	struct run_end *end = r->end;
	int rc, pidfd, status;
	pid_t pid;

	/* Some parents ignore SIGCHLD, and then there would be no status. */
	(void)signal(SIGCHLD, SIG_DFL);
	if ((rc = command_spawn(&pid, r->command)) != 0) {
		tool_say(&r->m->tool, "%s: %s", r->command[0], strerror(rc));
		end->status = rc == ENOENT ? RUN_NOT_FOUND : RUN_CANNOT;
		return;
	}
	if ((pidfd = pidfd_open(pid, 0)) == -1) {
		tool_say(&r->m->tool, "pidfd_open: %s", strerror(errno));
		(void)kill(pid, SIGTERM);
	} else {
		rc = command_attend(pid, pidfd, r->signals);
		(void)close(pidfd);
	}
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	command_verdict(end, status, rc);
}

/* ---- all of it ---- */

static enum exit_status
run_connected(struct run *r, struct errbuf *e)
{
	enum exit_status status = notice_begin(r, e), ended;
	struct errbuf why = { "" };

	notice_close(r->m, status);
	/* After an early signal the command is not run. */
	if (status == EXIT_DONE &&
	    (r->end->signo = stop_taken(r->signals)) == 0)
		command_run(r);
	if (!r->ours || (ended = notice_end(r->m, &why)) == EXIT_DONE)
		return status;
	if (status != EXIT_DONE) {
		tool_say(&r->m->tool, "%s", why.msg);
		return status;
	}
	*e = why;
	return ended;
}

enum exit_status
run_command(struct maint *m, char *const *command, struct run_end *end,
    struct errbuf *e)
{
	struct run r = { .m = m, .command = command, .end = end };
	enum exit_status status;

	*end = (struct run_end){ .status = 0 };
	if ((status = notice_open(m, e)) != EXIT_DONE)
		return status;
	if ((r.signals = stop_open(e)) == -1) {
		notice_close(m, EXIT_DONE);
		return EXIT_WORK;
	}
	status = run_connected(&r, e);
	(void)close(r.signals);
	return status;
}
