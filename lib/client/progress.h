/*
 * progress.h: a line on stderr with the progress of a run, if stderr is a
 * terminal and the run takes longer than a moment.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool	on;
	bool	shown;		/* the line is visible */
	int64_t	next_us;	/* when the next line is due */
};

/* Begin. quiet: show no lines. */
void	progress_start(struct progress *p, bool quiet);

/* Whether a line is due.  The next one is due a moment later. */
bool	progress_due(struct progress *p);

/* Show a text as the line, instead of the previous one. */
void	progress_line(struct progress *p, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Show that done of total (0: unknown) things are done.  This is cheap while no
 * line is due. */
void	progress_show(struct progress *p, const char *what, uint64_t done,
	    uint64_t total);

/* Remove the line, so that a message can be printed. */
void	progress_hide(struct progress *p);

/* Remove the line, and show no more lines. */
void	progress_end(struct progress *p);
