/*
 * options.h: what the command line of wamp-pub asks for.
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
	const char *topic;	/* NULL: of --route, or of each event */
	const char *text;	/* the operand, or null's; NULL: input */
	struct opt_list files;	/* n 0: stdin */
	bool	    lines, nul, string, null, skip_invalid, dry_run;
	bool	    is_stdin;	/* the operand "-" */
	int64_t	    from;	/* the first record or value, from 1 */
	int64_t	    from_value;	/* which options_check() puts there */
	const char *replay;	/* a file, or "-"; NULL: no recording */
	const char *speed_text;	/* NULL: not given */
	double	    speed;		/* which options_check() makes of it */
	const char *filter;	/* jq programs; NULL: none */
	const char *topic_filter;
	struct program_args args;
	int64_t	    repeat;	/* each event, so many times; 0: not given,
				 * which options_check() makes 1 */
	int64_t	    delay_ms;	/* -1: none, as rate */
	int64_t	    rate;
	struct publisher_opts how;
};

/* Take the operands, and see that the options go together.  EXIT_USAGE and
 * *e filled when they do not. */
enum exit_status options_check(struct pub_options *o,
	    struct opt_list *operands, struct errbuf *e);

void	options_clear(struct pub_options *o);
