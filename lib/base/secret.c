/*
 * secret.c: a secret that a file holds.
 */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Make room for size bytes and the NUL.  A buffer that grows would leave copies
 * of the secret where it was before. */
static int
secret_reserve(struct secret *s, size_t size)
{
	secret_clear(s);
	if ((s->bytes = calloc(1, size + 1)) == NULL)
		return -1;
	s->len = size;
	return 0;
}

/* Read as many bytes as the file had when it was opened.  0 or -1. */
static int
secret_fill(struct secret *s, int fd, struct errbuf *e)
{
	size_t at = 0;
	ssize_t n;

	while (at < s->len) {
		n = read(fd, s->bytes + at, s->len - at);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			err_set_errno(e, "cannot read");
			return -1;
		}
		if (n == 0) {
			err_set(e, "changed while it was read");
			return -1;
		}
		at += (size_t)n;
	}
	if (s->bytes[s->len - 1] == '\n')
		s->bytes[--s->len] = '\0';
	if (s->len > 0)
		return 0;
	err_set(e, "empty");
	return -1;
}

static int
secret_read_fd(struct secret *s, int fd, size_t max, struct errbuf *e)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		err_set_errno(e, "cannot read");
	else if (!S_ISREG(st.st_mode))
		err_set(e, "not a regular file");
	else if (st.st_size == 0)
		err_set(e, "empty");
	else if ((uintmax_t)st.st_size > max)
		err_set(e, "larger than %zu bytes", max);
	else if (secret_reserve(s, (size_t)st.st_size) == -1)
		err_set(e, "out of memory");
	else
		return secret_fill(s, fd, e);
	return -1;
}

int
secret_read(struct secret *s, const char *path, size_t max, struct errbuf *e)
{
	int fd, rc;

	secret_clear(s);
	/* Opening a pipe does not block, and a terminal stays nobody's. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1) {
		err_set_errno(e, "cannot open");
		return -1;
	}
	if ((rc = secret_read_fd(s, fd, max, e)) == -1)
		secret_clear(s);
	(void)close(fd);
	return rc;
}

void
secret_warn_open(const char *path, struct errbuf *warning)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & (S_IROTH | S_IWOTH)) != 0)
		err_set(warning, "%s: other users may read or change it: "
		    "chmod o= %s", path, path);
}

int
secret_copy(struct secret *s, struct slice bytes)
{
	struct secret copy = { NULL, 0 };

	/* The bytes may be those of *s. */
	if (secret_reserve(&copy, bytes.len) == -1)
		return -1;
	if (bytes.len > 0)
		memcpy(copy.bytes, bytes.p, bytes.len);
	secret_clear(s);
	*s = copy;
	return 0;
}

void
secret_clear(struct secret *s)
{
	size_t size = s->bytes != NULL ? s->len + 1 : 0;

	if (size > 0)
		explicit_bzero(s->bytes, size);
	free(s->bytes);
	s->bytes = NULL;
	s->len = 0;
}
