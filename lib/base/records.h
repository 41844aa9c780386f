/*
 * records.h: cuts a stream into records: lines, NUL-ended records, the whole
 * stream, or what a function of the caller finds.
 *
 * Reading and cutting are separate calls.  The caller decides when to block,
 * and no record needs a system call or an allocation of its own.
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

/* RECORDS_CUT: find the next record, *out, in rest, which is all data that was
 * read and not used yet. eof: no more data will come.  *used is the number of
 * bytes to skip from now on.  Returns any value except RECORDS_TOO_LONG. */
typedef enum records_next records_cut_fn(void *arg, struct slice rest,
	    bool eof, struct slice *out, size_t *used);

struct records {
	int		 fd;	/* borrowed */
	enum records_end end;
	records_cut_fn	*cut;	/* for RECORDS_CUT; set after records_init() */
	void		*cut_arg;
	size_t		 max;	/* bytes, the longest record */
	struct buf	 in;	/* what was read */
	size_t		 at;	/* where the next record begins in it */
	size_t		 scanned; /* there is no end before this */
	bool		 eof;
	uint64_t	 count;	/* records returned so far */
};

void	records_init(struct records *r, int fd, enum records_end end,
	    size_t max);

/* The next record, borrowed until records_read().  The last line may lack its
 * end, if it is not empty.  RECORDS_WHOLE returns exactly one record. */
enum records_next records_next(struct records *r, struct slice *out);

/* Read once; block if there is no data yet.  0 or -1. */
int	records_read(struct records *r, struct errbuf *e);

void	records_clear(struct records *r);
