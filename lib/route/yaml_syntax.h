/*
 * yaml_syntax.h: inside of yaml_build.c: where libyaml stands, and why it
 * could not go on.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"
#include "route/diag.h"

struct yaml_mark_s;		/* libyaml's */
struct yaml_parser_s;

struct yaml_place {
	unsigned line, column;	/* from 1; the column in bytes */
};

/* libyaml counts characters, diagnostics count bytes: how far both are.
 * Zeroed: at the start of the text. */
struct yaml_cursor {
	size_t	chars;
	size_t	bytes;
	size_t	line;		/* from 0 */
	size_t	line_start;	/* byte where it starts */
};

/* Move on to a mark.  Marks come in order, so that all places of a file cost
 * one pass. */
struct yaml_place yaml_cursor_place(struct yaml_cursor *c, struct slice text,
	    const struct yaml_mark_s *m);

/* The error of a parser that failed for another reason than memory. */
void	yaml_syntax_report(const struct yaml_parser_s *p, const char *file,
	    struct slice text, struct diags *d);
