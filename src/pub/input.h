/*
 * input.h: where the texts come from: one that is at hand, stdin, or files
 * one behind the other, whole or cut into records.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"
#include "base/records.h"
#include "base/slice.h"

#define INPUT_RECORD_MAX	(64u << 20)	/* bytes; servers take less */

struct input {
	const char	*text;	/* borrowed; not NULL: the only record */
	const struct opt_list *files;	/* borrowed; n 0: stdin, so "-" */
	enum records_end end;
	uint64_t	 from;	/* the first record to return, from 1 */
	/* work */
	struct records	 in;	/* of the current file */
	size_t		 file;	/* its index */
	int		 opened;	/* what to close behind it; or -1 */
	uint64_t	 count;	/* records of all files so far */
	bool		 taken;	/* text has been returned */
};

enum input_next {
	INPUT_RECORD,
	INPUT_MORE,		/* call input_read() first */
	INPUT_END,
	INPUT_FAULT,		/* *e says why, and where */
};

/* Open the first file; text, files, end and from are set.  0 or -1. */
int	input_open(struct input *in, struct errbuf *e);

/* The next record, borrowed until input_read(). */
enum input_next input_next(struct input *in, struct slice *record,
	    struct errbuf *e);

/* Read once, blocking when there is nothing yet.  0 or -1. */
int	input_read(struct input *in, struct errbuf *e);

/* What input_read() reads from. */
int	input_fd(const struct input *in);

/* "line" or "record", or NULL where they are not counted. */
const char *input_unit(const struct input *in);

/* Put before the message where the last record stands. */
void	input_locate(const struct input *in, struct errbuf *e);

void	input_clear(struct input *in);
