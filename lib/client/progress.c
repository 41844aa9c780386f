/*
 * progress.c: a line on stderr that tells how far a run has come.
 */
#include "client/progress.h"

#include <inttypes.h>
#include <stdarg.h>
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

bool
progress_due(struct progress *p)
{
	int64_t now;

	if (!p->on || (now = clock_us()) < p->next_us)
		return false;
	p->next_us = now + EACH_US;
	return true;
}

void
progress_line(struct progress *p, const char *fmt, ...)
{
	va_list ap;

	progress_hide(p);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	p->shown = true;
}

void
progress_show(struct progress *p, const char *what, uint64_t done,
    uint64_t total)
{
	if (!progress_due(p))
		return;
	if (total > 0)
		progress_line(p, "%" PRIu64 " of %" PRIu64 " %s, %.0f %%",
		    done, total, what, (double)done * 100 / (double)total);
	else
		progress_line(p, "%" PRIu64 " %s", done, what);
}

void
progress_hide(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);	/* erase the line */
	p->shown = false;
}

void
progress_end(struct progress *p)
{
	progress_hide(p);
	p->on = false;
}
