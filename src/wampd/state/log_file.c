/*
 * log_file.c: a file that grows at its end, and is on disk when it has.
 */
#include "wampd/state/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE	0600

const struct log_calls log_calls = { pwrite, fdatasync, rename };

void
log_file_init(struct log_file *f, const char *path, int folder)
{
	*f = (struct log_file){ .calls = &log_calls, .path = path, .fd = -1,
	    .folder = folder };
}

void
log_file_close(struct log_file *f)
{
	if (f->fd != -1)
		(void)close(f->fd);
	f->fd = -1;
}

/* Open it for writing, unless it is no regular file. */
static int
open_file(struct log_file *f, int flags, struct errbuf *e)
{
	struct stat st;

	f->size = 0;
	/* O_NONBLOCK: a pipe must not hold us up. */
	f->fd = open(f->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
	    flags, MODE);
	if (f->fd == -1) {
		err_set_errno(e, "cannot open");
		return -1;
	}
	if (fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	err_set(e, "it is not a regular file");
	log_file_close(f);
	return -1;
}

int
log_file_make(struct log_file *f, struct errbuf *e)
{
	log_file_close(f);
	(void)unlink(f->path);
	return open_file(f, O_CREAT | O_EXCL, e);
}

int
log_file_continue(struct log_file *f, uint64_t size, struct errbuf *e)
{
	log_file_close(f);
	if (open_file(f, 0, e) == -1)
		return -1;
	f->size = size;
	if (!log_file_is_there(f)) {
		err_set(e, "it has changed");
	} else if (ftruncate(f->fd, (off_t)size) == -1) {
		err_set_errno(e, "cannot shorten it");
	} else {
		return 0;
	}
	log_file_close(f);
	return -1;
}

/* 0, or -1 with errno. */
static int
write_all(struct log_file *f, struct slice what)
{
	off_t at = (off_t)f->size;
	ssize_t n;

	while (what.len > 0) {
		n = f->calls->write(f->fd, what.p, what.len, at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			return -1;
		what = slice_of(what.p + n, what.len - (size_t)n);
		at += n;
	}
	return 0;
}

static int
sync_fd(const struct log_file *f, int fd)
{
	int rc;

	do {
		rc = f->calls->sync(fd);
	} while (rc == -1 && errno == EINTR);
	return rc;
}

int
log_file_append(struct log_file *f, struct slice what, struct errbuf *e)
{
	int rc = -1;

	if (write_all(f, what) == -1)
		err_set_errno(e, "cannot write");
	else if (sync_fd(f, f->fd) == -1)
		err_set_errno(e, "cannot write to the disk");
	else
		rc = 0;
	if (rc == 0) {
		f->size += what.len;
		f->syncs++;
	} else {
		/* A part of a record would only look like damage. */
		(void)!ftruncate(f->fd, (off_t)f->size);
	}
	return rc;
}

bool
log_file_is_there(const struct log_file *f)
{
	struct stat own, there;

	return fstat(f->fd, &own) == 0 && lstat(f->path, &there) == 0 &&
	    own.st_dev == there.st_dev && own.st_ino == there.st_ino &&
	    (uint64_t)own.st_size >= f->size;
}

int
log_file_replace(struct log_file *old, struct log_file *f, struct errbuf *e)
{
	if (f->calls->rename(f->path, old->path) == -1) {
		err_set_errno(e, "cannot rename");
		return -1;
	}
	log_file_close(old);
	old->fd = f->fd;
	old->size = f->size;
	old->syncs += f->syncs;
	f->fd = -1;
	f->syncs = 0;
	/* The new file is in place in any case, and is written to from now
	 * on.  Without this, a power failure might bring the old one back. */
	if (sync_fd(f, f->folder) == 0)
		return 0;
	err_set_errno(e, "cannot write the folder to the disk");
	return -1;
}

void
log_file_abandon(struct log_file *f)
{
	log_file_close(f);
	(void)unlink(f->path);
}
