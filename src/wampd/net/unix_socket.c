/*
 * unix_socket.c: listening on a path that one process owns at a time.
 */
#include "wampd/net/unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/path.h"

#define LOCK_END	".lock"
#define LOCK_TRIES	100	/* see lock_take() */

struct unix_socket {
	struct sockaddr_un sun;
	char	lock_path[sizeof(((struct sockaddr_un *)NULL)->sun_path) +
		    sizeof(LOCK_END)];
	int	fd;		/* -1: none, or taken */
	int	lock;		/* -1: none, or there are no locks here */
	bool	made_folder;
	bool	foreign;	/* another process removes the files */
	dev_t	dev;		/* of the bound socket; ino 0: none */
	ino_t	ino;
};

/* ---- the lock ---- */

/* The process id that the owner has written into the file; 0 if there is
 * none. */
static long
lock_owner(int fd)
{
	char text[24] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 ?
	    strtol(text, NULL, 10) : 0;
}

static void
say_running(const struct unix_socket *u, long pid, struct errbuf *e)
{
	if (pid > 0)
		err_set(e, "%s: another wampd is running there (process %ld)",
		    u->sun.sun_path, pid);
	else
		err_set(e, "%s: another wampd is running there",
		    u->sun.sun_path);
}

/* Lock the file if it is free.  Some network file systems have no locks: there,
 * only the socket shows whether there is an owner.  0 or -1. */
static int
lock_try(const struct unix_socket *u, int fd, struct errbuf *e)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno == ENOLCK ||
	    errno == ENOSYS || errno == EOPNOTSUPP || errno == EINVAL)
		return 0;
	if (errno == EWOULDBLOCK)
		say_running(u, lock_owner(fd), e);
	else
		err_set_errno(e, "cannot lock %s", u->lock_path);
	return -1;
}

static bool
is_path_of(const char *path, const struct stat *st)
{
	struct stat now;

	return lstat(path, &now) == 0 && now.st_dev == st->st_dev &&
	    now.st_ino == st->st_ino;
}

/* Other users may be able to write to the folder, so a link is not followed,
 * and opening a pipe does not block. */
static int
lock_open(const struct unix_socket *u, struct stat *st, struct errbuf *e)
{
	int fd = open(u->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW |
	    O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);

	if (fd == -1 || fstat(fd, st) == -1) {
		err_set_errno(e, "cannot open %s", u->lock_path);
	} else if (!S_ISREG(st->st_mode)) {
		err_set(e, "%s is not a regular file", u->lock_path);
	} else {
		return fd;
	}
	if (fd != -1)
		(void)close(fd);
	return -1;
}

/* Write our process id into it, for those who find it locked. */
static void
lock_sign(int fd)
{
	char text[24];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* It only tells people who the owner is. */
	if (ftruncate(fd, 0) == -1 || pwrite(fd, text, (size_t)n, 0) == -1)
		return;
}

/* An owner removes its lock file before it releases the lock.  If we had opened
 * that file before, our lock does not lock others out, so we try again. */
static int
lock_take(struct unix_socket *u, struct errbuf *e)
{
	struct stat st;
	int fd, i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if ((fd = lock_open(u, &st, e)) == -1)
			return -1;
		if (lock_try(u, fd, e) == -1) {
			(void)close(fd);
			return -1;
		}
		if (is_path_of(u->lock_path, &st)) {
			u->lock = fd;
			lock_sign(fd);
			return 0;
		}
		(void)close(fd);
	}
	err_set(e, "cannot lock %s: others keep removing it",
	    u->lock_path);
	return -1;
}

/* ---- the socket ---- */

/* Connect, to see whether somebody listens.  0 if nobody does, or -1.  It does
 * not block, because an owner may accept nothing. */
static int
check_nobody(const struct unix_socket *u, struct errbuf *e)
{
	int fd, rc, error;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1) {
		err_set_errno(e, "cannot make a socket");
		return -1;
	}
	rc = connect(fd, (const struct sockaddr *)&u->sun, sizeof(u->sun));
	error = errno;
	(void)close(fd);
	if (rc == -1 && (error == ECONNREFUSED || error == ENOENT))
		return 0;
	if (rc == 0 || error == EINPROGRESS) {
		say_running(u, 0, e);
	} else if (error == EAGAIN) {
		err_set(e, "%s: another wampd is running there, but it "
		    "accepts no connections", u->sun.sun_path);
	} else {
		errno = error;
		err_set_errno(e, "%s: cannot connect to the socket there",
		    u->sun.sun_path);
	}
	return -1;
}

/* Remove a stale socket.  0 if the path is free, or -1. */
static int
make_way(const struct unix_socket *u, struct errbuf *e)
{
	const char *path = u->sun.sun_path;
	struct stat st;

	if (lstat(path, &st) == -1)
		return 0;		/* if it is an error, bind() fails */
	if (!S_ISSOCK(st.st_mode)) {
		err_set(e, "%s exists and is not a socket", path);
		return -1;
	}
	if (check_nobody(u, e) == -1)
		return -1;
	if (unlink(path) == 0 || errno == ENOENT)
		return 0;
	err_set_errno(e, "cannot remove the stale socket %s", path);
	return -1;
}

/* The folder that a path names.  Whether it names one. */
static bool
folder_of(char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)],
    const char *path)
{
	char *slash;

	memcpy(folder, path, strlen(path) + 1);
	if ((slash = strrchr(folder, '/')) == NULL || slash == folder)
		return false;
	*slash = '\0';
	return true;
}

/* Make the folder: that of the default path does not survive a reboot. */
static void
make_folder(struct unix_socket *u)
{
	char folder[sizeof(u->sun.sun_path)];

	if (folder_of(folder, u->sun.sun_path))
		/* If it fails, the lock fails. */
		u->made_folder = mkdir(folder, 0755) == 0;
}

/* Bind with permissions for our user only.  The caller adds others later, so
 * that nobody can connect in between. */
static int
bind_alone(struct unix_socket *u)
{
	mode_t old = umask(0177);
	struct stat st;
	int rc;

	rc = bind(u->fd, (const struct sockaddr *)&u->sun, sizeof(u->sun));
	(void)umask(old);
	if (rc == -1 || lstat(u->sun.sun_path, &st) == -1)
		return -1;
	u->dev = st.st_dev;
	u->ino = st.st_ino;
	return 0;
}

/* A service may be forbidden to change groups, and have the right one. */
static int
set_group(const char *path, gid_t gid)
{
	struct stat st;

	if (gid == (gid_t)-1 || (lstat(path, &st) == 0 && st.st_gid == gid))
		return 0;
	return chown(path, (uid_t)-1, gid);
}

static int
listen_there(struct unix_socket *u, mode_t mode, gid_t gid, struct errbuf *e)
{
	const char *path = u->sun.sun_path;

	u->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (u->fd == -1 || bind_alone(u) == -1)
		goto fail;
	if (set_group(path, gid) == -1) {
		err_set_errno(e, "cannot change the group of %s (in a service "
		    "of systemd, set Group= instead of control.group)", path);
		return -1;
	}
	if (chmod(path, mode) == 0 && listen(u->fd, SOCKET_BACKLOG) == 0)
		return 0;
fail:
	err_set_errno(e, "cannot listen on %s", path);
	return -1;
}

/* ---- life ---- */

struct unix_socket *
unix_socket_open(const char *path, mode_t mode, gid_t gid, struct errbuf *e)
{
	struct unix_socket *u;

	if (path_check_socket(path, e) == -1)
		return NULL;
	if ((u = calloc(1, sizeof(*u))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	u->fd = u->lock = -1;
	u->sun.sun_family = AF_UNIX;
	memcpy(u->sun.sun_path, path, strlen(path) + 1);
	(void)snprintf(u->lock_path, sizeof(u->lock_path), "%s" LOCK_END,
	    path);
	make_folder(u);
	if (lock_take(u, e) == 0 && make_way(u, e) == 0 &&
	    listen_there(u, mode, gid, e) == 0)
		return u;
	unix_socket_close(u);
	return NULL;
}

struct unix_socket *
unix_socket_adopt(const char *path, int fd, int lock, struct errbuf *e)
{
	struct unix_socket *u = NULL;

	if (path_check_socket(path, e) == 0 &&
	    (u = calloc(1, sizeof(*u))) == NULL)
		err_set(e, "out of memory");
	if (u == NULL) {
		(void)close(fd);
		if (lock != -1)
			(void)close(lock);
		return NULL;
	}
	u->fd = fd;
	u->lock = lock;
	u->foreign = true;
	u->sun.sun_family = AF_UNIX;
	memcpy(u->sun.sun_path, path, strlen(path) + 1);
	(void)snprintf(u->lock_path, sizeof(u->lock_path), "%s" LOCK_END,
	    path);
	return u;
}

void
unix_socket_own(struct unix_socket *u)
{
	struct stat st;

	u->foreign = false;
	if (lstat(u->sun.sun_path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		u->dev = st.st_dev;
		u->ino = st.st_ino;
	}
	if (u->lock != -1)
		lock_sign(u->lock);
}

void
unix_socket_leave(struct unix_socket *u)
{
	u->foreign = true;
}

int
unix_socket_lock(const struct unix_socket *u)
{
	return u->lock;
}

bool
unix_socket_inode(const struct unix_socket *u, dev_t *dev, ino_t *ino)
{
	*dev = u->dev;
	*ino = u->ino;
	return u->ino != 0;
}

int
unix_socket_take_fd(struct unix_socket *u)
{
	int fd = u->fd;

	u->fd = -1;
	return fd;
}

/* Whoever may write to the folder must not make us give him another file: look
 * at what was opened.  ino is that of the file; 0: a folder.  0 or -1. */
static int
give(const char *path, ino_t ino, uid_t uid, gid_t gid)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC |
	    (ino == 0 ? O_DIRECTORY : 0));
	struct stat st;
	int rc = -1;

	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == 0 && ino != 0 && st.st_ino != ino)
		errno = ESTALE;
	else
		/* Another group was chosen by the configuration, or by the
		 * folder. */
		rc = fchownat(fd, "", uid, st.st_gid == getegid() ? gid :
		    (gid_t)-1, AT_EMPTY_PATH);
	(void)close(fd);
	return rc;
}

int
unix_socket_give(const struct unix_socket *u, uid_t uid, gid_t gid,
    struct errbuf *e)
{
	const char *path = u->sun.sun_path;
	char folder[sizeof(u->sun.sun_path)];

	if (u->foreign)
		return 0;
	if ((!u->made_folder || !folder_of(folder, path) ||
	    give(folder, 0, uid, gid) == 0) &&
	    give(path, u->ino, uid, gid) == 0 &&
	    (u->lock == -1 || fchown(u->lock, uid, gid) == 0))
		return 0;
	err_set_errno(e, "cannot change the owner of %s", path);
	return -1;
}

void
unix_socket_close(struct unix_socket *u)
{
	struct stat bound;

	if (u == NULL)
		return;
	bound.st_dev = u->dev;
	bound.st_ino = u->ino;
	if (!u->foreign && u->ino != 0 && is_path_of(u->sun.sun_path, &bound))
		(void)unlink(u->sun.sun_path);
	if (!u->foreign && u->lock != -1)
		(void)unlink(u->lock_path);
	if (u->lock != -1)
		(void)close(u->lock);
	if (u->fd != -1)
		(void)close(u->fd);
	free(u);
}

/* ---- for a check ---- */

/* Check that a socket can be made in the folder of the path.  If may_make is
 * set and the folder is missing, its parent folder is checked instead. */
static int
probe_folder(const char *path, bool may_make, struct errbuf *e)
{
	char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)] = ".";
	const char *slash = strrchr(path, '/');
	int len = slash != NULL ? (int)(slash - path) : 0;

	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    len > 0 ? len : 1, path);
	if (access(folder, W_OK | X_OK) == 0)
		return 0;
	if (errno == ENOENT && may_make && len > 0)
		return probe_folder(folder, false, e);
	err_set_errno(e, "%s", folder);
	return -1;
}

enum probed
unix_socket_probe(const char *path, struct errbuf *e)
{
	struct unix_socket u = { .sun = { .sun_family = AF_UNIX } };
	struct stat st;

	if (path_check_socket(path, e) == -1)
		return PROBED_FAILS;
	memcpy(u.sun.sun_path, path, strlen(path) + 1);
	if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode)) {
		err_set(e, "%s exists and is not a socket", path);
		return PROBED_FAILS;
	}
	if (probe_folder(path, true, e) == 0)
		return check_nobody(&u, e) == 0 ? PROBED_FREE : PROBED_BUSY;
	err_wrap(e, "cannot listen on %s", path);
	return PROBED_FAILS;
}
