/*
 * t_wampd_confine.c: what a confined process can no longer do.
 *
 * Each attempt is made by a child of its own that confines itself as a broker
 * does, with one folder to write to.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/syscalls.h"
#include "proto/jq_confine.h"
#include "tap.h"
#include "wampd/config/config.h"
#include "wampd/confine.h"
#include "wampd/landlock.h"
#include "wampd/process/children.h"
#include "wampd/process/privileges.h"

#define CANNOT		100	/* status of a child that was not confined */

static char folder[] = "/tmp/t_wampd_confine.XXXXXX";
static char own[64], foreign[64], ports[96];

/* ---- attempts: 0, or an errno ---- */

static int
result(long rc)
{
	return rc == -1 ? errno : 0;
}

static int
try_program(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	return result(execv("/bin/true", argv));
}

static int
try_fork(void)
{
	pid_t pid = _Fork();

	if (pid == 0)
		_exit(0);
	return result(pid);
}

static int
try_ptrace(void)
{
	return result(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
try_mount(void)
{
	return result(mount("none", folder, "tmpfs", 0, NULL));
}

static int
try_root(void)
{
	return result(setuid(0));
}

static int
try_network(void)
{
	return result(socket(AF_INET, SOCK_STREAM, 0));
}

static int
try_packets(void)
{
	return result(socket(AF_PACKET, SOCK_RAW, 0));
}

static int
try_ring(void)
{
	return result(syscall(SYS_io_uring_setup, 1, NULL));
}

static int
try_type(void)
{
	return result(ioctl(STDIN_FILENO, TIOCSTI, "x"));
}

static int
make(const char *in)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/new", in);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd == -1 ? errno : result(unlink(path));
}

static int
try_own_folder(void)
{
	struct errbuf e;
	char path[128];
	int rc;

	(void)snprintf(path, sizeof(path), "%s/file", own);
	rc = io_replace_file(path, SLICE("x"), 0600, &e);
	return rc == 0 ? result(unlink(path)) : EIO;
}

static int
try_other_folder(void)
{
	return make(foreign);
}

static int
try_parent(void)
{
	return make(folder);
}

static int
try_read(void)
{
	return result(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int
try_local(void)
{
	return result(socket(AF_UNIX, SOCK_STREAM, 0));
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
try_thread(void)
{
	pthread_t t;
	int rc = pthread_create(&t, NULL, nothing, NULL);

	return rc != 0 ? rc : pthread_join(t, NULL);
}

static int
try_memory(void)
{
	void *p = malloc(8u << 20);

	free(p);
	return p == NULL ? ENOMEM : 0;
}

/* A call that no kernel has: what a new library would try. */
static int
try_unknown(void)
{
	return result(syscall(4000));
}

/* ---- the children ---- */

enum confined { BROKER, JQ, JQ_READING };

static int
confine(enum confined how)
{
	struct config cfg = { .confine = 1 };
	const struct privileges nobody = { .user = NULL };
	struct children *children;
	struct errbuf e;
	bool on;

	if (how != BROKER) {
		jq_confine(how == JQ);
		return 0;
	}
	if ((cfg.values = calloc(1000, sizeof(*cfg.values))) == NULL ||
	    (children = children_new(NULL, 1024, &nobody, &e)) == NULL)
		return -1;
	cfg.ports_file = ports;
	return confine_begin(&cfg, children, &on, &e) == 0 && on &&
	    confine_finish(&cfg, &e) == 0 ? 0 : -1;
}

/* The status of a child that has tried. */
static int
tried(enum confined how, int (*attempt)(void))
{
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	if ((pid = fork()) == 0)
		_exit(confine(how) == 0 ? attempt() : CANNOT);
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	return status;
}

static void
ends(int (*attempt)(void), const char *name)
{
	int status = tried(BROKER, attempt);

	tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
	    "%s ends the broker (status %#x)", name, (unsigned)status);
}

static void
yields(enum confined how, int (*attempt)(void), int want, const char *name)
{
	static const char *const who[] = { "the broker", "a jq worker",
	    "a tool's jq worker" };
	int status = tried(how, attempt);

	tap_int(WIFEXITED(status) ? WEXITSTATUS(status) : -status, want,
	    "%s by %s", name, who[how]);
}

static void
test_broker(void)
{
	ends(try_program, "running a program");
	ends(try_ptrace, "tracing");
	ends(try_mount, "mounting");
	ends(try_root, "becoming root");
	yields(BROKER, try_fork, ENOSYS, "forking");
	yields(BROKER, try_network, ENOSYS, "a socket of the network");
	yields(BROKER, try_packets, ENOSYS, "a socket of packets");
	yields(BROKER, try_ring, EPERM, "a ring of calls");
	yields(BROKER, try_type, ENOSYS, "typing on a terminal");
	yields(BROKER, try_unknown, ENOSYS, "a call of the future");
	yields(BROKER, try_read, 0, "reading a file");
	yields(BROKER, try_own_folder, 0, "writing to its folder");
	yields(BROKER, try_local, 0, "a local socket");
	yields(BROKER, try_thread, 0, "a thread");
	yields(BROKER, try_memory, 0, "memory");
}

static void
test_landlock(void)
{
	struct landlock l;
	struct errbuf e;
	int there = landlock_begin(&l, &e);

	landlock_abandon(&l);
	if (there != 1) {
		tap_ok(there == 0, "this kernel has no Landlock");
		return;
	}
	yields(BROKER, try_other_folder, EACCES, "writing elsewhere");
	yields(BROKER, try_parent, EACCES, "writing above its folder");
}

static void
test_jq(void)
{
	enum confined how;

	for (how = JQ; how <= JQ_READING; how++) {
		yields(how, try_program, ENOSYS, "running a program");
		yields(how, try_fork, ENOSYS, "forking");
		yields(how, try_network, ENOSYS, "a socket of the network");
		yields(how, try_local, ENOSYS, "a local socket");
		yields(how, try_own_folder, EIO, "writing to a folder");
		yields(how, try_memory, 0, "memory");
	}
	yields(JQ, try_read, ENOSYS, "reading a file");
	yields(JQ_READING, try_read, 0, "reading a file");
}

int
main(void)
{
	if (!syscalls_confinable()) {
		tap_ok(true, "this build cannot be confined");
		return tap_done();
	}
	log_init("t", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(own, sizeof(own), "%s/own", folder);
	(void)snprintf(foreign, sizeof(foreign), "%s/foreign", folder);
	(void)snprintf(ports, sizeof(ports), "%s/ports", own);
	(void)mkdir(own, 0700);
	(void)mkdir(foreign, 0700);
	test_broker();
	test_landlock();
	test_jq();
	(void)rmdir(own);
	(void)rmdir(foreign);
	(void)rmdir(folder);
	return tap_done();
}
