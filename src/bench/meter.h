/*
 * meter.h: the cost of a run: wall clock time, and the CPU time of the load
 * generator and of the server.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/exit.h"

struct report;

struct meter {
	pid_t	pid;		/* the server, or 0: unknown */
	int64_t	wall_us;	/* while running: the start; then: elapsed */
	int64_t	own_us;		/* CPU time, likewise */
	int64_t	server_us;	/* CPU time, likewise; 0 without pid */
};

/* Begin.  EXIT_DONE, or EXIT_WORK if there is no such process. */
enum exit_status meter_start(struct meter *m, pid_t pid, struct errbuf *e);

/* End: the fields are durations from now on. */
enum exit_status meter_stop(struct meter *m, struct errbuf *e);

/* The rate of n things within the measured time, per second. */
double	meter_rate(const struct meter *m, uint64_t n);

/* The server's CPU time for each of n things, in nanoseconds. */
double	meter_server_ns(const struct meter *m, uint64_t n);

/* Report the seconds and the CPU times, and whether the load generator was the
 * limit: then the server may be faster than the other figures. */
void	meter_report(const struct meter *m, struct report *r);

/* The resident memory of a process in bytes. */
enum exit_status meter_resident(uint64_t *bytes, pid_t pid,
	    struct errbuf *e);
