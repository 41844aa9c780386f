/*
 * syscalls.h: letting the kernel refuse the system calls that a process has no
 * use for.
 *
 * A table has a row for each call.  A call that no row names fails with ENOSYS,
 * as on an older kernel, and its caller does without it: a library that learns
 * new calls with an update must not end a broker that has run for months.
 * Calls that only an intruder makes are named, and end the process.
 *
 * Rows name calls of all architectures; those that this one does not have are
 * left out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct syscalls_row {
	const char *name;	/* "read" */
	enum {
		SYSCALLS_ALLOW,
		SYSCALLS_ALLOW_IF,	/* (argument & mask) == value */
		SYSCALLS_REFUSE,	/* the call fails with EPERM */
		SYSCALLS_KILL,		/* the process ends */
	} how;
	unsigned argument;	/* from 0 */
	uint64_t mask, value;
};

/* Rows of calls without a condition. */
#define SYSCALLS_ROW(call)	{ call, SYSCALLS_ALLOW, 0, 0, 0 }
#define SYSCALLS_ONLY(call, arg, mask, value)				\
	{ call, SYSCALLS_ALLOW_IF, arg, mask, value }
#define SYSCALLS_DEADLY(call)	{ call, SYSCALLS_KILL, 0, 0, 0 }

/* What only an intruder calls: to run programs, to look into other processes,
 * to change the system. */
extern const struct syscalls_row syscalls_deadly[];
extern const size_t nsyscalls_deadly;

struct syscalls_table {
	const struct syscalls_row *rows;	/* borrowed */
	size_t	 n;
};

/* Whether this build can be confined.  A sanitizer, valgrind and what counts
 * lines for coverage make calls of their own. */
bool	syscalls_confinable(void);

/* Load what syscalls_confine() needs, as long as files can be opened.  0, or -1
 * with *e filled. */
int	syscalls_prepare(struct errbuf *e);

/*
 * Confine all threads of this process for good, and forbid programs to give it
 * rights.  others: whether calls that no table names are allowed.  0, or -1
 * with *e filled; then no call is refused.
 */
int	syscalls_confine(const struct syscalls_table *tables, size_t n,
	    bool others, struct errbuf *e);
