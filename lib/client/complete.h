/*
 * complete.h: --complete WORD...: the completions of the last word of a command
 * line, for shells.
 *
 * The first line on stdout is a kind, a tab, and the part of the last word
 * before what is completed, such as "--route=".  The kinds are:
 *	values		with one of the lines that follow
 *	stems		likewise, and more of the word comes behind it
 *	files, commands	with what the shell itself knows of these
 * Each other line is one choice, or a choice, a tab and a description.  All
 * choices are printed, whatever the last word begins with, because shells
 * compare in different ways.
 *
 * Topics, procedures, routes and sessions come from the server that the command
 * line, the environment and the defaults name.  If it does not answer at once,
 * there are none, and there is no message.  If even finding it takes long, the
 * process ends and prints nothing.
 */
#pragma once

#include <stddef.h>

#include "base/exit.h"
#include "base/opt.h"
#include "client/target.h"

/* where: the options of TARGET_ROWS(); NULL in a program without them. */
enum exit_status complete_print(const struct opt_spec *spec,
	    const struct target_opts *where, char **words, size_t n,
	    struct errbuf *e);
