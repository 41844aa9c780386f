/*
 * err.h: how a function that failed says why.
 *
 * Whoever returns failure (-1 or NULL) has filled the errbuf with a sentence
 * that a user can act on: no newline, no program name.  Callers add context
 * with err_wrap(); only the edge (main, or the log) prints.
 */
#pragma once

#include <stdarg.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

struct errbuf {
	char	msg[512];	/* NUL-terminated; truncated, never overrun */
};

/* Replace the message. */
void	err_set(struct errbuf *e, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Replace the message by "text: strerror(errno)". */
void	err_set_errno(struct errbuf *e, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Put "context: " before the message. */
void	err_wrap(struct errbuf *e, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Append what was probably meant; NULL: nothing is known. */
void	err_suggest(struct errbuf *e, const char *meant);

__END_DECLS
