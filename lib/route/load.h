/*
 * load.h: reads routing files into a table of routes (oro.md 7.1 and 7.2).
 * routes_load() is declared in table.h, for code that only uses routes.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"
#include "route/diag.h"
#include "route/table.h"

/* As routes_load() for one file with this text; file is its name in
 * diagnostics. */
struct routes *routes_load_text(const char *file, struct slice text,
	    bool legacy, struct diags *d);
