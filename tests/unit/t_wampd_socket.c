/*
 * t_wampd_socket.c: one owner a socket, whoever else wants it, and addresses.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/endpoint.h"
#include "tap.h"
#include "wampd/net/listen.h"
#include "wampd/net/unix_socket.h"

#define AT_ONCE	4
#define ROUNDS	150

static char folder[] = "/tmp/t_socket.XXXXXX";
static char path[64], lock[72];

static struct sockaddr_un
address(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	memcpy(sun.sun_path, path, strlen(path));
	return sun;
}

/* A socket of somebody who knows of no lock; backlog -1: left behind. */
static int
foreign(int backlog)
{
	struct sockaddr_un sun = address();
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    (backlog >= 0 && listen(fd, backlog) == -1))
		abort();
	if (backlog >= 0)
		return fd;
	(void)close(fd);
	return -1;
}

static struct unix_socket *
open_it(struct errbuf *e)
{
	return unix_socket_open(path, 0600, (gid_t)-1, e);
}

/* It is refused with that, and what is there stays. */
static void
assert_refused(const char *text)
{
	struct errbuf e = { "" };
	struct stat before = { 0 }, after = { 0 };

	(void)lstat(path, &before);
	tap_ok(open_it(&e) == NULL, "it is refused");
	tap_ok(strstr(e.msg, text) != NULL, "with \"%s\": %s", text, e.msg);
	(void)lstat(path, &after);
	tap_ok(before.st_ino == after.st_ino, "and nothing is removed");
}

static void
test_life(void)
{
	struct errbuf e = { "" };
	struct unix_socket *u;
	struct stat st;
	int fd;

	foreign(-1);
	tap_ok((u = open_it(&e)) != NULL, "a stale socket is replaced");
	tap_ok((fd = unix_socket_take_fd(u)) != -1, "and listened on");
	tap_ok(stat(lock, &st) == 0 && (st.st_mode & 0777) == 0600,
	    "nobody else may take the lock");
	assert_refused("another wampd is running there (process ");
	unix_socket_close(u);
	(void)close(fd);
	tap_ok(access(path, F_OK) == -1 && access(lock, F_OK) == -1,
	    "socket and lock go together");
}

/* As after somebody has removed both files by hand, and started another. */
static void
test_replaced(void)
{
	struct errbuf e = { "" };
	struct unix_socket *first, *second;

	first = open_it(&e);
	(void)unlink(path);
	(void)unlink(lock);
	tap_ok((second = open_it(&e)) != NULL, "a path that was cleared");
	(void)close(unix_socket_take_fd(first));
	unix_socket_close(first);
	tap_ok(access(path, F_OK) == 0, "the first one leaves the second's");
	unix_socket_close(second);
}

static void
test_locked(void)
{
	int fd = open(lock, O_RDWR | O_CREAT, 0600);

	foreign(-1);
	if (fd == -1 || flock(fd, LOCK_EX) == -1)
		abort();
	assert_refused("another wampd is running there");
	(void)close(fd);
	(void)unlink(path);
	(void)unlink(lock);
}

/* The locks that others may have laid there. */
static void
test_bad_lock(void)
{
	if (symlink("/dev/null", lock) == -1)
		abort();
	assert_refused(lock);
	(void)unlink(lock);
	if (mkfifo(lock, 0600) == -1)
		abort();
	assert_refused("is not a regular file");
	(void)unlink(lock);
}

static void
test_foreign(void)
{
	struct sockaddr_un sun = address();
	int fd = foreign(0), peers[16], n = 0;

	assert_refused("another wampd is running there");
	/* Its queue is full: a connection would wait for it to accept one. */
	do {
		peers[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	} while (connect(peers[n], (struct sockaddr *)&sun, sizeof(sun)) ==
	    0 && ++n < 15);
	tap_int(errno, EAGAIN, "the owner is stuck");
	assert_refused("accepts no connections");
	for (; n >= 0; n--)
		(void)close(peers[n]);
	(void)close(fd);
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_refused("exists and is not a socket");
	(void)close(fd);
	(void)unlink(path);
}

/* ---- several at once ---- */

/* Wait for the start, try, tell, and die when all have tried: as a process
 * that is killed, which removes nothing. */
static void
try_it(int start, int result, int end)
{
	struct errbuf e;
	char c = 0;

	(void)!read(start, &c, 1);
	c = open_it(&e) != NULL ? 'y' : 'n';
	(void)!write(result, &c, 1);
	(void)!read(end, &c, 1);
	_exit(0);
}

/* How many got it. */
static int
race(void)
{
	int start[2], result[2], end[2], i, got = 0;
	char c;

	if (pipe(start) == -1 || pipe(result) == -1 || pipe(end) == -1)
		abort();
	for (i = 0; i < AT_ONCE; i++)
		if (fork() == 0) {
			(void)close(start[1]);
			(void)close(end[1]);
			try_it(start[0], result[1], end[0]);
		}
	(void)close(start[1]);
	for (i = 0; i < AT_ONCE; i++)
		got += read(result[0], &c, 1) == 1 && c == 'y';
	(void)close(end[1]);
	while (wait(NULL) > 0)
		;
	(void)close(start[0]);
	(void)close(result[0]);
	(void)close(result[1]);
	(void)close(end[0]);
	return got;
}

static void
test_race(void)
{
	int i, alone = 0;

	foreign(-1);
	for (i = 0; i < ROUNDS; i++)
		alone += race() == 1;
	tap_int(alone, ROUNDS, "of several at once exactly one gets it");
	(void)unlink(path);
	(void)unlink(lock);
}

/* ---- addresses ---- */

static void
test_zeros(void)
{
	char text[4096] = "127.0.0.1:";
	struct endpoint at;
	struct listen_sockets l;
	struct buf bound = { 0 };
	struct errbuf e = { "" };

	memset(text + strlen(text), '0', 4000);
	if (endpoint_parse(&at, text, &e) == -1 ||
	    listen_open(&l, &at, NULL, &e) == -1)
		abort();
	tap_int((int64_t)l.n, 1, "a port of 4000 zeros is port 0");
	tap_int(listen_describe(l.fds[0], &at, &bound), 0, "it is told");
	tap_ok(buf_cstr(&bound) != NULL && strncmp(bound.data, "127.0.0.1:",
	    10) == 0 && bound.len < 17, "and bound as any other");
	listen_close(&l);
	buf_clear(&bound);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		abort();
	(void)snprintf(path, sizeof(path), "%s/socket", folder);
	(void)snprintf(lock, sizeof(lock), "%s.lock", path);
	test_life();
	test_replaced();
	test_locked();
	test_bad_lock();
	test_foreign();
	test_race();
	test_zeros();
	tap_int(rmdir(folder), 0, "nothing is left behind");
	return tap_done();
}
