/*
 * exec_check.c: whether a program could be started.
 *
 * The result is only a warning: a deployment may install the program or the
 * folder later, and a start that fails is tried again.
 */
#include "wampd/handlers/exec_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "route/declare.h"
#include "route/diag.h"

#define PATH_DEFAULT	"/bin:/usr/bin"	/* as execvp(3) */
#define FIRST_LINE_MAX	255		/* bytes; the kernel reads no more */
#define BLANKS		" \t"

static void
warn(const struct handler_decl *decl, struct diags *d, const char *what,
    const char *value, const char *reason)
{
	diag_add(d, DIAG_WARNING, decl->file, decl->line, decl->column,
	    "cannot-start", decl->type != NULL ?
	    "the handler \"%s\": %s %s: %s" : "%s: %s %s: %s", decl->name,
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

/* Look for a program of that name as execvp(3) does.  1, 0 or -1 as above;
 * if 1, `path` is the program's. */
static int
is_found(struct buf *path, const struct declare_exec *what, const char *name)
{
	const char *at;
	size_t len;
	int rc = 0;

	if (name[0] == '/') {
		buf_reset(path);
		if (buf_add_str(path, name) == -1 || buf_cstr(path) == NULL)
			return -1;
		return is_program(path->data);
	}
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

/* Read the first line of a script as the kernel does.  Returns what follows the
 * "#!", or NULL if the file is not a script. */
static char *
first_line(const char *path, char text[FIRST_LINE_MAX + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	if (fd == -1)
		return NULL;
	n = read(fd, text, FIRST_LINE_MAX);
	close(fd);
	if (n < 2 || text[0] != '#' || text[1] != '!')
		return NULL;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text + 2 + strspn(text + 2, BLANKS);
}

/* Cut the first word off a line.  Returns the rest without blanks around it. */
static char *
cut_word(char *line)
{
	char *end, *rest = line + strcspn(line, BLANKS);

	if (*rest == '\0')
		return rest;
	*rest++ = '\0';
	rest += strspn(rest, BLANKS);
	for (end = rest + strlen(rest);
	    end > rest && strchr(BLANKS, end[-1]) != NULL; end--)
		end[-1] = '\0';
	return rest;
}

/* Whether the interpreter is env(1) and looks for a program of that name. */
static bool
names_program(const char *interpreter, const char *argument)
{
	const char *base = strrchr(interpreter, '/');

	return base != NULL && strcmp(base, "/env") == 0 &&
	    argument[0] != '\0' && argument[0] != '-' &&
	    strchr(argument, '=') == NULL;
}

/*
 * The program that a script's first line names runs it.  If that program is
 * missing, execve(2) fails with "No such file", as if the script were missing.
 * `path` is the script's; its buffer is reused here.
 */
static void
check_interpreter(const struct handler_decl *decl, struct diags *d,
    struct buf *path)
{
	char text[FIRST_LINE_MAX + 1], *argument, *name;
	const struct declare_exec *what = &decl->exec;
	struct errbuf e;
	int found;

	name = first_line(path->data, text);
	if (name == NULL || strchr(name, '/') == NULL)
		return;
	argument = cut_word(name);
	found = is_found(path, what, name);
	if (found == 1 && names_program(name, argument)) {
		name = argument;
		found = is_found(path, what, name);
	}
	if (found != 0)
		return;
	err_set(&e, "its first line names %s: %s", name, strerror(errno));
	warn(decl, d, "command", what->argv[0], e.msg);
}

void
exec_check(const struct handler_decl *decl, struct diags *d)
{
	const struct declare_exec *what = &decl->exec;
	struct buf path = { 0 };
	int found;

	/* The dot makes access() fail for a file. */
	if (buf_addf(&path, "%s/.", what->cwd) == -1 ||
	    buf_cstr(&path) == NULL)
		goto out;
	if (access(path.data, X_OK) == -1) {
		warn(decl, d, "cwd", what->cwd, strerror(errno));
		goto out;
	}
	found = is_found(&path, what, what->argv[0]);
	if (found == 0)
		warn(decl, d, "command", what->argv[0], strerror(errno));
	else if (found == 1)
		check_interpreter(decl, d, &path);
out:
	buf_clear(&path);
}
