/*
 * buf.c: a growing byte buffer.
 */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_MIN	64	/* bytes, the first allocation */

int
buf_reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : BUF_MIN;
	char *data;

	if (n <= b->cap - b->len)
		return 0;
	if (n > SIZE_MAX / 2 - b->len)
		return -1;
	while (cap < b->len + n)
		cap *= 2;
	if ((data = realloc(b->data, cap)) == NULL)
		return -1;
	b->data = data;
	b->cap = cap;
	return 0;
}

int
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return 0;
	if (buf_reserve(b, n) == -1)
		return -1;
	memcpy(b->data + b->len, p, n);
	b->len += n;
	return 0;
}

int
buf_add_slice(struct buf *b, struct slice s)
{
	return buf_add(b, s.p, s.len);
}

int
buf_add_str(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_add_char(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_fill(struct buf *b, char c, size_t n)
{
	if (buf_reserve(b, n) == -1)
		return -1;
	if (n > 0)
		memset(b->data + b->len, c, n);
	b->len += n;
	return 0;
}

int
buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list measure;
	int n;

	va_copy(measure, ap);
	n = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (n < 0 || buf_reserve(b, (size_t)n + 1) == -1)
		return -1;
	(void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
	return 0;
}

int
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = buf_vaddf(b, fmt, ap);
	va_end(ap);
	return rc;
}

void
buf_consume(struct buf *b, size_t n)
{
	if (n == 0)
		return;
	b->len -= n;
	memmove(b->data, b->data + n, b->len);
}

const char *
buf_cstr(struct buf *b)
{
	if (buf_reserve(b, 1) == -1)
		return NULL;
	b->data[b->len] = '\0';
	return b->data;
}

void
buf_trim(struct buf *b)
{
	char *data;

	if (b->len == b->cap || b->len == 0 ||
	    (data = realloc(b->data, b->len)) == NULL)
		return;
	b->data = data;
	b->cap = b->len;
}

void
buf_clear(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
