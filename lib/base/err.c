/*
 * err.c: the reason of a failure.
 */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* needed: bytes of the whole message. */
static void
err_cut(struct errbuf *e, size_t needed)
{
	if (needed >= sizeof(e->msg))
		(void)utf8_cut(e->msg, sizeof(e->msg) - 1);
}

static void
err_vset(struct errbuf *e, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
err_vset(struct errbuf *e, const char *fmt, va_list ap)
{
	int n = vsnprintf(e->msg, sizeof(e->msg), fmt, ap);

	err_cut(e, n < 0 ? 0 : (size_t)n);
}

void
err_set(struct errbuf *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(e, fmt, ap);
	va_end(ap);
}

#define CONTEXT_MIN	64	/* bytes of the context that a long tail
				 * leaves */

/* Append ": tail".  If there is not enough room, the end of the context is cut,
 * for example of a path of 4 KiB: the tail says what is wrong. */
static void
err_append(struct errbuf *e, const char *tail)
{
	size_t len = strlen(e->msg);
	size_t need = sizeof("...: ") + strlen(tail);
	size_t room = need + CONTEXT_MIN < sizeof(e->msg) ?
	    sizeof(e->msg) - need : CONTEXT_MIN;

	if (len > room)
		len = utf8_cut(e->msg, room + strlen("..."));
	(void)snprintf(e->msg + len, sizeof(e->msg) - len, ": %s", tail);
	err_cut(e, len + strlen(": ") + strlen(tail));
}

void
err_set_errno(struct errbuf *e, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	err_vset(e, fmt, ap);
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
	err_vset(e, fmt, ap);
	va_end(ap);
	err_append(e, inner);
}

void
err_suggest(struct errbuf *e, const char *meant)
{
	size_t n = strlen(e->msg);

	if (meant == NULL)
		return;
	if (n > 0 && e->msg[n - 1] == '.')
		n--;
	(void)snprintf(e->msg + n, sizeof(e->msg) - n,
	    ", did you mean \"%s\"?", meant);
}
