/*
 * run.h: maintenance that lasts as long as a command runs.
 */
#pragma once

#include "maint/maint.h"

/* How a run ended. */
struct run_end {
	int status;	/* the command's, as in a shell; 0: success, or the
			 * command was not run */
	int signo;	/* the signal to die of, or 0 */
};

/* Turn maintenance on, run the NULL-terminated command, and turn maintenance
 * off.  EXIT_DONE, or the failure of turning it on or off, with *e filled. */
enum exit_status run_command(struct maint *m, char *const *command,
	    struct run_end *end, struct errbuf *e);
