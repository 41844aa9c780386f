/*
 * records.h: a stream cut into records: lines, NUL-ended pieces, the whole, or
 * what the caller knows to cut.
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

enum records_end { RECORDS_LINES, RECORDS_NUL, RECORDS_WHOLE, RECORDS_CUT };

enum records_next {
	RECORDS_GOT,	/* *out is the next record, without its end */
	RECORDS_MORE,	/* call records_read() first */
	RECORDS_DONE,	/* there are no more */
	RECORDS_TOO_LONG,
};

/* RECORDS_CUT: find the next record, *out, in rest, which is all that was read
 * and not yet used; eof: nothing will follow.  *used is how many bytes to leave
 * out from now on.  Any but RECORDS_TOO_LONG. */
typedef enum records_next records_cut_fn(void *arg, struct slice rest,
	    bool eof, struct slice *out, size_t *used);

struct records {
	int		 fd;	/* borrowed */
	enum records_end end;
	records_cut_fn	*cut;	/* RECORDS_CUT; set behind records_init() */
	void		*cut_arg;
	size_t		 max;	/* bytes, the longest record */
	struct buf	 in;	/* what was read */
	size_t		 at;	/* where in it the next record starts */
	size_t		 scanned; /* up to here it has no end */
	bool		 eof;
	uint64_t	 count;	/* records returned so far */
};

void	records_init(struct records *r, int fd, enum records_end end,
	    size_t max);

/* The next record, borrowed until records_read().  A last line without its
 * end counts when it is not empty; RECORDS_WHOLE yields exactly one. */
enum records_next records_next(struct records *r, struct slice *out);

/* Read once, blocking when there is nothing yet.  0 or -1. */
int	records_read(struct records *r, struct errbuf *e);

void	records_clear(struct records *r);
