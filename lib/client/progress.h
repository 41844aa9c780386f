/*
 * progress.h: a line on stderr that tells how far a run has come, when that
 * is a terminal and the run takes longer than a moment.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool	on;
	bool	shown;		/* the line is there */
	int64_t	next_us;	/* when it is due */
};

/* Begin; quiet: there is to be none. */
void	progress_start(struct progress *p, bool quiet);

/* Whether a line is due; the next one is so a moment later. */
bool	progress_due(struct progress *p);

/* Show a text as the line, in place of the one before. */
void	progress_line(struct progress *p, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* done of total (0: unknown) of what.  Cheap as long as no line is due. */
void	progress_show(struct progress *p, const char *what, uint64_t done,
	    uint64_t total);

/* Take the line away, so that something else can be said. */
void	progress_hide(struct progress *p);

/* The same, and show none any more. */
void	progress_end(struct progress *p);
