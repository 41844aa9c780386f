/*
 * child_nursery.c: the process that starts programs for the broker.
 */
#include "wampd/process/child_nursery.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "proto/jq_spawn.h"
#include "wampd/process/child_keeper.h"

#define NURSERY_PATIENCE 5000	/* ms for an answer; it takes less than one */

/* How many descriptors each order has. */
static const size_t order_fds[] = {
	[NURSERY_KEEPER] = KEEPER_FDS,
	[NURSERY_JQ] = 2,
	[NURSERY_SPARE] = 1,
};

/* Room for the descriptors of a packet, with the right alignment. */
union fd_room {
	struct cmsghdr head;
	char	       bytes[CMSG_SPACE(KEEPER_FDS * sizeof(int))];
};

/* ---- in the nursery ---- */

/* Wait for a packet.  False if the broker has ended. */
static bool
receive(int from, unsigned char *what, int fd[KEEPER_FDS])
{
	union fd_room room;
	struct iovec iov = { .iov_base = what, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room.bytes, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *c;
	size_t size;
	ssize_t n;

	do
		n = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n != 1 || *what > NURSERY_SPARE)
		return false;
	size = order_fds[*what] * sizeof(int);
	c = CMSG_FIRSTHDR(&m);
	if (c == NULL || c->cmsg_len != CMSG_LEN(size))
		return false;
	memcpy(fd, CMSG_DATA(c), size);
	return true;
}

static void
start_keeper(const int fd[KEEPER_FDS], int nursery)
{
	struct child_keeper_news news = { .kind = KEEPER_CANNOT };
	/* fork() would make libuv renew its pipe for signals: that closes the
	 * descriptors that now have the numbers of the old pipe. */
	pid_t pid = _Fork();

	if (pid == 0) {
		(void)close(nursery);
		child_keeper_run(fd);
	}
	if (pid == -1) {
		news.value = errno;
		(void)send(fd[KEEPER_CONTROL], &news, sizeof(news),
		    MSG_NOSIGNAL);
	}
}

/* A fork that is a child of the broker, which waits for it, kills it and is its
 * "parent" when it asks.  No function of the C library makes one.  What runs in
 * it must not depend on the id that the C library has for its thread. */
static pid_t
fork_sibling(void)
{
	return (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
}

/* The socket of the nursery that is to serve next: its own, or, in a new spare,
 * that of the spare. */
static int
start_sibling(enum child_nursery_what what, const int *fd, int nursery)
{
	pid_t pid = fork_sibling();
	int32_t answer = pid == -1 ? -errno : (int32_t)pid;

	if (pid != 0) {
		(void)send(nursery, &answer, sizeof(answer), MSG_NOSIGNAL);
		return nursery;
	}
	(void)close(nursery);
	if (what == NURSERY_JQ) {
		jq_spawn_become(fd[0], fd[1]);
		_exit(127);
	}
	return fcntl(fd[0], F_DUPFD_CLOEXEC, 3);
}

/* Close the descriptors of the broker, or they would stay open when the broker
 * closes them. */
static void
let_go(int keep)
{
	int i, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (i = 0; i < 3 && null != -1; i++)
		(void)dup2(null, i);
	if (keep > 3)
		(void)close_range(3, (unsigned)keep - 1, 0);
	(void)close_range((unsigned)keep + 1, ~0u, 0);
}

static _Noreturn void
nursery_run(int fd, const struct privileges *whom)
{
	int with[KEEPER_FDS];
	unsigned char what;
	struct errbuf e;
	sigset_t all;
	size_t i;

	/* The nursery and its keepers end with the broker only, no matter
	 * what signals the terminal or the service manager sends to all. */
	(void)setsid();
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	(void)signal(SIGCHLD, SIG_IGN);	/* keepers need no wait() */
	(void)prctl(PR_SET_NAME, "wampd-nursery");
	/* It has the broker's environment, in which there may be a secret. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	let_go(fd);
	if (privileges_drop(whom, &e) == -1)
		_exit(1);
	while (receive(fd, &what, with)) {
		if (what == NURSERY_KEEPER)
			start_keeper(with, fd);
		else
			fd = start_sibling(what, with, fd);
		for (i = 0; i < order_fds[what]; i++)
			(void)close(with[i]);
	}
	_exit(0);
}

/* ---- in the broker ---- */

static void
end_close(struct child_nursery_end *n)
{
	if (n->pid == 0)
		return;
	(void)close(n->fd);
	(void)kill(n->pid, SIGKILL);
	while (waitpid(n->pid, NULL, 0) == -1 && errno == EINTR)
		;
	n->pid = 0;
}

/* Never blocks.  0 or an errno. */
static int
end_send(const struct child_nursery_end *n, enum child_nursery_what what,
    const int *fd)
{
	size_t size = order_fds[what] * sizeof(int);
	union fd_room room = { .bytes = { 0 } };
	unsigned char byte = (unsigned char)what;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room.bytes, .msg_controllen = CMSG_SPACE(size),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), fd, size);
	return sendmsg(n->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1 ? 0 :
	    errno;
}

/* Wait for the id of a child.  0 or an errno; EPIPE: the nursery is gone, or
 * has stopped. */
static int
end_hear(const struct child_nursery_end *n, pid_t *pid)
{
	struct pollfd p = { .fd = n->fd, .events = POLLIN };
	int32_t answer;
	int rc;

	do
		rc = poll(&p, 1, NURSERY_PATIENCE);
	while (rc == -1 && errno == EINTR);
	if (rc != 1 || recv(n->fd, &answer, sizeof(answer), MSG_DONTWAIT) !=
	    (ssize_t)sizeof(answer))
		return EPIPE;
	if (answer < 0)
		return -answer;
	*pid = answer;
	return 0;
}

static int
end_order(const struct child_nursery_end *n, enum child_nursery_what what,
    const int *fd, pid_t *pid)
{
	int rc = end_send(n, what, fd);

	if (rc == ECONNRESET)
		return EPIPE;
	return rc == 0 && pid != NULL ? end_hear(n, pid) : rc;
}

/* 0 or -1 with errno. */
static int
open_socket(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
}

int
child_nursery_open(struct child_nursery *n, struct errbuf *e)
{
	int ends[2];

	if (n->now.pid != 0)
		return 0;
	if (n->confined) {
		err_set(e, "the processes that start programs were killed; "
		    "restart the broker");
		return -1;
	}
	if (open_socket(ends) == -1) {
		err_set_errno(e, "socketpair");
		return -1;
	}
	if ((n->now.pid = fork()) == 0)
		nursery_run(ends[1], &n->whom);
	(void)close(ends[1]);
	if (n->now.pid != -1) {
		n->now.fd = ends[0];
		return 0;
	}
	err_set_errno(e, "fork");
	n->now.pid = 0;
	(void)close(ends[0]);
	return -1;
}

/* 0 or an errno. */
static int
open_spare(struct child_nursery *n)
{
	struct child_nursery_end *s = &n->spare;
	int ends[2], rc;

	/* One that was killed is buried. */
	if (s->pid != 0 && waitpid(s->pid, NULL, WNOHANG) == 0)
		return 0;
	if (s->pid != 0)
		(void)close(s->fd);
	s->pid = 0;
	if (open_socket(ends) == -1)
		return errno;
	rc = end_order(&n->now, NURSERY_SPARE, &ends[1], &s->pid);
	(void)close(ends[1]);
	if (rc == 0)
		s->fd = ends[0];
	else
		(void)close(ends[0]);
	return rc;
}

int
child_nursery_confine(struct child_nursery *n, struct errbuf *e)
{
	int rc;

	if (child_nursery_open(n, e) == -1)
		return -1;
	if ((rc = open_spare(n)) != 0) {
		err_set(e, "cannot start a process: %s", strerror(rc));
		return -1;
	}
	n->confined = true;
	return 0;
}

/* The nursery is gone: another one takes its place.  0 or an errno. */
static int
replace(struct child_nursery *n)
{
	struct errbuf e;

	end_close(&n->now);
	n->now = n->spare;
	n->spare.pid = 0;
	if (child_nursery_open(n, &e) == 0)
		return 0;
	log_err("%s", e.msg);
	return ESRCH;
}

int
child_nursery_order(struct child_nursery *n, enum child_nursery_what what,
    const int *fd, pid_t *pid)
{
	int rc = EPIPE;

	if (n->now.pid != 0)
		rc = end_order(&n->now, what, fd, pid);
	if (rc == EPIPE && (rc = replace(n)) == 0)
		rc = end_order(&n->now, what, fd, pid);
	/* If it fails, the next order tries again. */
	if (n->confined && rc == 0)
		(void)open_spare(n);
	return rc;
}

void
child_nursery_close(struct child_nursery *n)
{
	end_close(&n->now);
	end_close(&n->spare);
}
