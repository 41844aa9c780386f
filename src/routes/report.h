/*
 * report.h: the diagnostics of routing files, in formats for CI.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "route/diag.h"

/* Each appends to *out; 0, or -1 when out of memory. */

/* SARIF 2.1.0, for GitHub's code scanning. */
int	report_sarif(struct buf *out, const struct diags *d);

/* JUnit's XML, for GitLab and Jenkins.  Each failure is a failed test, and each
 * of the n files without a failure is a test that passed.  strict: warnings are
 * failures (report_junit.c). */
int	report_junit(struct buf *out, const struct diags *d,
	    const char *const *files, size_t n, bool strict);
