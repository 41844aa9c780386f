/*
 * input.h: where the texts come from: one that is at hand, stdin, or files
 * one behind the other, whole or cut: into lines, records or JSON values.
 *
 * What other tools leave between and behind records is none of them: a byte
 * order mark at a file's start; the CR of a CR LF; where records are JSON, also
 * blank lines, and the RS before each of a JSON text sequence (RFC 7464).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"
#include "base/records.h"
#include "base/slice.h"
#include "proto/json_cut.h"

#define INPUT_RECORD_MAX	(64u << 20)	/* bytes; servers take less */

struct input {
	const char	*text;	/* borrowed; not NULL: the only record */
	const struct opt_list *files;	/* borrowed; n 0: stdin, so "-" */
	enum records_end end;	/* RECORDS_CUT: JSON values */
	bool		 string; /* records are text, not JSON */
	bool		 replay; /* they are what wamp-sub -j printed */
	uint64_t	 from;	/* the first record to return, from 1 */
	/* work */
	struct json_cut	 cut;	/* of the current file */
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

/* Open the first file; text, files, end, string and from are set.  0 or -1. */
int	input_open(struct input *in, struct errbuf *e);

/* The next record, borrowed until input_read(). */
enum input_next input_next(struct input *in, struct slice *record,
	    struct errbuf *e);

/* Read once, blocking when there is nothing yet.  0 or -1. */
int	input_read(struct input *in, struct errbuf *e);

/* What input_read() reads from. */
int	input_fd(const struct input *in);

/* "line", "record" or "value", or NULL where they are not counted. */
const char *input_unit(const struct input *in);

/* Where a record stands. */
struct input_place {
	size_t	 file;
	uint64_t number;	/* in that file, from 1 */
	uint64_t count;		/* records of all files so far */
	uint64_t line;		/* of a JSON value, from 1; else 0 */
};

/* Where the last record stands. */
struct input_place input_place(const struct input *in);

/* Put that place before the message. */
void	input_locate(const struct input *in, const struct input_place *at,
	    struct errbuf *e);

/* The last record is no JSON: say so, where, and what may help. */
void	input_blame(const struct input *in, struct slice record,
	    const struct json_error *fault, struct errbuf *e);

void	input_clear(struct input *in);
