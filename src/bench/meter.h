/*
 * meter.h: what a run costs: wall clock, the load generator's own CPU time
 * and the server's.
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

/* Begin.  EXIT_DONE, or EXIT_WORK when there is no such process. */
enum exit_status meter_start(struct meter *m, pid_t pid, struct errbuf *e);

/* End: the fields are durations from now on. */
enum exit_status meter_stop(struct meter *m, struct errbuf *e);

/* n of something within the measured time, for each second. */
double	meter_rate(const struct meter *m, uint64_t n);

/* The server's CPU time for each of n of something, in nanoseconds. */
double	meter_server_ns(const struct meter *m, uint64_t n);

/* Report the seconds and the CPU times, and whether the load generator's own
 * speed was the limit, which makes the other figures a lower bound. */
void	meter_report(const struct meter *m, struct report *r);

/* The resident memory of a process in bytes. */
enum exit_status meter_resident(uint64_t *bytes, pid_t pid,
	    struct errbuf *e);
