/*
 * records.h: a stream cut into records: lines, NUL-ended pieces, or the whole.
 *
 * Reading and cutting are two calls, so that the caller decides when to block
 * and no record costs a system call or an allocation of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

enum records_end { RECORDS_LINES, RECORDS_NUL, RECORDS_WHOLE };

struct records {
	int		 fd;	/* borrowed */
	enum records_end end;
	size_t		 max;	/* bytes, the longest record */
	struct buf	 in;	/* what was read */
	size_t		 at;	/* where in it the next record starts */
	size_t		 scanned; /* up to here it has no end */
	bool		 eof;
	uint64_t	 count;	/* records returned so far */
};

enum records_next {
	RECORDS_GOT,	/* *out is the next record, without its end */
	RECORDS_MORE,	/* call records_read() first */
	RECORDS_DONE,	/* there are no more */
	RECORDS_TOO_LONG,
};

void	records_init(struct records *r, int fd, enum records_end end,
	    size_t max);

/* The next record, borrowed until records_read().  A last line without its
 * end counts when it is not empty; RECORDS_WHOLE yields exactly one. */
enum records_next records_next(struct records *r, struct slice *out);

/* Read once, blocking when there is nothing yet.  0 or -1. */
int	records_read(struct records *r, struct errbuf *e);

void	records_clear(struct records *r);
