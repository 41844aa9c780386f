/*
 * declare_text.h: declared handlers as text, for comparison.
 */
#pragma once

#include "route/declare.h"
#include "route/diag.h"

/* For "%.*s": the first line of a text, as a name must be one line. */
#define LINE(text)	(int)strcspn((text), "\n"), (text)

/* What the source declares, one handler a line, and then its faults, which
 * are in *d too.  The caller frees it. */
char   *declare_text(const struct declare_source *src, struct diags *d);
