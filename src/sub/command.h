/*
 * command.h: one run of a shell command, with an event on its stdin.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum command_outcome {
	COMMAND_OK,
	COMMAND_FAILED,		/* it ended badly, or never began: *e */
	COMMAND_ENDED,		/* by us: a signal is there, or time is up */
	COMMAND_NONE,		/* there can be none: *e */
};

/*
 * Run text by the shell, in a process group of its own, and wait for its end;
 * one that does not read all of its input is no error.  When signals (a
 * descriptor, -1: none) is readable, or until_ms of clock_ms() (-1: never) has
 * come, the group gets SIGTERM, and a moment later SIGKILL.
 */
enum command_outcome command_run(const char *text, struct slice input,
	    int signals, int64_t until_ms, struct errbuf *e);
