/*
 * jq_spawn.c: how the process of a jq worker is started.
 */
#include "proto/jq_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/jq_serve.h"

int
jq_spawn_away(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, JQ_SERVE_PAGE + 1);

	(void)close(fd);
	return moved;
}

/* What the worker gets besides these two descriptors. */
static int
spawn_actions(posix_spawn_file_actions_t *a, int socket, int page, bool bare)
{
	if (posix_spawn_file_actions_addopen(a, STDIN_FILENO, "/dev/null",
	    O_RDONLY, 0) != 0 ||
	    posix_spawn_file_actions_addopen(a, STDOUT_FILENO, "/dev/null",
	    O_WRONLY, 0) != 0 ||
	    (bare && posix_spawn_file_actions_addopen(a, STDERR_FILENO,
	    "/dev/null", O_WRONLY, 0) != 0) ||
	    posix_spawn_file_actions_adddup2(a, socket, JQ_SERVE_SOCKET) != 0 ||
	    posix_spawn_file_actions_adddup2(a, page, JQ_SERVE_PAGE) != 0)
		return -1;
	return 0;
}

static int
spawn_attributes(posix_spawnattr_t *a)
{
	sigset_t none, all;

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	if (posix_spawnattr_setflags(a, POSIX_SPAWN_SETSID |
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) != 0 ||
	    posix_spawnattr_setsigmask(a, &none) != 0 ||
	    posix_spawnattr_setsigdefault(a, &all) != 0)
		return -1;
	return 0;
}

/* Only what times of day depend on. */
static char **
bare_environment(char *room, size_t size, char *v[2])
{
	const char *zone = getenv("TZ");
	int n;

	v[0] = v[1] = NULL;
	if (zone != NULL) {
		n = snprintf(room, size, "TZ=%s", zone);
		if (n > 0 && (size_t)n < size)
			v[0] = room;
	}
	return v;
}

/* A copy of this program, whatever has become of its file.  0 or an errno. */
static int
spawn_self(pid_t *pid, posix_spawn_file_actions_t *actions,
    posix_spawnattr_t *attributes, bool bare)
{
	char *argv[] = { strdup(jq_serve_name), NULL };
	char path[64], room[256], *env[2];
	int rc, exe;

	exe = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (exe == -1 || (exe = jq_spawn_away(exe)) == -1 || argv[0] == NULL) {
		rc = errno;
		free(argv[0]);
		return rc;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", exe);
	rc = posix_spawn(pid, path, actions, attributes, argv,
	    bare ? bare_environment(room, sizeof(room), env) : environ);
	(void)close(exe);
	free(argv[0]);
	return rc;
}

int
jq_spawn(pid_t *pid, int socket, int page, bool bare)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = ENOMEM;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attributes) == 0) {
		if (spawn_actions(&actions, socket, page, bare) == 0 &&
		    spawn_attributes(&attributes) == 0)
			rc = spawn_self(pid, &actions, &attributes, bare);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* ---- in a process that is there already ---- */

static void
reset_signals(void)
{
	sigset_t none;
	int i;

	for (i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void
jq_spawn_become(int socket, int page)
{
	char name[] = JQ_SERVE_NAME, room[256], *env[2];
	char *const argv[] = { name, NULL };
	int i, null = open("/dev/null", O_RDWR);

	if (null == -1 || (null = jq_spawn_away(null)) == -1 ||
	    (socket = jq_spawn_away(socket)) == -1 ||
	    (page = jq_spawn_away(page)) == -1)
		return;
	for (i = 0; i <= STDERR_FILENO; i++)
		(void)dup2(null, i);
	if (dup2(socket, JQ_SERVE_SOCKET) == -1 ||
	    dup2(page, JQ_SERVE_PAGE) == -1 ||
	    close_range(JQ_SERVE_PAGE + 1, ~0u, 0) == -1)
		return;
	(void)setsid();
	reset_signals();
	(void)execve("/proc/self/exe", argv,
	    bare_environment(room, sizeof(room), env));
}
