/*
 * err.c: how a function that failed says why.
 */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void
err_set(struct errbuf *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
}

/* Append ": tail", cutting what does not fit. */
static void
err_append(struct errbuf *e, const char *tail)
{
	size_t len = strlen(e->msg);

	(void)snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", tail);
}

void
err_set_errno(struct errbuf *e, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	err_append(e, strerror(saved));
}

void
err_wrap(struct errbuf *e, const char *fmt, ...)
{
	char inner[sizeof(e->msg)];
	va_list ap;

	memcpy(inner, e->msg, sizeof(inner));
	va_start(ap, fmt);
	(void)vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	err_append(e, inner);
}
