/*
 * write.h: one batch of records, which a thread writes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/state/log_file.h"

/* The two files belong to the thread while it works. */
struct write_job {
	struct log_file log;	/* the log */
	struct log_file fresh;	/* the one that will replace it */
	struct buf more;	/* owned; records for the log */
	struct buf copy;	/* owned; records for the other one */
	bool	   finish;	/* the other one is complete then */
	uint64_t   kept;	/* saved.kept when the records were taken */

	/* Results; *e is filled if rc or fresh_rc is -1. */
	int	   rc;		/* of writing to the log */
	int	   fresh_rc;
	bool	   gone;	/* the log is not at its place any more */
	struct errbuf e;
};

/* Run it.  May be called in any thread. */
void	write_job_run(struct write_job *j);
