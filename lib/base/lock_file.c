/*
 * lock_file.c: a file whose existence means maintenance.
 */
#include "base/lock_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

int
lock_file_exists(const char *path)
{
	if (access(path, F_OK) == 0)
		return 1;
	return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
}

/* Removing it only needs permissions for the folder, so the application may run
 * as another user. */
static int
lock_file_make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd == -1)
		return errno == EEXIST && access(path, F_OK) == 0 ? 0 : -1;
	(void)close(fd);
	return 1;
}

static int
lock_file_remove(const char *path)
{
	if (unlink(path) == 0)
		return 1;
	return errno == ENOENT ? 0 : -1;
}

/* For a dangling link, applications see no file.  We do not create one either:
 * whoever may write to the folder could make us create any file. */
static bool
leads_nowhere(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode) &&
	    access(path, F_OK) == -1 && errno == ENOENT;
}

/* Refuse what cannot be a lock file.  0 or -1. */
static int
check_kind(const char *path, bool exists, struct errbuf *e)
{
	if (io_is_special(path))
		err_set(e, "%s is not a regular file", path);
	else if (exists && leads_nowhere(path))
		err_set(e, "cannot make %s: it is a dangling link",
		    path);
	else
		return 0;
	return -1;
}

int
lock_file_set(const char *path, bool exists, struct errbuf *e)
{
	int rc;

	if (check_kind(path, exists, e) == -1)
		return -1;
	rc = exists ? lock_file_make(path) : lock_file_remove(path);
	if (rc == -1)
		err_set_errno(e, "cannot %s %s", exists ? "make" : "remove",
		    path);
	return rc;
}

int
lock_file_check(const char *path, bool exists, struct errbuf *e)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	int len;

	len = slash == NULL ? snprintf(folder, sizeof(folder), ".") :
	    snprintf(folder, sizeof(folder), "%.*s/", (int)(slash - path),
	    path);
	if (len >= (int)sizeof(folder))
		errno = ENAMETOOLONG;
	else if (access(folder, W_OK | X_OK) == 0)
		return check_kind(path, exists, e);
	err_set_errno(e, "cannot make or remove %s", path);
	return -1;
}
