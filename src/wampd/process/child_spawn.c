/*
 * child_spawn.c: starting a child: its pipes, command and environment.
 */
#include "wampd/process/child_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/io.h"

/* ---- the environment ---- */

static int
add_text(struct buf *out, const char *text)
{
	return buf_add(out, text, strlen(text) + 1);
}

/* That variable of the broker's environment, "NAME=value", or NULL. */
static const char *
inherited(const char *name)
{
	size_t i, len = strlen(name);

	for (i = 0; environ[i] != NULL; i++)
		if (strncmp(environ[i], name, len) == 0 &&
		    environ[i][len] == '=')
			return environ[i];
	return NULL;
}

/* Whether every program may get the variable: it is not a secret, and does not
 * make the program speak for the broker, as NOTIFY_SOCKET would. */
static bool
is_safe(struct slice name)
{
	static const char *const names[] = { "PATH", "HOME", "USER",
	    "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq(name, slice_str(names[i])))
			return true;
	return slice_starts(name, SLICE("LC_"));
}

static bool
is_declared(const struct declare_exec *what, struct slice name)
{
	size_t i;

	for (i = 0; i < what->n_env; i++)
		if (slice_eq(name, slice_str(what->env[i].name)))
			return true;
	return false;
}

/* Append the declared variables, which have a declared value or the broker's,
 * and the safe ones of the broker. */
static int
add_environment(struct buf *out, const struct declare_exec *what, uint64_t *n)
{
	const struct declare_env *v = what->env;
	const char *entry;
	struct slice name;
	size_t i;

	for (i = 0; i < what->n_env; i++, v++) {
		entry = v->value == NULL ? inherited(v->name) : NULL;
		if (v->value == NULL && entry == NULL)
			continue;
		if (entry != NULL ? add_text(out, entry) == -1 :
		    buf_addf(out, "%s=", v->name) == -1 ||
		    add_text(out, v->value) == -1)
			return -1;
		++*n;
	}
	for (i = 0; environ[i] != NULL; i++) {
		name = slice_of(environ[i], strcspn(environ[i], "="));
		if (!is_safe(name) || is_declared(what, name))
			continue;
		if (add_text(out, environ[i]) == -1)
			return -1;
		++*n;
	}
	return 0;
}

/* ---- what the keeper reads ---- */

static int
add_what(struct buf *out, const struct declare_exec *what)
{
	struct child_keeper_what head = { .n_env = 0 };
	uint64_t i;

	if (buf_add(out, &head, sizeof(head)) == -1 ||
	    add_text(out, what->cwd) == -1)
		return -1;
	for (i = 0; what->argv[i] != NULL; i++)
		if (add_text(out, what->argv[i]) == -1)
			return -1;
	head.n_words = i;
	if (add_environment(out, what, &head.n_env) == -1)
		return -1;
	memcpy(out->data, &head, sizeof(head));
	return 0;
}

/* An anonymous file with all of it, or -1 with errno. */
static int
open_what(const struct declare_exec *what)
{
	struct buf text = { 0 };
	int fd = -1;

	if (add_what(&text, what) == -1)
		errno = ENOMEM;
	else if ((fd = memfd_create("wampd-child", MFD_CLOEXEC)) != -1 &&
	    io_write_all(fd, text.data, text.len) == -1) {
		(void)close(fd);
		fd = -1;
	}
	buf_clear(&text);
	return fd;
}

/* ---- the ends ---- */

/* Only our end is non-blocking, because programs expect that theirs blocks. */
static int
open_pipe(int *ours, int *theirs, bool we_read)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	*ours = ends[we_read ? 0 : 1];
	*theirs = ends[we_read ? 1 : 0];
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

static int
open_control(int *ours, int *theirs)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	*ours = ends[0];
	*theirs = ends[1];
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

static void
close_all(const int *fd, size_t n)
{
	while (n > 0)
		if (fd[--n] != -1)
			(void)close(fd[n]);
}

int
child_spawn(struct child_ends *ours, struct child_nursery *n,
    const struct declare_exec *what, struct errbuf *e)
{
	int theirs[KEEPER_FDS] = { -1, -1, -1, -1, -1 };
	int rc;

	*ours = (struct child_ends){ -1, -1, -1, -1 };
	if (open_pipe(&ours->in, &theirs[KEEPER_IN], false) == -1 ||
	    open_pipe(&ours->out, &theirs[KEEPER_OUT], true) == -1 ||
	    open_pipe(&ours->err, &theirs[KEEPER_ERR], true) == -1 ||
	    open_control(&ours->control, &theirs[KEEPER_CONTROL]) == -1 ||
	    (theirs[KEEPER_WHAT] = open_what(what)) == -1)
		rc = errno;
	else
		rc = child_nursery_order(n, NURSERY_KEEPER, theirs, NULL);
	close_all(theirs, KEEPER_FDS);
	if (rc == 0)
		return 0;
	close_all((int[]){ ours->in, ours->out, ours->err, ours->control },
	    4);
	err_set(e, "%s", strerror(rc));
	return -1;
}

void
child_spawn_fate(struct errbuf *how, const struct child_keeper_news *news)
{
	const int status = news->value;
	struct errbuf why;

	if (news->kind == KEEPER_CANNOT) {
		err_set(&why, "%s", uv_strerror(-status));
		err_wrap(&why, "%s", how->msg);
		*how = why;
	} else if (WIFSIGNALED(status)) {
		err_set(how, "signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	} else {
		err_set(how, "exit status %d", WEXITSTATUS(status));
	}
}
