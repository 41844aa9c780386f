/*
 * faults.c: a library that makes calls fail while a test wants it.
 *
 *	FAULTS=FILE LD_PRELOAD=...
 *
 * The file has a character for each kind of fault, at the places of enum kind.
 * "." means never, and a digit n that one of 10^n calls fails.  Behind them is
 * a number: the seconds by which the clock of the day is wrong.  The test
 * writes to the file while the program runs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind {
	MEMORY,			/* no memory */
	DESCRIPTORS,		/* EMFILE */
	FULL,			/* ENOSPC: files */
	BROKEN,			/* EIO: files, and syncing them */
	INTERRUPTED,		/* EINTR: sockets and files */
	SHORT,			/* half of the bytes are written */
	KINDS,
	CLOCK = 8,
	SIZE = 32,
};

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static const char *faults;	/* NULL: none */

__attribute__((constructor)) static void
faults_begin(void)
{
	const char *path = getenv("FAULTS");
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *at;

	if (fd == -1)
		return;
	at = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (at != MAP_FAILED)
		faults = at;
}

/* Whether this call fails. */
static bool
fails(enum kind kind)
{
	static atomic_uint calls[KINDS];
	unsigned each = 1;
	char digit;

	if (faults == NULL || (digit = faults[kind]) < '0' || digit > '9')
		return false;
	for (; digit > '0'; digit--)
		each *= 10;
	return atomic_fetch_add(&calls[kind], 1) % each == 0;
}

static bool
is_a(int fd, mode_t type)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

/* Whether writing to this descriptor fails; sets errno. */
static bool
write_fails(int fd)
{
	bool file;

	if (faults == NULL)
		return false;
	file = is_a(fd, S_IFREG);
	if (file && fails(FULL))
		errno = ENOSPC;
	else if (file && fails(BROKEN))
		errno = EIO;
	else if (fails(INTERRUPTED))
		errno = EINTR;
	else
		return false;
	return true;
}

/* Pipes take a small message as a whole (pipe(7)), and libuv relies on that. */
static size_t
cut(int fd, size_t len)
{
	return len > 1 && !is_a(fd, S_IFIFO) && fails(SHORT) ? len / 2 : len;
}

/* ---- memory ---- */

void *
malloc(size_t size)
{
	if (!fails(MEMORY))
		return __libc_malloc(size);
	errno = ENOMEM;
	return NULL;
}

void *
calloc(size_t n, size_t size)
{
	if (!fails(MEMORY))
		return __libc_calloc(n, size);
	errno = ENOMEM;
	return NULL;
}

void *
realloc(void *p, size_t size)
{
	if (!fails(MEMORY))
		return __libc_realloc(p, size);
	errno = ENOMEM;
	return NULL;
}

/* ---- descriptors ---- */

int
accept4(int fd, struct sockaddr *sa, socklen_t *len, int flags)
{
	static int (*real)(int, struct sockaddr *, socklen_t *, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "accept4");
	if (!fails(DESCRIPTORS))
		return real(fd, sa, len, flags);
	errno = EMFILE;
	return -1;
}

int
socket(int domain, int type, int protocol)
{
	static int (*real)(int, int, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "socket");
	if (!fails(DESCRIPTORS))
		return real(domain, type, protocol);
	errno = EMFILE;
	return -1;
}

int
open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, ...);
	mode_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "open");
	if (!fails(DESCRIPTORS))
		return real(path, flags, mode);
	errno = EMFILE;
	return -1;
}

/* ---- writing and reading ---- */

ssize_t
write(int fd, const void *p, size_t len)
{
	static ssize_t (*real)(int, const void *, size_t);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "write");
	return write_fails(fd) ? -1 : real(fd, p, cut(fd, len));
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t at)
{
	static ssize_t (*real)(int, const void *, size_t, off_t);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pwrite");
	return write_fails(fd) ? -1 : real(fd, p, cut(fd, len), at);
}

ssize_t
send(int fd, const void *p, size_t len, int flags)
{
	static ssize_t (*real)(int, const void *, size_t, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "send");
	return write_fails(fd) ? -1 : real(fd, p, cut(fd, len), flags);
}

/* A short one writes the first part only. */
ssize_t
writev(int fd, const struct iovec *parts, int n)
{
	static ssize_t (*real)(int, const struct iovec *, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "writev");
	if (write_fails(fd))
		return -1;
	return n > 0 && fails(SHORT) ?
	    write(fd, parts[0].iov_base, parts[0].iov_len) :
	    real(fd, parts, n);
}

ssize_t
sendmsg(int fd, const struct msghdr *m, int flags)
{
	static ssize_t (*real)(int, const struct msghdr *, int);
	struct msghdr first = *m;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "sendmsg");
	if (write_fails(fd))
		return -1;
	if (first.msg_iovlen > 1 && fails(SHORT))
		first.msg_iovlen = 1;
	return real(fd, &first, flags);
}

ssize_t
read(int fd, void *p, size_t len)
{
	static ssize_t (*real)(int, void *, size_t);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "read");
	if (!fails(INTERRUPTED))
		return real(fd, p, len);
	errno = EINTR;
	return -1;
}

ssize_t
recv(int fd, void *p, size_t len, int flags)
{
	static ssize_t (*real)(int, void *, size_t, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "recv");
	if (!fails(INTERRUPTED))
		return real(fd, p, len, flags);
	errno = EINTR;
	return -1;
}

static int
sync_fails(void)
{
	if (!fails(BROKEN))
		return 0;
	errno = EIO;
	return -1;
}

int
fsync(int fd)
{
	static int (*real)(int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "fsync");
	return sync_fails() == -1 ? -1 : real(fd);
}

int
fdatasync(int fd)
{
	static int (*real)(int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
	return sync_fails() == -1 ? -1 : real(fd);
}

/* ---- the clock ---- */

int
clock_gettime(clockid_t which, struct timespec *ts)
{
	static int (*real)(clockid_t, struct timespec *);
	int rc;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	rc = real(which, ts);
	if (rc == 0 && faults != NULL && which == CLOCK_REALTIME)
		ts->tv_sec += strtol(faults + CLOCK, NULL, 10);
	return rc;
}

time_t
time(time_t *at)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (at != NULL)
		*at = now.tv_sec;
	return now.tv_sec;
}
