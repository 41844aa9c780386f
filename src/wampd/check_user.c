/*
 * check_user.c: checking as the user that the broker becomes.
 *
 * Root may read and write everything, so a check by root shows nothing.  A
 * process that had become the user could not go on as root.  So a child becomes
 * the user, checks, and tells its diagnostics.
 */
#include "wampd/check_user.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/path.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"

struct privileges
check_user_whom(const struct config *cfg)
{
	return (struct privileges){
		.user = cfg->user.name,
		.uid = cfg->user.uid,
		.gid = cfg->user_group != (gid_t)-1 ? cfg->user_group :
		    cfg->user.gid,
	};
}

/* ---- the child ---- */

/* What the child tells of a diagnostic; three texts follow, each with its
 * NUL. */
struct told {
	enum diag_level level;
	unsigned    line, column;
	const char *rule;	/* static, so it is the same in the parent */
	size_t	    file, text;	/* bytes, with the NUL */
};

static void
tell(int fd, const struct diag *g)
{
	const struct told t = { g->level, g->line, g->column, g->rule,
	    strlen(g->file) + 1, strlen(g->text) + 1 };

	if (io_write_all(fd, &t, sizeof(t)) == -1 ||
	    io_write_all(fd, g->file, t.file) == -1 ||
	    io_write_all(fd, g->text, t.text) == -1)
		_exit(1);
}

static _Noreturn void
child_check(int fd, const struct config *cfg,
    void (*check)(const struct config *, struct diags *))
{
	const struct privileges whom = check_user_whom(cfg);
	const struct config_place *at;
	struct diags d = { 0 };
	struct errbuf e;
	size_t i;

	if (privileges_drop(&whom, &e) == 0) {
		check(cfg, &d);
	} else {
		at = config_where(cfg, offsetof(struct config, user), 0);
		diag_add(&d, DIAG_ERROR, at->file, at->line, at->column,
		    "cannot-change-user", "user: %s", e.msg);
	}
	for (i = 0; i < d.n; i++)
		tell(fd, &d.v[i]);
	_exit(0);
}

/* ---- the parent ---- */

static void
hear(struct slice from, struct diags *d)
{
	const char *file, *text;
	struct told t;

	while (from.len >= sizeof(t)) {
		memcpy(&t, from.p, sizeof(t));
		file = from.p + sizeof(t);
		text = file + t.file;
		diag_add(d, t.level, file, t.line, t.column, t.rule, "%s",
		    text);
		from.len -= sizeof(t) + t.file + t.text;
		from.p = text + t.text;
	}
}

static int
run_child(const struct config *cfg, struct buf *told,
    void (*check)(const struct config *, struct diags *), struct errbuf *e)
{
	int fd[2], rc, status = -1;
	pid_t pid;

	if (pipe(fd) == -1) {
		err_set_errno(e, "pipe");
		return -1;
	}
	if ((pid = fork()) == 0)
		child_check(fd[1], cfg, check);
	if (pid == -1)
		err_set_errno(e, "fork");
	(void)close(fd[1]);
	rc = pid == -1 ? -1 : io_read_fd(told, fd[0], SIZE_MAX, e);
	(void)close(fd[0]);
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (rc == 0 && status != 0) {
		err_set(e, "the process that checks has failed");
		rc = -1;
	}
	return rc;
}

void
check_user_run(const struct config *cfg, struct diags *d,
    void (*check)(const struct config *, struct diags *))
{
	const struct privileges whom = check_user_whom(cfg);
	struct buf told = { 0 };
	struct errbuf e;

	if (privileges_are(&whom)) {
		check(cfg, d);
		return;
	}
	if (run_child(cfg, &told, check, &e) == 0)
		hear(buf_slice(&told), d);
	else
		diag_add(d, DIAG_ERROR, "wampd", 0, 0, "cannot-start",
		    "checking as the user %s: %s", whom.user, e.msg);
	buf_clear(&told);
}

/* ---- what the user may do ---- */

static void
fault(const struct config_place *p, struct diags *d, const char *rule,
    const char *text)
{
	diag_add(d, DIAG_ERROR, p->file, p->line, p->column, rule, "%s",
	    text);
}

/* What does not exist is reported by those who read it. */
static void
check_read(const struct config *cfg, struct diags *d, const struct key *k)
{
	const struct config_value *v = &cfg->values[k - keys];
	struct errbuf e;
	size_t i;

	for (i = 0; i < v->text.n; i++) {
		if (access(v->text.v[i], R_OK) == 0 || errno == ENOENT)
			continue;
		err_set_errno(&e, "%s: %s: the user %s cannot read it", k->name,
		    v->text.v[i], cfg->user.name);
		fault(&v->at[i], d, "cannot-read", e.msg);
	}
}

static void
check_folder(const struct config *cfg, struct diags *d,
    const struct config_place *at, const char *name, const char *folder)
{
	struct errbuf e;

	if (access(folder, W_OK | X_OK) == 0)
		return;
	err_set_errno(&e, "%s: the user %s cannot write to %s (chown, chmod)",
	    name, cfg->user.name, folder);
	fault(at, d, "cannot-write", e.msg);
}

/* The folder of a file that is made or removed. */
static void
check_beside(const struct config *cfg, struct diags *d,
    const struct config_place *at, const char *name, const char *path)
{
	struct slice of = path_folder(path);
	char folder[PATH_MAX];

	(void)snprintf(folder, sizeof(folder), "%.*s", (int)of.len, of.p);
	check_folder(cfg, d, at, name, folder);
}

/* A socket is removed at the end.  If its folder is missing, root makes it for
 * the user. */
static void
check_socket(const struct config *cfg, struct diags *d,
    const struct config_place *at, const char *name, const char *path)
{
	char copy[PATH_MAX], *slash;

	(void)snprintf(copy, sizeof(copy), "%s", path);
	if ((slash = strrchr(copy, '/')) != NULL && slash != copy) {
		*slash = '\0';
		if (access(copy, F_OK) == -1 && errno == ENOENT)
			return;
	}
	check_beside(cfg, d, at, name, path);
}

static void
check_write(const struct config *cfg, struct diags *d, const struct key *k)
{
	const struct config_value *v = &cfg->values[k - keys];
	const char *path;

	if (v->text.n == 0)
		return;
	path = v->text.v[v->text.n - 1];
	if (k->type == KEY_FOLDER)
		check_folder(cfg, d, &v->at[v->text.n - 1], k->name, path);
	else if (k->type == KEY_MADE)
		check_beside(cfg, d, &v->at[v->text.n - 1], k->name, path);
	else if (k->type == KEY_SOCKET)
		check_socket(cfg, d, &v->at[v->text.n - 1], k->name, path);
}

size_t
check_user_paths(const struct config *cfg, struct diags *d)
{
	size_t i, key, index, before = d->errors;
	const struct endpoint *at;

	if (cfg->user.name == NULL)
		return 0;
	for (i = 0; i < nkeys; i++)
		if (key_is_read(&keys[i]))
			check_read(cfg, d, &keys[i]);
	if (d->errors > before)
		diag_add(d, DIAG_WARNING, "wampd", 0, 0, "cannot-read",
		    "such files may get a group of the user %s (chgrp, chmod "
		    "g+r), or be passed by LoadCredential= of systemd",
		    cfg->user.name);
	for (i = 0; i < nkeys; i++)
		check_write(cfg, d, &keys[i]);
	for (i = 0; (at = config_endpoint(cfg, i, &key, &index)) != NULL; i++)
		if (at->path != NULL)
			check_socket(cfg, d, config_where(cfg, key, index),
			    "listen", at->path);
	return d->errors - before;
}
