/*
 * show.h: routes as wamp-routes prints them.
 */
#pragma once

#include "base/buf.h"
#include "base/slice.h"
#include "route/diag.h"
#include "route/table.h"
#include "routes/sheet.h"

/* Each appends to *out; 0, or -1 when out of memory. */

/* The diagnostics of the files. */
int	show_diags(struct buf *out, const struct diags *d,
	    enum sheet_format format);

/* All routes. */
int	show_list(struct buf *out, const struct routes *r,
	    enum sheet_format format);

/* Which route matches the topic, and why earlier ones do not. */
int	show_match(struct buf *out, const struct routes *r,
	    struct slice topic, enum sheet_format format);

/* A routing file with the same routes (show_file.c). */
int	show_file(struct buf *out, const struct routes *r);
