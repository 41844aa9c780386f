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

#define CONTEXT_MIN	64	/* bytes that a long tail leaves of it */

/* Append ": tail".  If that is too much, it is the end of the context that
 * goes, say of a path of 4 KiB: the tail tells what is wrong. */
static void
err_append(struct errbuf *e, const char *tail)
{
	static const char cut[] = "...";
	size_t len = strlen(e->msg);
	size_t need = sizeof(cut) + strlen(": ") + strlen(tail);
	size_t room = need + CONTEXT_MIN < sizeof(e->msg) ?
	    sizeof(e->msg) - need : CONTEXT_MIN;

	if (len > room) {
		memcpy(e->msg + room, cut, sizeof(cut));
		len = room + strlen(cut);
	}
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
