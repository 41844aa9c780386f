/*
 * jq_confine.c: what the process that runs jq programs may ask of the kernel.
 *
 * It has all that it needs when it begins: memory, time, the socket to its
 * asker.  One that is not bare reads the modules that programs import.  All
 * else fails, which takes fewer rows than what would end it: the filter is made
 * at each start of a tool that runs jq programs.
 */
#include "proto/jq_confine.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/syscalls.h"

#define ROW(call)	SYSCALLS_ROW(call)
#define ONLY(call, arg, mask, value)	SYSCALLS_ONLY(call, arg, mask, value)

static const struct syscalls_row working[] = {
	/* the socket, and what programs print */
	ROW("read"), ROW("write"), ROW("writev"), ROW("close"),
	/* memory */
	ROW("brk"), ROW("mmap"), ROW("mmap2"), ROW("munmap"), ROW("mremap"),
	ROW("madvise"), ROW("mprotect"), ROW("futex"), ROW("futex_time64"),
	ROW("getrandom"),
	/* time, also the file of the zone, which is looked at again */
	ROW("clock_gettime"), ROW("clock_gettime64"), ROW("gettimeofday"),
	ROW("time"), ROW("timer_settime"), ROW("timer_settime64"),
	ROW("stat"), ROW("stat64"), ROW("newfstatat"), ROW("fstatat64"),
	ROW("statx"), ROW("fstat"), ROW("fstat64"),
	/* signals, also those of an assertion that fails */
	ROW("rt_sigreturn"), ROW("sigreturn"), ROW("rt_sigprocmask"),
	ROW("rt_sigaction"), ROW("restart_syscall"), ROW("getpid"),
	ROW("gettid"),
	/* the end */
	ROW("exit"), ROW("exit_group"),
};

static const struct syscalls_row reading[] = {
	ONLY("open", 1, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY),
	ONLY("openat", 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY),
	ROW("access"), ROW("faccessat"), ROW("faccessat2"), ROW("lstat"),
	ROW("lstat64"), ROW("readlink"), ROW("readlinkat"), ROW("getcwd"),
	ROW("lseek"), ROW("_llseek"), ROW("pread64"), ROW("ioctl"),
	ROW("getuid"), ROW("geteuid"), ROW("getuid32"), ROW("geteuid32"),
};

#define COUNT(rows)	(sizeof(rows) / sizeof((rows)[0]))

void
jq_confine(bool bare)
{
	const uint64_t self = (uint64_t)getpid();
	/* It may end itself, and nobody else. */
	const struct syscalls_row ending[] = {
		ONLY("kill", 0, UINT32_MAX, self),
		ONLY("tgkill", 0, UINT32_MAX, self),
	};
	const struct syscalls_table tables[] = {
		{ working, COUNT(working) },
		{ ending, COUNT(ending) },
		{ reading, bare ? 0 : COUNT(reading) },
	};
	struct errbuf e;

	/* A machine without filters still has the limits. */
	if (syscalls_confinable())
		(void)syscalls_confine(tables, COUNT(tables), false, &e);
}
