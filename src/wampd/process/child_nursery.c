/*
 * child_nursery.c: the process that starts programs for the broker.
 */
#include "wampd/process/child_nursery.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wampd/process/child_keeper.h"

/* Room for the descriptors of a packet, with the right alignment. */
union fd_room {
	struct cmsghdr head;
	char	       bytes[CMSG_SPACE(KEEPER_FDS * sizeof(int))];
};

/* ---- in the nursery ---- */

/* Wait for a packet.  False if the broker has ended. */
static bool
receive(int from, int fd[KEEPER_FDS])
{
	union fd_room room;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room.bytes, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(from, &m, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n != 1)
		return false;
	c = CMSG_FIRSTHDR(&m);
	if (c == NULL || c->cmsg_len != CMSG_LEN(KEEPER_FDS * sizeof(int)))
		return false;
	memcpy(fd, CMSG_DATA(c), KEEPER_FDS * sizeof(int));
	return true;
}

static void
start_keeper(const int fd[KEEPER_FDS], int nursery)
{
	struct child_keeper_news news = { .kind = KEEPER_CANNOT };
	/* fork() would make libuv renew its pipe for signals: that closes the
	 * descriptors that now have the numbers of the old pipe. */
	pid_t pid = _Fork();
	int i;

	if (pid == 0) {
		(void)close(nursery);
		child_keeper_run(fd);
	}
	if (pid == -1) {
		news.value = errno;
		(void)send(fd[KEEPER_CONTROL], &news, sizeof(news),
		    MSG_NOSIGNAL);
	}
	for (i = 0; i < KEEPER_FDS; i++)
		(void)close(fd[i]);
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
nursery_run(int fd)
{
	int with[KEEPER_FDS];
	sigset_t all;

	/* The nursery and its keepers end with the broker only, no matter
	 * what signals the terminal or the service manager sends to all. */
	(void)setsid();
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
	(void)signal(SIGCHLD, SIG_IGN);	/* keepers need no wait() */
	(void)prctl(PR_SET_NAME, "wampd-nursery");
	let_go(fd);
	while (receive(fd, with))
		start_keeper(with, fd);
	_exit(0);
}

/* ---- in the broker ---- */

int
child_nursery_open(struct child_nursery *n, struct errbuf *e)
{
	int ends[2];

	if (n->pid != 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ==
	    -1) {
		err_set_errno(e, "socketpair");
		return -1;
	}
	if ((n->pid = fork()) == 0)
		nursery_run(ends[1]);
	(void)close(ends[1]);
	if (n->pid != -1) {
		n->fd = ends[0];
		return 0;
	}
	err_set_errno(e, "fork");
	n->pid = 0;
	(void)close(ends[0]);
	return -1;
}

int
child_nursery_send(struct child_nursery *n, const int *fd)
{
	union fd_room room = { .bytes = { 0 } };
	char byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room.bytes, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(KEEPER_FDS * sizeof(int));
	memcpy(CMSG_DATA(c), fd, KEEPER_FDS * sizeof(int));
	return sendmsg(n->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == 1 ? 0 :
	    errno;
}

void
child_nursery_close(struct child_nursery *n)
{
	if (n->pid == 0)
		return;
	(void)close(n->fd);
	(void)kill(n->pid, SIGKILL);
	while (waitpid(n->pid, NULL, 0) == -1 && errno == EINTR)
		;
	n->pid = 0;
}
