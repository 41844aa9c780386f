/*
 * confine.c: giving up what a running broker has no use for.
 *
 * The table has what the broker and its libraries call: the event loop and its
 * threads, OpenSSL, memory, names of users by whatever service knows them, the
 * files that are read again and those that are written.
 */
#include "wampd/confine.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/syscalls.h"
#include "wampd/check_user.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"
#include "wampd/landlock.h"
#include "wampd/net/listener.h"
#include "wampd/process/children.h"

#define ROW(call)	SYSCALLS_ROW(call)
#define ONLY(call, arg, mask, value)	SYSCALLS_ONLY(call, arg, mask, value)
#define REFUSE(call)	{ call, SYSCALLS_REFUSE, 0, 0, 0 }
#define ALL_BITS	UINT32_MAX
#define COUNT(rows)	(sizeof(rows) / sizeof((rows)[0]))

static const struct syscalls_row begin_rows[] = {
	{ "io_uring_setup", SYSCALLS_REFUSE, 0, 0, 0 },
};

static const struct syscalls_row rows[] = {
	/* descriptors */
	ROW("read"), ROW("write"), ROW("readv"), ROW("writev"),
	ROW("pread64"), ROW("pwrite64"), ROW("preadv"), ROW("pwritev"),
	ROW("preadv2"), ROW("pwritev2"), ROW("lseek"), ROW("_llseek"),
	ROW("close"), ROW("close_range"), ROW("dup"), ROW("dup2"),
	ROW("dup3"), ROW("pipe"), ROW("pipe2"), ROW("fcntl"),
	ROW("fcntl64"), ROW("eventfd2"), ROW("memfd_create"),
	ONLY("ioctl", 1, ALL_BITS, FIONBIO),
	ONLY("ioctl", 1, ALL_BITS, FIOCLEX),
	ONLY("ioctl", 1, ALL_BITS, FIONREAD),
	ONLY("ioctl", 1, ALL_BITS, TCGETS),
	ONLY("ioctl", 1, ALL_BITS, TIOCGWINSZ),

	/* waiting */
	ROW("poll"), ROW("ppoll"), ROW("ppoll_time64"), ROW("select"),
	ROW("_newselect"), ROW("pselect6"), ROW("pselect6_time64"),
	ROW("epoll_create"), ROW("epoll_create1"), ROW("epoll_ctl"),
	ROW("epoll_wait"), ROW("epoll_pwait"), ROW("epoll_pwait2"),
	ROW("inotify_init1"), ROW("inotify_add_watch"),
	ROW("inotify_rm_watch"), ROW("nanosleep"), ROW("clock_nanosleep"),
	ROW("clock_nanosleep_time64"),

	/* peers that come; of our own, only local sockets are made */
	ROW("accept"), ROW("accept4"), ROW("listen"), ROW("shutdown"),
	ROW("send"), ROW("recv"), ROW("sendto"), ROW("recvfrom"),
	ROW("sendmsg"), ROW("recvmsg"), ROW("sendmmsg"), ROW("recvmmsg"),
	ROW("getsockname"), ROW("getpeername"), ROW("getsockopt"),
	ROW("setsockopt"), ROW("connect"),
	ONLY("socket", 0, ALL_BITS, AF_UNIX),
	ONLY("socketpair", 0, ALL_BITS, AF_UNIX),

	/* files; Landlock says where they may be written */
	ROW("open"), ROW("openat"), ROW("stat"), ROW("stat64"),
	ROW("lstat"), ROW("lstat64"), ROW("fstat"), ROW("fstat64"),
	ROW("newfstatat"), ROW("fstatat64"), ROW("statx"), ROW("statfs"),
	ROW("statfs64"), ROW("fstatfs"), ROW("fstatfs64"), ROW("access"),
	ROW("faccessat"), ROW("faccessat2"), ROW("readlink"),
	ROW("readlinkat"), ROW("getcwd"), ROW("getdents"),
	ROW("getdents64"), ROW("rename"), ROW("renameat"),
	ROW("renameat2"), ROW("unlink"), ROW("unlinkat"), ROW("fsync"),
	ROW("fdatasync"), ROW("ftruncate"), ROW("ftruncate64"),
	ROW("fchmod"), ROW("flock"), ROW("umask"), ROW("fadvise64"),
	ROW("fadvise64_64"), ROW("arm_fadvise64_64"),

	/* memory */
	ROW("brk"), ROW("mmap"), ROW("mmap2"), ROW("munmap"),
	ROW("mremap"), ROW("mprotect"), ROW("madvise"), ROW("mlock"),
	ROW("mlock2"), ROW("munlock"), ROW("membarrier"),

	/* threads: a fork is none */
	ONLY("clone", 0, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD),
	ROW("futex"), ROW("futex_time64"), ROW("futex_waitv"),
	ROW("set_robust_list"), ROW("rseq"), ROW("set_tid_address"),
	ROW("sched_yield"), ROW("sched_getaffinity"),
	ROW("sched_getparam"), ROW("sched_getscheduler"), ROW("getcpu"),
	ROW("exit"), ROW("exit_group"),
	ONLY("prctl", 0, ALL_BITS, PR_SET_NAME),
	ONLY("prctl", 0, ALL_BITS, PR_SET_DUMPABLE),

	/* signals, and processes that the nursery has started for us */
	ROW("rt_sigaction"), ROW("rt_sigprocmask"), ROW("rt_sigreturn"),
	ROW("rt_sigpending"), ROW("rt_sigtimedwait"), ROW("sigreturn"),
	ROW("rt_sigtimedwait_time64"), ROW("sigaltstack"),
	ROW("restart_syscall"), ROW("kill"), ROW("tgkill"), ROW("wait4"),
	ROW("waitid"), ROW("waitpid"), ROW("setpriority"),
	ROW("getpriority"),

	/* who we are, what time it is, how much there is */
	ROW("getpid"), ROW("getppid"), ROW("gettid"), ROW("getuid"),
	ROW("getuid32"), ROW("geteuid"), ROW("geteuid32"), ROW("getgid"),
	ROW("getgid32"), ROW("getegid"), ROW("getegid32"),
	ROW("getresuid"), ROW("getresuid32"), ROW("getresgid"),
	ROW("getresgid32"), ROW("getgroups"), ROW("getgroups32"),
	ROW("clock_gettime"), ROW("clock_gettime64"), ROW("clock_getres"),
	ROW("clock_getres_time64"), ROW("gettimeofday"), ROW("time"),
	ROW("times"), ROW("getrandom"), ROW("sysinfo"), ROW("uname"),
	ROW("getrusage"), ROW("getrlimit"), ROW("ugetrlimit"),
	ROW("setrlimit"), ROW("prlimit64"),

	/* Libraries ask before they use it. */
	REFUSE("io_uring_setup"), REFUSE("io_uring_enter"),
	REFUSE("io_uring_register"),
};

enum { CONFINE_AUTO, CONFINE_YES, CONFINE_NO };	/* as confine_words */

static bool
has_secrets(const struct config *cfg)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (key_is_secret(&keys[i]) && cfg->values[i].text.n > 0)
			return true;
	return getenv("ORO_SECRET") != NULL;
}

void
confine_secrets(const struct config *cfg)
{
	const struct rlimit none = { 0, 0 };

	if (has_secrets(cfg) && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 ||
	    setrlimit(RLIMIT_CORE, &none) == -1))
		log_warn_errno("a core dump could show secrets");
}

int
confine_begin(const struct config *cfg, struct children *children, bool *on,
    struct errbuf *e)
{
	const struct syscalls_table table = { begin_rows, COUNT(begin_rows) };

	*on = false;
	if (cfg->confine == CONFINE_NO || (cfg->confine == CONFINE_AUTO &&
	    !syscalls_confinable()))
		return 0;
	if (!syscalls_confinable()) {
		err_set(e, "confine: this build cannot be confined");
		return -1;
	}
	if (children_confine(children, e) == -1)
		return -1;
	if (syscalls_confine(&table, 1, true, e) == 0) {
		*on = true;
		return 0;
	}
	err_wrap(e, "confine");
	if (cfg->confine == CONFINE_YES)
		return -1;
	log_warn("%s; the broker runs without it", e->msg);
	return 0;
}

int
confine_user(const struct config *cfg, const struct listeners *l,
    struct errbuf *e)
{
	const struct privileges whom = check_user_whom(cfg);

	if (privileges_are(&whom))
		return 0;
	if (listeners_give(l, whom.uid, whom.gid, e) == -1 ||
	    privileges_drop(&whom, e) == -1)
		return -1;
	confine_secrets(cfg);
	log_info("user=%s uid=%ld gid=%ld", whom.user, (long)whom.uid,
	    (long)whom.gid);
	return 0;
}

/* ---- folders ---- */

/* Those that keys name. */
static int
allow_key(const struct landlock *l, const struct config *cfg,
    const struct key *k, struct errbuf *e)
{
	const struct opt_list *text = &cfg->values[k - keys].text;

	if (text->n == 0)
		return 0;
	if (k->type == KEY_FOLDER)
		return landlock_allow(l, text->v[text->n - 1], e);
	if (k->type == KEY_MADE || k->type == KEY_SOCKET)
		return landlock_allow_beside(l, text->v[text->n - 1], e);
	return 0;
}

static int
allow_all(const struct landlock *l, const struct config *cfg,
    struct errbuf *e)
{
	const struct endpoint *at;
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (allow_key(l, cfg, &keys[i], e) == -1)
			return -1;
	for (i = 0; (at = config_endpoint(cfg, i, NULL, NULL)) != NULL; i++)
		if (at->path != NULL &&
		    landlock_allow_beside(l, at->path, e) == -1)
			return -1;
	if (cfg->ports_file == NULL)
		return 0;
	return landlock_allow_beside(l, cfg->ports_file, e) == 0 ?
	    landlock_allow(l, cfg->ports_file, e) : -1;
}

/* 1; 0 if the kernel has no Landlock; or -1. */
static int
confine_files(const struct config *cfg, struct errbuf *e)
{
	struct landlock l;
	int rc = landlock_begin(&l, e);

	if (rc != 1)
		return rc;
	if (allow_all(&l, cfg, e) == 0)
		return landlock_finish(&l, e) == 0 ? 1 : -1;
	landlock_abandon(&l);
	return -1;
}

int
confine_finish(const struct config *cfg, struct errbuf *e)
{
	const struct syscalls_table tables[] = {
		{ rows, COUNT(rows) },
		{ syscalls_deadly, nsyscalls_deadly },
	};
	int files = confine_files(cfg, e);

	if (files == -1 || syscalls_confine(tables, COUNT(tables), false,
	    e) == -1) {
		err_wrap(e, "confine");
		return -1;
	}
	log_info("confined: system calls%s", files == 1 ?
	    ", folders written to" : "; this kernel has no Landlock");
	return 0;
}
