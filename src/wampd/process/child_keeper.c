/*
 * child_keeper.c: the process between the broker and a program of a handler.
 *
 * It is a fork of the broker, so it uses only system calls and memory.
 */
#include "wampd/process/child_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define KEEPER_PATIENCE	5000	/* ms for killed processes to be gone */
#define KEEPER_LOOK	50	/* ms between looks at those left */
#define KEEPER_NOFILE	1024	/* descriptors; what programs expect */

struct keeper {
	int	 control;	/* -1: the broker is gone */
	int	 signals;	/* signalfd of SIGCHLD */
	int	 started;	/* yields an errno, or closes if the program
				 * runs; -1: closed */
	pid_t	 pid;		/* the program's; leads its group */
	int64_t	 until;		/* ms; it must be gone by then; 0: it may
				 * live */
};

/* ---- what is to be run ---- */

struct what {
	const char *cwd;
	char	  **words;	/* NULL-terminated */
	char	  **env;	/* NULL-terminated */
};

/* n texts from *p on. */
static char **
texts_from(char **p, uint64_t n)
{
	char **v = calloc(n + 1, sizeof(*v));
	uint64_t i;

	for (i = 0; v != NULL && i < n; i++) {
		v[i] = *p;
		*p += strlen(*p) + 1;
	}
	return v;
}

/* The file is trusted, because the broker has written it. */
static bool
what_read(struct what *w, int fd)
{
	struct child_keeper_what head;
	struct stat st;
	char *p;

	if (fstat(fd, &st) == -1)
		return false;
	p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return false;
	memcpy(&head, p, sizeof(head));
	p += sizeof(head);
	w->cwd = p;
	p += strlen(p) + 1;
	w->words = texts_from(&p, head.n_words);
	w->env = texts_from(&p, head.n_env);
	return w->words != NULL && w->env != NULL;
}

/* ---- the program ---- */

/* Set signals and limits to what a program expects. */
static void
program_reset(void)
{
	struct rlimit rl;
	sigset_t none;
	int i;

	for (i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* The broker has raised the limit for its sessions. */
	if (getrlimit(RLIMIT_NOFILE, &rl) == 0 &&
	    rl.rlim_cur > KEEPER_NOFILE) {
		rl.rlim_cur = KEEPER_NOFILE;
		(void)setrlimit(RLIMIT_NOFILE, &rl);
	}
}

/* Become the program.  After a failure, its errno is written to fd. */
static _Noreturn void
program_run(const struct what *w, const int io[3], int fd, pid_t keeper)
{
	int i;

	(void)setsid();
	/* The program must end if the keeper is killed, which may already have
	 * happened. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		_exit(1);
	program_reset();
	for (i = 0; i < 3; i++)
		if (dup2(io[i], i) == -1)
			goto failed;
	if (fd != 3 && dup3(fd, 3, O_CLOEXEC) != -1)
		fd = 3;
	(void)close_range(4, ~0u, 0);
	if (w->words[0] != NULL && chdir(w->cwd) == 0) {
		environ = w->env;
		(void)execvp(w->words[0], w->words);
	}
failed:
	i = errno;
	(void)!write(fd, &i, sizeof(i));
	_exit(127);
}

/* 0 or an errno. */
static int
program_start(struct keeper *k, const int fd[KEEPER_FDS])
{
	pid_t self = getpid();
	struct what w;
	int ends[2];

	if (!what_read(&w, fd[KEEPER_WHAT]) || pipe2(ends, O_CLOEXEC) == -1)
		return errno;
	if ((k->pid = _Fork()) == -1)
		return errno;
	if (k->pid == 0)
		program_run(&w, fd, ends[1], self);
	(void)close(ends[1]);
	k->started = ends[0];
	return 0;
}

/* ---- what it has started ---- */

/* Kill all children that the keeper has now. */
static void
keeper_kill_children(void)
{
	char path[64];
	FILE *f;
	int pid;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%ld/children",
	    (long)getpid());
	if ((f = fopen(path, "re")) == NULL)
		return;
	while (fscanf(f, "%d", &pid) == 1)
		(void)kill(pid, SIGKILL);
	(void)fclose(f);
}

/*
 * The program has ended: end all that it has started.  The children of a
 * process that dies become children of the keeper.  A process that has changed
 * its user cannot be killed, and one in the middle of a system call may take a
 * while.
 */
static void
keeper_end_rest(const struct keeper *k)
{
	struct pollfd p = { .fd = k->signals, .events = POLLIN };
	int64_t until = clock_ms() + KEEPER_PATIENCE;
	struct signalfd_siginfo info;
	pid_t pid;

	do {
		keeper_kill_children();
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid == -1)
			return;	/* none is left */
		(void)poll(&p, 1, KEEPER_LOOK);
		while (read(k->signals, &info, sizeof(info)) > 0)
			;
	} while (clock_ms() < until);
}

/* ---- talking ---- */

static void
keeper_tell(const struct keeper *k, int kind, int value)
{
	struct child_keeper_news news = { .value = value };

	news.kind = kind;
	(void)send(k->control, &news, sizeof(news), MSG_NOSIGNAL);
}

/* Report whether the program runs: then exec() has closed the pipe, else the
 * pipe holds an errno. */
static void
keeper_hear_start(struct keeper *k)
{
	int reason = 0;
	ssize_t n;

	if (k->started == -1)
		return;
	n = read(k->started, &reason, sizeof(reason));
	keeper_tell(k, n == 0 ? KEEPER_STARTED : KEEPER_CANNOT, reason);
	(void)close(k->started);
	k->started = -1;
}

static void
keeper_kill(struct keeper *k)
{
	(void)kill(-k->pid, SIGKILL);
	(void)kill(k->pid, SIGKILL);
	if (k->until == 0)
		k->until = clock_ms() + KEEPER_PATIENCE;
}

/* A stopped program gets the signal only when it goes on. */
static void
keeper_ask_to_end(const struct keeper *k)
{
	(void)kill(-k->pid, SIGTERM);
	(void)kill(-k->pid, SIGCONT);
}

static void
keeper_hear_order(struct keeper *k)
{
	char order;

	if (recv(k->control, &order, 1, 0) != 1) {
		k->control = -1;
		keeper_kill(k);
	} else if (order == KEEPER_TERM) {
		keeper_ask_to_end(k);
	} else {
		keeper_kill(k);
	}
}

/* Whether the program has ended.  Other children that have ended are reaped. */
static bool
keeper_hear_deaths(struct keeper *k)
{
	struct signalfd_siginfo info;
	siginfo_t dead = { .si_pid = 0 };
	int status;

	while (read(k->signals, &info, sizeof(info)) > 0)
		;
	while (waitid(P_ALL, 0, &dead, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    dead.si_pid != 0) {
		if (dead.si_pid != k->pid) {
			(void)waitpid(dead.si_pid, NULL, 0);
			continue;
		}
		/* First the group: its number may be reused after that. */
		(void)kill(-k->pid, SIGKILL);
		keeper_hear_start(k);
		(void)waitpid(k->pid, &status, 0);
		keeper_kill_children();
		keeper_tell(k, KEEPER_ENDED, status);
		return true;
	}
	return false;
}

/* Wait until the program has ended. */
static void
keeper_watch(struct keeper *k)
{
	struct pollfd p[3] = { { .fd = k->signals, .events = POLLIN },
	    { .events = POLLIN }, { .events = POLLIN } };

	while (k->until == 0 || clock_ms() < k->until) {
		p[1].fd = k->started;
		p[2].fd = k->control;
		if (poll(p, 3, k->until == 0 ? -1 : KEEPER_LOOK) == -1)
			continue;
		if (p[1].revents != 0)
			keeper_hear_start(k);
		if (p[2].revents != 0)
			keeper_hear_order(k);
		if (keeper_hear_deaths(k))
			return;
	}
}

void
child_keeper_run(const int fd[KEEPER_FDS])
{
	struct keeper k = { .control = fd[KEEPER_CONTROL], .started = -1 };
	sigset_t child;
	int i, rc;

	(void)prctl(PR_SET_NAME, "wampd-keeper");
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	(void)signal(SIGCHLD, SIG_DFL);
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, NULL);
	k.signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	rc = k.signals == -1 ? errno : program_start(&k, fd);
	for (i = 0; i < KEEPER_FDS; i++)
		if (i != KEEPER_CONTROL)
			(void)close(fd[i]);
	if (rc != 0) {
		keeper_tell(&k, KEEPER_CANNOT, rc);
		_exit(1);
	}
	keeper_watch(&k);
	keeper_end_rest(&k);
	_exit(0);
}
