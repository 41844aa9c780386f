/*
 * io_replace.c: a file whose content is replaced as a whole.
 *
 * The new content is written to a temporary file beside it, which is then
 * renamed.  The writer holds a lock on the temporary file.  So a temporary file
 * without a lock was left behind by a killed process.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

#define TEMP_MARK	".wampd-"
#define TEMP_RANDOM	"XXXXXX"
#define TEMP_TRIES	10	/* each time it was removed before it was
				 * locked */

/* ---- what others left ---- */

/* The file's name.  Its folder is appended to *folder, as a C string.  NULL
 * when out of memory. */
static const char *
split_path(struct buf *folder, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (buf_add(folder, path, slash == NULL ? 0 :
	    (size_t)(slash - path) + 1) == -1 ||
	    (slash == NULL && buf_add_str(folder, ".") == -1) ||
	    buf_cstr(folder) == NULL)
		return NULL;
	return slash == NULL ? path : slash + 1;
}

static bool
is_temporary(const char *name, const char *of)
{
	size_t len = strlen(of);

	return strncmp(name, of, len) == 0 &&
	    strncmp(name + len, TEMP_MARK, strlen(TEMP_MARK)) == 0 &&
	    strlen(name + len) == strlen(TEMP_MARK TEMP_RANDOM);
}

static void
sweep_one(int folder, const char *name)
{
	struct stat st;
	int fd;

	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
	    O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(folder, name, 0);
	(void)close(fd);
}

void
io_sweep(const char *path)
{
	struct buf folder = { 0 };
	const char *name = split_path(&folder, path);
	struct dirent *entry;
	DIR *dir;

	dir = name == NULL ? NULL : opendir(folder.data);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (is_temporary(entry->d_name, name))
			sweep_one(dirfd(dir), entry->d_name);
	if (dir != NULL)
		(void)closedir(dir);
	buf_clear(&folder);
}

/* ---- the new content ---- */

/* Create the temporary file and lock it.  Its descriptor, or -1. */
static int
make_temporary(struct buf *name, const char *path, struct errbuf *e)
{
	struct stat st;
	int fd, i;

	for (i = 0; i < TEMP_TRIES; i++) {
		buf_reset(name);
		if (buf_addf(name, "%s" TEMP_MARK TEMP_RANDOM, path) == -1 ||
		    buf_cstr(name) == NULL) {
			err_set(e, "out of memory");
			return -1;
		}
		if ((fd = mkostemp(name->data, O_CLOEXEC)) == -1) {
			err_set_errno(e, "cannot create a file beside it");
			return -1;
		}
		/* Some network file systems have no locks.  Then the file may
		 * be removed, and the rename fails with an error. */
		(void)flock(fd, LOCK_EX | LOCK_NB);
		if (fstat(fd, &st) == 0 && st.st_nlink > 0)
			return fd;
		(void)close(fd);
	}
	err_set(e, "cannot create a file beside it: others remove it");
	return -1;
}

/* The entry in the folder is data of the folder, so sync the folder, too.  A
 * folder that we may not read cannot be synced, and neither can those of some
 * file systems. */
static int
sync_folder(const char *path, struct errbuf *e)
{
	struct buf folder = { 0 };
	int fd = -1, rc = 0;

	if (split_path(&folder, path) != NULL)
		fd = open(folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd != -1 && fsync(fd) == -1 && errno != EINVAL &&
	    errno != EROFS && errno != ENOTSUP) {
		err_set_errno(e, "cannot sync its folder");
		rc = -1;
	}
	if (fd != -1)
		(void)close(fd);
	buf_clear(&folder);
	return rc;
}

static int
fill_and_rename(int fd, const char *temporary, const char *path,
    struct slice content, mode_t mode, struct errbuf *e)
{
	if (fchmod(fd, mode) == -1 ||
	    io_write_all(fd, content.p, content.len) == -1 ||
	    fsync(fd) == -1) {
		err_set_errno(e, "cannot write");
	} else if (rename(temporary, path) == -1) {
		err_set_errno(e, "cannot rename into place");
	} else {
		return sync_folder(path, e);
	}
	(void)unlink(temporary);
	return -1;
}

static int
write_special(const char *path, struct slice content, struct errbuf *e)
{
	int fd, rc;

	if ((fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC)) == -1) {
		err_set_errno(e, "cannot open");
		return -1;
	}
	if ((rc = io_write_all(fd, content.p, content.len)) == -1)
		err_set_errno(e, "cannot write");
	(void)close(fd);
	return rc;
}

int
io_replace_file(const char *path, struct slice content, mode_t mode,
    struct errbuf *e)
{
	struct buf temporary = { 0 };
	int fd, rc = -1;

	if (io_is_special(path))
		return write_special(path, content, e);
	io_sweep(path);
	if ((fd = make_temporary(&temporary, path, e)) != -1) {
		rc = fill_and_rename(fd, temporary.data, path, content, mode,
		    e);
		(void)close(fd);
	}
	buf_clear(&temporary);
	return rc;
}
