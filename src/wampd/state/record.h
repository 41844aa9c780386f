/*
 * record.h: the bytes of the log of kept events.
 *
 * The log is one line of text, STATE_MAGIC, and records behind it.  A record
 * says that a topic keeps an event from now on, or does not keep one any more.
 * Each one has a checksum and begins at a multiple of RECORD_ALIGN, so that
 * those behind a damaged place are found again.  Numbers are little-endian:
 *
 *	offset	bytes
 *	0	4	RECORD_MARK
 *	4	4	CRC-32 of all that follows
 *	8	4	bytes of the record, without the padding behind it
 *	12	4	bytes of the topic
 *	16	8	number of the event
 *	24	8	when it was published, ms since 1970
 *	32	8	when it is not retained any more; 0: no end
 *	40	4	KEEP_ bits, and RECORD_DROP
 *	44	4	CRC-32 of the bytes 8 to 43: they are right, even if the
 *			rest of the record is missing
 *	48		topic, event; zeros up to the next record
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define STATE_MAGIC	"wampd events 1\n\n"	/* with the version */
#define STATE_MAGIC_LEN	16
#define RECORD_ALIGN	8

#define RECORD_DROP	0x10u	/* the event is not kept as that any more */

struct record {
	struct slice topic;
	struct slice event;	/* JSON; empty with RECORD_DROP */
	uint64_t     number;	/* later events of a topic have higher ones */
	int64_t	     at, until;	/* ms since 1970; until 0: no end */
	unsigned     as;	/* KEEP_RETAINED, KEEP_HISTORY; RECORD_DROP */
};

/* Bytes that it takes in a log. */
size_t	record_size(const struct record *r);

/* Append a record without the checksum of all.  0, or -1 when out of memory. */
int	record_add(struct buf *out, const struct record *r);

/* Fill in the checksums of complete records.  May be called in any thread. */
void	record_seal(struct buf *records);

/* What was found in a log beside its records. */
struct record_faults {
	uint64_t damaged;	/* bytes that are not records */
	uint64_t torn;		/* bytes of a record at the end of which the
				 * rest is missing, or zeros */
};

/* A walk over the records of a log. */
struct record_reader {
	struct slice all;	/* without STATE_MAGIC */
	size_t	     at;	/* the next byte */
	uint64_t     budget;	/* bytes that may still be looked at to find
				 * a record behind damaged bytes */
	struct record_faults faults;
};

void	record_begin(struct record_reader *in, struct slice all);

/* The next record, whose slices point into the log.  False at the end. */
bool	record_next(struct record_reader *in, struct record *r);
