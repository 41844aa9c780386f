/*
 * command.h: one run of a shell command, with an event on its stdin.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum command_outcome {
	COMMAND_OK,
	COMMAND_FAILED,		/* it failed, or could not start: *e */
	COMMAND_ENDED,		/* we ended it: a signal came, or time is up */
	COMMAND_NONE,		/* no command can be started: *e */
};

/*
 * Run text in a shell, in a process group of its own, and wait for its end.
 * It need not read all of its input.  When the descriptor signals (-1: none)
 * is readable, or clock_ms() reaches until_ms (-1: never), the group gets
 * SIGTERM, and a moment later SIGKILL.
 */
enum command_outcome command_run(const char *text, struct slice input,
	    int signals, int64_t until_ms, struct errbuf *e);
