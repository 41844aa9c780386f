/*
 * program.h: the jq programs in options, and the process that runs them.
 *
 * Texts are passed to the process one after the other, some before earlier
 * results are taken, so that it works while we do.  If a program runs too long,
 * takes too much memory or crashes, it fails for that text, and another process
 * continues with the next text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "client/program_args.h"
#include "proto/json.h"

__BEGIN_DECLS

#define PROGRAM_LIMIT	10000	/* ms of processor time for a text */
#define PROGRAM_MEMORY	(1u << 30)	/* bytes of the process */
#define PROGRAMS_AHEAD	512	/* texts passed without a result yet */

/* Zeroed: no programs, no process. */
struct programs {
	struct jq_worker *worker;	/* owned; NULL: it does not run */
	struct program_text *texts;	/* owned; n of them, by id - 1 */
	uint32_t	  n;
	struct program_job *first, *last; /* owned; the oldest is first */
	struct buf	  head;		/* a line before each program */
	struct buf	  args;		/* a member of each input; or empty */
	bool		  records;	/* see programs_bind() */
	size_t		  njobs;
	size_t		  bytes;	/* of their texts */
	uint32_t	  seq;
	int		  wake;		/* see programs_wake() */
	bool		  wakes;
};

/* Set the variables of all programs before the first one is compiled: args
 * (NULL: none) and, with records, $topic, which comes with each text.  0, or -1
 * with *e filled: a usage error. */
int	programs_bind(struct programs *p, const struct program_args *args,
	    bool records, struct errbuf *e);

/* Compile the value of that option, which must remain valid.  NULL: the option
 * was not given, and *id becomes 0. 0, or -1 with *e filled: a usage error with
 * its place. */
int	program_compile(struct programs *p, uint32_t *id, const char *option,
	    const char *text, struct errbuf *e);

/* The same without the name of an option, for callers that know better where
 * the program is. line and column of the error in it, from 1; 0: unknown. */
int	program_compile_at(struct programs *p, uint32_t *id,
	    const char *text, unsigned *line, unsigned *column,
	    struct errbuf *e);

void	programs_clear(struct programs *p);

/* Do not wait for results any more when that descriptor is readable. */
void	programs_wake(struct programs *p, int fd);

/* Whether results should be taken before more texts are passed. */
bool	programs_full(const struct programs *p);

/* ---- results ---- */

/* How to run a text. */
struct program_run {
	uint32_t program;	/* id; 0: its only value is the text itself */
	uint32_t topic;		/* id of the topic program, which runs on the
				 * text for each value; 0: none */
	bool	 first;		/* only the first value is wanted */
};

/* Pass a text, which is scanned JSON, to the process.  It is copied.  0 or
 * -1. */
int	programs_add(struct programs *p, const struct program_run *how,
	    struct slice text, struct errbuf *e);

/* The same with its topic, a JSON string, for records, see programs_bind(). */
int	programs_add_record(struct programs *p,
	    const struct program_run *how, struct slice topic,
	    struct slice text, struct errbuf *e);

struct program_value {
	struct slice	text;	/* JSON; without a program, the text itself */
	enum json_type	type;
	struct slice	topic[2];	/* results of the topic program */
	unsigned	topics;	/* their number, at most 2 */
};

enum program_next {
	PROGRAM_VALUE,		/* *v is filled, until the next call */
	PROGRAM_END,		/* the oldest text has no more values; it is
				 * removed */
	PROGRAM_FAILED,		/* the same, because the program failed: *e */
	PROGRAM_TOPIC_FAILED,	/* the same, because the topic program failed */
	PROGRAM_STOPPED,	/* see programs_wake() */
};

/* Wait for the next value of the oldest text. */
enum program_next programs_next(struct programs *p, struct program_value *v,
	    struct errbuf *e);

/* Skip the remaining values of the oldest text. */
void	programs_skip(struct programs *p);

__END_DECLS
