/*
 * options.h: the command line of wamp-pub.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/opt.h"
#include "client/program_args.h"
#include "client/publisher.h"
#include "client/routed.h"
#include "client/tool.h"

struct pub_options {
	struct tool tool;
	struct routed routed;
	const char *topic;	/* NULL: from --route, or for each event */
	const char *text;	/* the operand, or "null"; NULL: input */
	struct opt_list files;	/* n 0: stdin */
	bool	    lines, nul, string, null, skip_invalid, dry_run;
	bool	    is_stdin;	/* the operand "-" */
	int64_t	    from;	/* the first record or value, from 1 */
	int64_t	    from_value;	/* options_check() copies it to from */
	const char *replay;	/* a file, or "-"; NULL: no recording */
	const char *speed_text;	/* NULL: not given */
	double	    speed;		/* set by options_check() */
	const char *filter;	/* jq programs; NULL: none */
	const char *topic_filter;
	struct program_args args;
	int64_t	    repeat;	/* times to publish each event; 0: not given,
				 * and options_check() sets 1 */
	int64_t	    delay_ms;	/* -1: none, as rate */
	int64_t	    rate;
	struct publisher_opts how;
};

/* Take the operands, and check that the options can be combined.  EXIT_USAGE
 * and *e filled if they cannot. */
enum exit_status options_check(struct pub_options *o,
	    struct opt_list *operands, struct errbuf *e);

void	options_clear(struct pub_options *o);
