/*
 * program.h: the jq programs that are options' values, and the process that
 * runs them.
 *
 * Texts are handed over one after the other, some ahead of what is taken of
 * their results: that way the process works while we do.  A program that runs
 * too long, takes too much memory or crashes fails for that one text, and
 * another process goes on with the next.
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
#define PROGRAMS_AHEAD	512	/* texts handed over, without a result yet */

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

/* What all programs know by name, before the first is compiled: args (NULL:
 * none) and, with records, $topic, which comes with each text.  0, or -1 with
 * *e filled: a usage error. */
int	programs_bind(struct programs *p, const struct program_args *args,
	    bool records, struct errbuf *e);

/* Compile the value of that option, which must stay; NULL: it was not given,
 * and *id becomes 0.  0, or -1 with *e filled: a usage error with its
 * place. */
int	program_compile(struct programs *p, uint32_t *id, const char *option,
	    const char *text, struct errbuf *e);

/* The same without a name, for who knows better where the program stands:
 * line and column in it, from 1; 0: unknown. */
int	program_compile_at(struct programs *p, uint32_t *id,
	    const char *text, unsigned *line, unsigned *column,
	    struct errbuf *e);

void	programs_clear(struct programs *p);

/* Waiting for results ends when that descriptor is readable. */
void	programs_wake(struct programs *p, int fd);

/* Whether so much was handed over that results should be taken. */
bool	programs_full(const struct programs *p);

/* ---- results ---- */

/* How a text is to be run. */
struct program_run {
	uint32_t program;	/* id; 0: its only value is the text itself */
	uint32_t topic;		/* id of one that runs on the text as well, for
				 * each value; 0: none */
	bool	 first;		/* no value but the first is wanted */
};

/* Hand over a text, scanned JSON, of which a copy is made.  0 or -1. */
int	programs_add(struct programs *p, const struct program_run *how,
	    struct slice text, struct errbuf *e);

/* The same with its topic, a JSON string: for records, see programs_bind(). */
int	programs_add_record(struct programs *p,
	    const struct program_run *how, struct slice topic,
	    struct slice text, struct errbuf *e);

struct program_value {
	struct slice	text;	/* JSON; the text's own bytes if it is that */
	enum json_type	type;
	struct slice	topic[2];	/* what the topic program yields */
	unsigned	topics;	/* how many, at most 2 */
};

enum program_next {
	PROGRAM_VALUE,		/* *v is filled, until the next call */
	PROGRAM_END,		/* the oldest text has no more, and is gone */
	PROGRAM_FAILED,		/* the same; *e says why it has none */
	PROGRAM_TOPIC_FAILED,	/* the same, because of the topic program */
	PROGRAM_STOPPED,	/* see programs_wake() */
};

/* The next value of the oldest text; waits for it. */
enum program_next programs_next(struct programs *p, struct program_value *v,
	    struct errbuf *e);

/* Take no more of the oldest text. */
void	programs_skip(struct programs *p);

__END_DECLS
