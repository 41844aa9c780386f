/*
 * run.h: maintenance that lasts as long as a command runs.
 */
#pragma once

#include "maint/maint.h"

/* How a run came out. */
struct run_end {
	int status;	/* the command's, as shells have it; 0: it did well,
			 * or was not run */
	int signo;	/* what to die of, or 0 */
};

/* Turn it on, run the command, NULL-terminated, and turn it off.  EXIT_DONE,
 * or what went wrong with the notice, and *e says what. */
enum exit_status run_command(struct maint *m, char *const *command,
	    struct run_end *end, struct errbuf *e);
