/*
 * reload_report.h: what a reload has found, for callers and the log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct config;
struct diags;
struct generation;
struct reload_reading;

/* Append the answer, a JSON object.  now is the generation in force.  0, or -1
 * when out of memory. */
int	reload_report(struct buf *out, const struct reload_reading *r,
	    const struct generation *now, bool dry);

/* Append the errors and warnings as a JSON list, not more than REPORT_DIAGS.
 * 0, or -1 when out of memory. */
#define REPORT_DIAGS	100
int	reload_report_diags(struct buf *out, const struct diags *d);

/* Append the first error and how many more there are, for people. */
int	reload_report_error(struct buf *out, const struct diags *d);

/* Log the keys that need a restart, with their places. */
void	reload_log_restart(const struct config *cfg);

/* Log that this is in force now, and how much has changed. */
void	reload_log_done(const struct reload_reading *r, uint64_t generation);
