/*
 * opt.h: command-line options from one table.
 *
 * A tool declares its options as rows; parsing, -h, the completions and the
 * tests that compare them with the man page all read the same rows.
 *
 * Accepted: -x, -xVALUE, -x VALUE, -xyz (flags in a bunch), --long,
 * --long=VALUE, --long VALUE, and "--", which ends the options.  Names are
 * not abbreviated.  Options and operands may be mixed.  "-" alone is an
 * operand.  Every program has -h, --help, -V/--version and, as its
 * first word, the hidden --complete without naming them.  -h shows what people
 * use and fits a screen, --help shows every row.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/cdefs.h>

#include "base/err.h"
#include "base/opt_list.h"

__BEGIN_DECLS

/* What a row's value is; the parser checks it and stores it at `at`. */
enum opt_type {
	OPT_FLAG,	/* bool *: set to true */
	OPT_COUNT,	/* unsigned *: one more each time */
	OPT_STRING,	/* const char **: borrowed from argv */
	OPT_INT,	/* int64_t *: between min and max */
	OPT_DURATION,	/* int64_t *: milliseconds, see num_duration() */
	OPT_SIZE,	/* uint64_t *: bytes, see num_size() */
	OPT_LIST,	/* struct opt_list *: one value more each time */
	OPT_PAIR,	/* struct opt_list *: two values more each time */
	OPT_CHOICE,	/* int *: index into choices */
	OPT_HEADING,	/* no option: a heading in the help */
};

/* How completion completes the value. */
enum opt_complete { OPT_C_NONE, OPT_C_FILE, OPT_C_TOPIC, OPT_C_PROCEDURE,
    OPT_C_ROUTE, OPT_C_SESSION, OPT_C_PROFILE, OPT_C_COMMAND, OPT_C_WORDS };

struct opt {
	char		   short_name;	/* 0: none */
	const char	  *long_name;	/* NULL: none; the table's end has
					 * neither name nor heading */
	enum opt_type	   type;
	const char	  *arg;		/* value's name in the help: "PATH" */
	const char	  *help;	/* one line, no full stop */
	void		  *at;		/* where the value goes */
	long long	   min, max;	/* OPT_INT only */
	const char *const *choices;	/* OPT_CHOICE only; NULL-terminated */
	enum opt_complete  complete;	/* for the value; OPT_C_FILE: it may be
					 * any bytes, others are UTF-8 */
	bool		   may_be_empty; /* the value; otherwise refused */
	bool		   rare;	/* in --help, not in -h */
};

struct opt_spec {
	const char	 *name;		/* program's name: "wamp-pub" */
	const char	 *synopsis;	/* "[options] TOPIC [JSON]" */
	const char	 *summary;	/* one line: what the program does */
	const struct opt *rows;
	enum opt_complete operand;	/* how the first operand completes */
	bool		  each;		/* and all others too */
	const char *const *words;	/* with OPT_C_WORDS; else NULL */
};

enum opt_outcome {
	OPT_RUN,	/* go on */
	OPT_DONE,	/* help or version was printed: exit 0 */
	OPT_USAGE,	/* e is filled: print it, exit 2 */
	OPT_COMPLETE,	/* --complete WORD...: offer what completes the last
			 * word; those are argv[2] and on */
};

/* Parse argv.  Values are stored as the rows say.  Operands are moved to
 * operands->v, which the caller frees.  If a row that takes one value is given
 * twice, the last value counts.  The error for an unknown option names the
 * nearest one. */
enum opt_outcome opt_parse(const struct opt_spec *spec, int argc, char **argv,
	    struct opt_list *operands, struct errbuf *e);

/* Free the lists that rows have filled, for a caller that does not continue. */
void	opt_clear(const struct opt_spec *spec);

/* The index of the word, or -1: then *e names the nearest word, or all
 * words. */
int	opt_word(const char *const *words, const char *given,
	    struct errbuf *e);

__END_DECLS
