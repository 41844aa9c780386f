/*
 * cpu_limit.h: a bound on the processor time of work that may never end.
 *
 * For calls into a library that cannot be asked to stop by itself, but lets a
 * signal handler tell it to.  It costs no system call as long as the work is
 * short: a timer runs down while work is done, and only a piece of work that
 * lasts from one of its ends to the next is too long.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"

struct cpu_limit;

/*
 * Call expire(arg), from within a signal handler, when one piece of work has
 * taken the calling thread more than ms milliseconds; it may take twice that
 * until then.  Takes SIGRTMIN for the whole process.  NULL with *e filled.
 */
struct cpu_limit *cpu_limit_new(int64_t ms, void (*expire)(void *arg),
	    void *arg, struct errbuf *e);
void	cpu_limit_free(struct cpu_limit *l);

/* A new piece of work begins. */
void	cpu_limit_begin(struct cpu_limit *l);

/* It goes on until cpu_limit_leave(); what is between does not count. */
void	cpu_limit_enter(struct cpu_limit *l);
void	cpu_limit_leave(struct cpu_limit *l);
