/*
 * io.c: whole files, and complete writes.
 */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define IO_CHUNK	65536	/* bytes a read */

int
io_hold_standard(struct errbuf *e)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null",
		    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) == -1) {
			err_set_errno(e, "/dev/null");
			return -1;
		}
	return 0;
}

int
io_write_all(int fd, const void *p, size_t n)
{
	const char *at = p;
	ssize_t w;

	while (n > 0) {
		if ((w = write(fd, at, n)) == -1) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += w;
		n -= (size_t)w;
	}
	return 0;
}

int
io_read_fd(struct buf *out, int fd, size_t max, struct errbuf *e)
{
	size_t start = out->len;
	ssize_t r;

	for (;;) {
		if (buf_reserve(out, IO_CHUNK) == -1) {
			err_set(e, "out of memory");
			return -1;
		}
		if ((r = read(fd, out->data + out->len, IO_CHUNK)) == -1) {
			if (errno == EINTR)
				continue;
			err_set_errno(e, "cannot read");
			return -1;
		}
		if (r == 0)
			return 0;
		out->len += (size_t)r;
		if (out->len - start > max) {
			err_set(e, "larger than %zu bytes", max);
			return -1;
		}
	}
}

int
io_read_file(struct buf *out, const char *path, size_t max, struct errbuf *e)
{
	int fd, rc;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		err_set_errno(e, "cannot open");
		return -1;
	}
	rc = io_read_fd(out, fd, max, e);
	(void)close(fd);
	return rc;
}

/* Write and sync the temporary file, whose descriptor is always closed. */
static int
io_fill(int fd, struct slice content, mode_t mode, struct errbuf *e)
{
	int rc = 0;

	if (fchmod(fd, mode) == -1 ||
	    io_write_all(fd, content.p, content.len) == -1 ||
	    fsync(fd) == -1) {
		err_set_errno(e, "cannot write");
		rc = -1;
	}
	if (close(fd) == -1 && rc == 0) {
		err_set_errno(e, "cannot close");
		rc = -1;
	}
	return rc;
}

bool
io_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int
io_write_special(const char *path, struct slice content, struct errbuf *e)
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
	struct buf tmp = { 0 };
	int fd, rc = -1;

	if (io_is_special(path))
		return io_write_special(path, content, e);
	if (buf_addf(&tmp, "%s.XXXXXX", path) == -1 ||
	    buf_cstr(&tmp) == NULL) {
		err_set(e, "out of memory");
		goto out;
	}
	if ((fd = mkostemp(tmp.data, O_CLOEXEC)) == -1) {
		err_set_errno(e, "cannot create a file beside it");
		goto out;
	}
	if (io_fill(fd, content, mode, e) == -1) {
		(void)unlink(tmp.data);
		goto out;
	}
	if (rename(tmp.data, path) == -1) {
		err_set_errno(e, "cannot rename into place");
		(void)unlink(tmp.data);
		goto out;
	}
	rc = 0;
out:
	buf_clear(&tmp);
	return rc;
}
