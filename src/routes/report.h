/*
 * report.h: what was found in routing files, as machines of CI read it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "route/diag.h"

/* Each appends to *out; 0, or -1 when out of memory. */

/* SARIF 2.1.0, which GitHub's code scanning takes. */
int	report_sarif(struct buf *out, const struct diags *d);

/* JUnit's XML, which GitLab and Jenkins take: a failure is a failed test, and
 * each of the n files without one a test that passed.  strict: warnings are
 * failures (report_junit.c). */
int	report_junit(struct buf *out, const struct diags *d,
	    const char *const *files, size_t n, bool strict);
