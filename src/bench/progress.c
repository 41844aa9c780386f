/*
 * progress.c: a line on stderr that tells how far a run has come.
 */
#include "bench/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define FIRST_US	1000000	/* what is faster needs no line */
#define EACH_US		200000

void
progress_start(struct progress *p, bool quiet)
{
	p->on = !quiet && isatty(STDERR_FILENO);
	p->next_us = clock_us() + FIRST_US;
}

void
progress_show(struct progress *p, const char *what, uint64_t done,
    uint64_t total)
{
	int64_t now;

	if (!p->on || (now = clock_us()) < p->next_us)
		return;
	p->next_us = now + EACH_US;
	p->shown = true;
	if (total > 0)
		fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " %s, %.0f %%",
		    done, total, what, (double)done * 100 / (double)total);
	else
		fprintf(stderr, "\r%" PRIu64 " %s", done, what);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);	/* erase the line */
	*p = (struct progress){ .on = false };
}
