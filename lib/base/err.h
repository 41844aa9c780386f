/*
 * err.h: the reason of a failure.
 *
 * A function that returns a failure (-1 or NULL) has filled the errbuf with a
 * sentence that a user can act on, without a newline or program name.  Callers
 * add context with err_wrap().  Only main or the log prints it.
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

/* Append the word that was probably meant; NULL: unknown. */
void	err_suggest(struct errbuf *e, const char *meant);

__END_DECLS
