/*
 * exec_check.c: whether a handler's program could be started.
 *
 * The result is only a warning: a deployment may install the program or the
 * folder later, and a start that fails is tried again.
 */
#include "wampd/handlers/exec_check.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "route/declare.h"
#include "route/diag.h"

#define PATH_DEFAULT	"/bin:/usr/bin"	/* as execvp(3) */

static void
warn(const struct handler_decl *decl, struct diags *d, const char *what,
    const char *value, const char *reason)
{
	diag_add(d, DIAG_WARNING, decl->file, decl->line, decl->column,
	    "cannot-start", "the handler \"%s\": %s %s: %s", decl->name,
	    what, value, reason);
}

/* The folders in which the child looks for its program. */
static const char *
search_path(const struct declare_exec *what)
{
	const char *path = getenv("PATH");
	size_t i;

	for (i = 0; i < what->n_env; i++)
		if (strcmp(what->env[i].name, "PATH") == 0 &&
		    what->env[i].value != NULL)
			path = what->env[i].value;
	return path != NULL ? path : PATH_DEFAULT;
}

/* A folder is not a program, although it may have the x permission. */
static bool
is_program(const char *path)
{
	struct stat st;

	if (access(path, X_OK) == -1 || stat(path, &st) == -1)
		return false;
	errno = EACCES;		/* as execve(2) sets it */
	return !S_ISDIR(st.st_mode);
}

/* Whether folder/name can be run; both relate to the child's folder.  1 or 0,
 * or -1 when out of memory. */
static int
can_run(struct buf *path, const struct declare_exec *what,
    struct slice folder, const char *name)
{
	buf_reset(path);
	if (folder.len == 0 || folder.p[0] != '/') {
		if (buf_add_str(path, what->cwd) == -1 ||
		    buf_add_char(path, '/') == -1)
			return -1;
	}
	if (buf_add_slice(path, folder) == -1 ||
	    (folder.len > 0 && buf_add_char(path, '/') == -1) ||
	    buf_add_str(path, name) == -1 || buf_cstr(path) == NULL)
		return -1;
	return is_program(path->data);
}

/* Look for the program as execvp(3) does.  1, 0 or -1 as above. */
static int
is_found(struct buf *path, const struct declare_exec *what)
{
	const char *at, *name = what->argv[0];
	size_t len;
	int rc = 0;

	if (name[0] == '/')
		return is_program(name);
	if (strchr(name, '/') != NULL)
		return can_run(path, what, slice_of(NULL, 0), name);
	for (at = search_path(what); rc == 0; at += len + 1) {
		len = strcspn(at, ":");
		rc = can_run(path, what, slice_of(at, len), name);
		if (at[len] == '\0')
			break;
	}
	if (rc == 0)
		errno = ENOENT;
	return rc;
}

void
exec_check(const struct handler_decl *decl, struct diags *d)
{
	const struct declare_exec *what = &decl->exec;
	struct buf path = { 0 };

	/* The dot makes access() fail for a file. */
	if (buf_addf(&path, "%s/.", what->cwd) == -1 ||
	    buf_cstr(&path) == NULL)
		goto out;
	if (access(path.data, X_OK) == -1)
		warn(decl, d, "cwd", what->cwd, strerror(errno));
	else if (is_found(&path, what) == 0)
		warn(decl, d, "command", what->argv[0], strerror(errno));
out:
	buf_clear(&path);
}
