/*
 * meter.c: the cost of a run.
 */
#include "bench/meter.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/io.h"
#include "bench/report.h"

#define LIMIT_SHARE	0.95	/* busy for more of the time: the limit */
#define STATUS_MAX	65536	/* bytes of /proc/PID/status */

/* CPU time of all threads of a process. */
static enum exit_status
meter_cpu(int64_t *us, pid_t pid, struct errbuf *e)
{
	struct timespec ts;
	clockid_t clock;

	errno = clock_getcpuclockid(pid, &clock);
	if (errno != 0 || clock_gettime(clock, &ts) == -1) {
		err_set_errno(e, "process %d", (int)pid);
		return EXIT_WORK;
	}
	*us = (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
	return EXIT_DONE;
}

static enum exit_status
meter_read(struct meter *m, struct errbuf *e)
{
	enum exit_status st;

	m->server_us = 0;
	if (m->pid != 0 &&
	    (st = meter_cpu(&m->server_us, m->pid, e)) != EXIT_DONE)
		return st;
	if ((st = meter_cpu(&m->own_us, getpid(), e)) != EXIT_DONE)
		return st;
	m->wall_us = clock_us();
	return EXIT_DONE;
}

enum exit_status
meter_start(struct meter *m, pid_t pid, struct errbuf *e)
{
	m->pid = pid;
	return meter_read(m, e);
}

enum exit_status
meter_stop(struct meter *m, struct errbuf *e)
{
	const struct meter start = *m;
	enum exit_status st;

	if ((st = meter_read(m, e)) != EXIT_DONE)
		return st;
	m->wall_us -= start.wall_us;
	m->own_us -= start.own_us;
	m->server_us -= start.server_us;
	if (m->wall_us == 0)
		m->wall_us = 1;		/* rates are divided by it */
	return EXIT_DONE;
}

double
meter_rate(const struct meter *m, uint64_t n)
{
	return (double)n * 1e6 / (double)m->wall_us;
}

double
meter_server_ns(const struct meter *m, uint64_t n)
{
	return n > 0 ? (double)m->server_us * 1e3 / (double)n : 0;
}

void
meter_report(const struct meter *m, struct report *r)
{
	double share = (double)m->own_us / (double)m->wall_us;

	report_add(r, "seconds", (double)m->wall_us / 1e6, 6);
	report_add(r, "bench_cpu", share, 3);
	report_flag(r, "bench_limited", share > LIMIT_SHARE);
	if (m->pid != 0)
		report_add(r, "server_cpu",
		    (double)m->server_us / (double)m->wall_us, 3);
	if (share > LIMIT_SHARE)
		tool_say(r->tool, "the load generator was itself the limit: "
		    "busy %.0f %% of the time", share * 100);
}

enum exit_status
meter_resident(uint64_t *bytes, pid_t pid, struct errbuf *e)
{
	enum exit_status st = EXIT_WORK;
	struct buf status = { 0 };
	unsigned long long kib;
	const char *row = NULL;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	if (io_read_file(&status, path, STATUS_MAX, e) == -1)
		goto out;
	if (buf_cstr(&status) != NULL)
		row = strstr(status.data, "\nVmRSS:");
	if (row == NULL || sscanf(row, "\nVmRSS: %llu", &kib) != 1) {
		err_set(e, "there is no VmRSS in it");
		goto out;
	}
	*bytes = kib * 1024;
	st = EXIT_DONE;
out:
	if (st != EXIT_DONE)
		err_wrap(e, "%s", path);
	buf_clear(&status);
	return st;
}
