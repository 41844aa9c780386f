/*
 * open.c: sessions that are opened and do nothing: their memory, and how fast
 * many are opened at once.
 */
#include "bench/bench.h"

#include "bench/meter.h"
#include "bench/pool.h"

#define OPEN_MESSAGE	1024	/* bytes; only WELCOME and pings come */

/* Open all sessions, and measure that. */
static enum exit_status
open_all(struct pool *p, struct meter *m, const struct bench *b,
    struct errbuf *e)
{
	enum exit_status st;

	st = pool_init(p, b, (size_t)b->clients, OPEN_MESSAGE, e);
	if (st == EXIT_DONE)
		st = meter_start(m, (pid_t)b->pid, e);
	if (st == EXIT_DONE)
		st = pool_open(p, (size_t)b->clients, (size_t)b->window, e);
	if (st == EXIT_DONE)
		st = meter_stop(m, e);
	return st;
}

static void
open_report(const struct pool *p, const struct meter *m, struct report *r)
{
	report_add(r, "clients", (double)p->opened, 0);
	report_add(r, "sessions_per_s", meter_rate(m, p->opened), 0);
	report_hist(r, "open", &p->opening);
	meter_report(m, r);
}

enum exit_status
bench_idle(struct bench *b, struct report *r, struct errbuf *e)
{
	uint64_t before = 0, after = 0;
	struct pool p = { 0 };
	struct meter m;
	enum exit_status st = EXIT_DONE;

	if (b->pid != 0)
		st = meter_resident(&before, (pid_t)b->pid, e);
	if (st == EXIT_DONE)
		st = open_all(&p, &m, b, e);
	if (st == EXIT_DONE)
		st = pool_hold(&p, b->duration_ms, e);
	if (st == EXIT_DONE && b->pid != 0)
		st = meter_resident(&after, (pid_t)b->pid, e);
	if (st == EXIT_DONE) {
		open_report(&p, &m, r);
		if (b->pid != 0) {
			report_add(r, "resident_before", (double)before, 0);
			report_add(r, "resident_after", (double)after, 0);
			report_add(r, "bytes_per_session", ((double)after -
			    (double)before) / (double)b->clients, 0);
		}
	}
	pool_clear(&p);
	return st;
}

enum exit_status
bench_storm(struct bench *b, struct report *r, struct errbuf *e)
{
	struct pool p = { 0 };
	struct meter m;
	enum exit_status st;

	if ((st = open_all(&p, &m, b, e)) == EXIT_DONE)
		open_report(&p, &m, r);
	pool_clear(&p);
	return st;
}
