/*
 * sub.h: what the parts of wamp-sub share.
 *
 *	receive.c	the run: wait, stop, connect again
 *	subscribe.c	subscribe, and report that it is done
 *	old.c		events of the past
 *	take.c		an event: ignored, filtered, printed or passed on
 *	command.c	one run of the command of --exec
 *	sink.c		stdout
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/opt.h"
#include "client/format.h"
#include "client/look.h"
#include "client/output.h"
#include "client/program_args.h"
#include "client/program.h"
#include "client/routed.h"
#include "client/tool.h"
#include "sub/old.h"
#include "sub/sink.h"

/* What the command line asks for. */
struct sub_options {
	struct opt_list topics;		/* owned arrays, all three */
	struct opt_list prefixes;
	struct opt_list without;	/* -T */
	bool	    all;
	int64_t	    limit;		/* -C; 0: none */
	int64_t	    within_ms;		/* -W; -1: none, as idle_ms */
	int64_t	    idle_ms;
	bool	    exit_ready;
	bool	    retained_only;
	bool	    fresh;		/* --new */
	struct old_events old;		/* --last, --since */
	bool	    no_reconnect;
	const char *ready_file;		/* NULL: none */
	int64_t	    ready_fd;		/* -1: none */
	struct output_format output;
	struct look_opts look;
	const char *format;		/* -F; NULL: none, as the next two */
	const char *program;		/* -e */
	const char *command;		/* --exec */
	struct program_args args;	/* owned */
};

struct sub_ahead;

struct sub {
	struct tool tool;
	struct routed routed;
	struct sub_options opt;
	/* from the options */
	struct format *format;		/* owned; NULL: none */
	struct programs programs;
	struct program_run program;	/* none without -e */
	/* work */
	struct client *client;		/* owned; NULL: not connected */
	int	    signals;		/* of stop_open(); -1: not held */
	int	    signo;		/* the signal that has come, or 0 */
	int64_t	    end_ms;		/* of clock_ms(); -1: none */
	int64_t	    last_ms;		/* when the last event came */
	int64_t	    heard_ms;		/* the same, of clock_boot_ms() */
	bool	    again;		/* the connection was lost before */
	int64_t	    count;		/* events printed or passed on */
	int64_t	    left_out;		/* events skipped by --new */
	bool	    marked;		/* the server marks retained events */
	bool	    hinted;		/* warned of topics like patterns */
	bool	    faulty;		/* a program, or a command, failed */
	struct sink sink;
	struct buf  scratch;		/* a topic, for what needs a C string */
	struct buf  exported;		/* "WAMP_TOPIC=...", for commands */
	struct sub_ahead *first, *last;	/* owned; events that the program
					 * has got, the oldest first */
	enum exit_status status;	/* a failure in a callback */
	struct errbuf why;
};

/* Remember the first failure of a callback, which cannot return it. */
static inline void
sub_failed(struct sub *s, enum exit_status status)
{
	if (s->status == EXIT_DONE)
		s->status = status;
}

/* Whether the run is over. */
static inline bool
sub_done(const struct sub *s)
{
	return s->status != EXIT_DONE || s->signo != 0 ||
	    (s->opt.limit > 0 && s->count >= s->opt.limit);
}
