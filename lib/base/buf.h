/*
 * buf.h: a growing byte buffer.  A zeroed struct buf is an empty buffer; no
 * init call is needed.  Appending may move data: keep offsets, not pointers.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <sys/cdefs.h>

#include "base/slice.h"

__BEGIN_DECLS

struct buf {
	char   *data;		/* owned; NULL while cap is 0 */
	size_t	len;		/* bytes in use */
	size_t	cap;		/* bytes allocated */
};

/* Make room for n more bytes.  0, or -1 when out of memory (unchanged). */
int	buf_reserve(struct buf *b, size_t n);

/* Append; 0, or -1 when out of memory (then nothing was appended). */
int	buf_add(struct buf *b, const void *p, size_t n);
int	buf_add_slice(struct buf *b, struct slice s);
int	buf_add_str(struct buf *b, const char *s);
int	buf_add_char(struct buf *b, char c);
int	buf_fill(struct buf *b, char c, size_t n);	/* c, n times */
int	buf_addf(struct buf *b, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
int	buf_vaddf(struct buf *b, const char *fmt, va_list ap)
	    __attribute__((format(printf, 2, 0)));

/* Drop the first n bytes (n <= len); the rest moves to the front. */
void	buf_consume(struct buf *b, size_t n);

/* Empty it but keep the memory. */
static inline void
buf_reset(struct buf *b)
{
	b->len = 0;
}

/* The content, borrowed until the next append. */
static inline struct slice
buf_slice(const struct buf *b)
{
	return slice_of(b->data, b->len);
}

/* Add a NUL after the content, which is not counted in len.  Returns data as a
 * C string, or NULL when out of memory.  Borrowed until the next append. */
const char *buf_cstr(struct buf *b);

/* Give back the memory that is allocated, but not in use. */
void	buf_trim(struct buf *b);

/* Free the memory; the buffer is empty and usable again. */
void	buf_clear(struct buf *b);

__END_DECLS
