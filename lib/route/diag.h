/*
 * diag.h: errors and warnings in files, with their places.
 *
 * All errors of a file are reported in one run.  Each one has a place and the
 * name of the rule that it violates.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

struct buf;

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
	enum diag_level	level;
	char	       *file;	/* owned */
	unsigned	line;	/* from 1; 0: the file as a whole */
	unsigned	column;	/* from 1, in bytes */
	const char     *rule;	/* static: "unknown-key" */
	char	       *text;	/* owned; one line, no full stop */
};

/* Zeroed: none. */
struct diags {
	struct diag *v;		/* owned, in the order reported */
	size_t	     n, cap;
	size_t	     errors;	/* how many are DIAG_ERROR, kept or not */
	size_t	     dropped;	/* reported but not kept */
};

#define DIAGS_MAX	1000	/* to keep: nobody fixes more at a time */

/* Report one.  After DIAGS_MAX, and when out of memory, it is only counted. */
void	diag_add(struct diags *d, enum diag_level level, const char *file,
	    unsigned line, unsigned column, const char *rule,
	    const char *fmt, ...) __attribute__((format(printf, 7, 8)));
void	diag_vadd(struct diags *d, enum diag_level level, const char *file,
	    unsigned line, unsigned column, const char *rule,
	    const char *fmt, va_list ap) __attribute__((format(printf, 7, 0)));

/* "error" or "warning". */
const char *diag_level_name(enum diag_level level);

/* Whether there are so many errors that a reader should stop. */
bool	diags_full(const struct diags *d);

/* Sort those from number `from` on by these n files, other files last, and then
 * by place, and remove duplicates. */
void	diags_sort_files(struct diags *d, size_t from,
	    const char *const *files, size_t n);

/* Append "file:line:column: error: text [rule]".  0 or -1. */
int	diag_write(struct buf *out, const struct diag *g);

/* All of them, one a line. */
void	diag_print(const struct diags *d, FILE *out);

void	diag_clear(struct diags *d);

__END_DECLS
