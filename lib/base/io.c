/*
 * io.c: whole files, and complete writes.
 */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
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
io_read_regular(struct buf *out, const char *path, size_t max,
    struct errbuf *e)
{
	struct stat st;
	int fd, rc = -1;

	/* Check before opening: opening may have an effect on a device. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		err_set(e, "not a regular file");
		return -1;
	}
	if ((fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY |
	    O_CLOEXEC)) == -1) {
		err_set_errno(e, "cannot open");
		return -1;
	}
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		err_set(e, "not a regular file");
	else
		rc = io_read_fd(out, fd, max, e);
	(void)close(fd);
	return rc;
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

bool
io_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int
io_offer_pipe(const char *path, struct slice content, struct errbuf *e)
{
	int fd, rc = 1;

	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1 && errno == ENXIO)
		return 0;
	if (fd == -1) {
		err_set_errno(e, "cannot open");
		return -1;
	}
	if (io_write_all(fd, content.p, content.len) == -1) {
		err_set_errno(e, "cannot write");
		rc = -1;
	}
	(void)close(fd);
	return rc;
}
