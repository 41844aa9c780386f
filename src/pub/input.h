/*
 * input.h: where the texts come from: the command line, stdin, or files one
 * after the other.  An input is one text, or is cut into lines, records or JSON
 * values.
 *
 * What other tools add around records is skipped: a byte order mark at the
 * beginning of a file, and the CR of a CR LF.  If records are JSON, blank lines
 * and the RS before each value of a JSON text sequence (RFC 7464) are skipped,
 * too.
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
	const struct opt_list *files;	/* borrowed; n 0 or "-": stdin */
	enum records_end end;	/* RECORDS_CUT: JSON values */
	bool		 string; /* records are text, not JSON */
	bool		 replay; /* records are what wamp-sub -j printed */
	uint64_t	 from;	/* the first record to return, from 1 */
	/* work */
	struct json_cut	 cut;	/* of the current file */
	struct records	 in;	/* of the current file */
	size_t		 file;	/* the index of the current file */
	int		 opened;	/* the descriptor to close; or -1 */
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

/* Read once; block if there is no data yet.  0 or -1. */
int	input_read(struct input *in, struct errbuf *e);

/* The descriptor from which input_read() reads. */
int	input_fd(const struct input *in);

/* "line", "record" or "value", or NULL if they are not counted. */
const char *input_unit(const struct input *in);

/* The place of a record. */
struct input_place {
	size_t	 file;
	uint64_t number;	/* in that file, from 1 */
	uint64_t count;		/* records of all files so far */
	uint64_t line;		/* of a JSON value, from 1; else 0 */
};

/* The place of the last record. */
struct input_place input_place(const struct input *in);

/* Put that place before the message. */
void	input_locate(const struct input *in, const struct input_place *at,
	    struct errbuf *e);

/* The last record is not JSON: write why and where to *e, with a hint. */
void	input_blame(const struct input *in, struct slice record,
	    const struct json_error *fault, struct errbuf *e);

void	input_clear(struct input *in);
