/*
 * scratch.c: a temporary folder for a test program.
 */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

#define PATHS	8

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
remove_below(const char *path)
{
	(void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
scratch_end(void)
{
	remove_below(scratch_folder());
}

const char *
scratch_folder(void)
{
	static char in_memory[] = "/dev/shm/wampd-scratch.XXXXXX";
	static char on_disk[] = "/tmp/wampd-scratch.XXXXXX";
	static const char *folder;

	if (folder == NULL) {
		/* Where fsync() takes no time, if there is such a place. */
		if ((folder = mkdtemp(in_memory)) == NULL)
			folder = mkdtemp(on_disk);
		if (folder == NULL || atexit(scratch_end) != 0)
			abort();
	}
	return folder;
}

const char *
scratch_path(const char *name)
{
	static char paths[PATHS][PATH_MAX];
	static unsigned next;
	char *path = paths[next++ % PATHS];

	(void)snprintf(path, PATH_MAX, "%s/%s", scratch_folder(), name);
	return path;
}

void
scratch_write(const char *name, struct slice content)
{
	int fd = open(scratch_path(name),
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd == -1 || io_write_all(fd, content.p, content.len) == -1 ||
	    close(fd) == -1)
		abort();
}

void
scratch_mkdir(const char *name)
{
	if (mkdir(scratch_path(name), 0700) == -1 && errno != EEXIST)
		abort();
}

void
scratch_remove(const char *name)
{
	remove_below(scratch_path(name));
}
