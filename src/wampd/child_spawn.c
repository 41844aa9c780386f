/*
 * child_spawn.c: how a child is started: its pipes, words and environment.
 */
#include "wampd/child_spawn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "route/declare.h"

int
child_pipe(uv_file *ours, bool we_read, uv_stdio_container_t *theirs)
{
	const int flags = UV_NONBLOCK_PIPE;
	uv_file fd[2];
	int rc;

	rc = uv_pipe(fd, we_read ? flags : 0, we_read ? 0 : flags);
	if (rc != 0)
		return rc;
	*ours = fd[we_read ? 0 : 1];
	theirs->flags = UV_INHERIT_FD;
	theirs->data.fd = fd[we_read ? 1 : 0];
	return 0;
}

/* Is the variable of an entry "NAME=value" declared? */
static bool
is_declared(const struct declare_exec *what, const char *entry)
{
	size_t i, len;

	for (i = 0; i < what->n_env; i++) {
		len = strlen(what->env[i].name);
		if (strncmp(entry, what->env[i].name, len) == 0 &&
		    entry[len] == '=')
			return true;
	}
	return false;
}

static void
environment_free(char **env, size_t n)
{
	if (env == NULL)
		return;
	while (n > 0)
		free(env[--n]);
	free(env);
}

/* The broker's environment with what was declared put over it, NULL at its
 * end.  The first *n entries are the list's own.  NULL when out of memory. */
static char **
environment(const struct declare_exec *what, size_t *n)
{
	size_t i, at, count = 0;
	char **env;

	*n = 0;
	while (environ[count] != NULL)
		count++;
	if ((env = calloc(count + what->n_env + 1, sizeof(*env))) == NULL)
		return NULL;
	for (; *n < what->n_env; ++*n)
		if (asprintf(&env[*n], "%s=%s", what->env[*n].name,
		    what->env[*n].value) == -1) {
			environment_free(env, *n);
			*n = 0;
			return NULL;
		}
	for (at = *n, i = 0; i < count; i++)
		if (!is_declared(what, environ[i]))
			env[at++] = environ[i];
	return env;
}

/* libuv takes the words without const, but leaves them alone. */
static char **
words_of(const char *const *argv)
{
	size_t n = 0;
	char **words;

	while (argv[n] != NULL)
		n++;
	if ((words = calloc(n + 1, sizeof(*words))) != NULL)
		memcpy(words, argv, n * sizeof(*words));
	return words;
}

int
child_spawn(uv_loop_t *loop, uv_process_t *process, uv_exit_cb on_exited,
    uv_stdio_container_t stdio[3], const struct declare_exec *what)
{
	uv_process_options_t o = {
		.exit_cb = on_exited,
		.file = what->argv[0],
		.cwd = what->cwd,
		.flags = UV_PROCESS_DETACHED,
		.stdio_count = 3,
		.stdio = stdio,
	};
	int rc = UV_ENOMEM;
	size_t n_env;

	o.args = words_of(what->argv);
	o.env = environment(what, &n_env);
	if (o.args != NULL && o.env != NULL && n_env == what->n_env)
		rc = uv_spawn(loop, process, &o);
	environment_free(o.env, n_env);
	free(o.args);
	return rc;
}
