/*
 * records.c: cuts a stream into records.
 */
#include "base/records.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define RECORDS_READ	(256u << 10)	/* the least number of bytes of a
					 * read */

void
records_init(struct records *r, int fd, enum records_end end, size_t max)
{
	*r = (struct records){ .fd = fd, .end = end, .max = max };
}

/* The offset of the end of the next record, or SIZE_MAX if it has not come. */
static size_t
records_find_end(struct records *r)
{
	const char *p;

	if (r->end == RECORDS_WHOLE || r->scanned == r->in.len)
		return SIZE_MAX;
	p = memchr(r->in.data + r->scanned,
	    r->end == RECORDS_LINES ? '\n' : '\0', r->in.len - r->scanned);
	if (p != NULL)
		return (size_t)(p - r->in.data);
	r->scanned = r->in.len;
	return SIZE_MAX;
}

/* The input has ended; the rest is a record if it is not empty. */
static enum records_next
records_last(struct records *r, struct slice *out)
{
	if (r->end == RECORDS_WHOLE ? r->count > 0 : r->at == r->in.len)
		return RECORDS_DONE;
	*out = slice_of(r->in.data + r->at, r->in.len - r->at);
	r->at = r->in.len;
	r->count++;
	return RECORDS_GOT;
}

static enum records_next
records_cut(struct records *r, struct slice *out)
{
	enum records_next next;
	size_t used;

	next = r->cut(r->cut_arg, slice_of(r->in.data + r->at,
	    r->in.len - r->at), r->eof, out, &used);
	r->at += used;
	r->scanned = r->at;
	if ((next == RECORDS_GOT ? out->len : r->in.len - r->at) > r->max)
		return RECORDS_TOO_LONG;
	if (next == RECORDS_GOT)
		r->count++;
	return next;
}

enum records_next
records_next(struct records *r, struct slice *out)
{
	size_t end;

	if (r->end == RECORDS_CUT)
		return records_cut(r, out);
	end = records_find_end(r);
	if ((end == SIZE_MAX ? r->in.len : end) - r->at > r->max)
		return RECORDS_TOO_LONG;
	if (end == SIZE_MAX)
		return r->eof ? records_last(r, out) : RECORDS_MORE;
	*out = slice_of(r->in.data + r->at, end - r->at);
	r->at = r->scanned = end + 1;
	r->count++;
	return RECORDS_GOT;
}

int
records_read(struct records *r, struct errbuf *e)
{
	ssize_t n;

	if (r->at > 0) {
		buf_consume(&r->in, r->at);
		r->scanned -= r->at;
		r->at = 0;
	}
	if (buf_reserve(&r->in, RECORDS_READ) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	do
		n = read(r->fd, r->in.data + r->in.len,
		    r->in.cap - r->in.len);
	while (n == -1 && errno == EINTR);
	if (n == -1) {
		err_set_errno(e, "cannot read");
		return -1;
	}
	r->eof = n == 0;
	r->in.len += (size_t)n;
	return 0;
}

void
records_clear(struct records *r)
{
	buf_clear(&r->in);
}
