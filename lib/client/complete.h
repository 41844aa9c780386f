/*
 * complete.h: --complete WORD...: what completes the last word of a command
 * line, for the completions of shells.
 *
 * The first line on stdout says how to go on, a tab, and the part of the last
 * word in front of what is completed, such as "--route=":
 *	values		with one of the lines that follow
 *	stems		likewise, and more of the word comes behind it
 *	files, commands	with what the shell itself knows of these
 * Each other line is one choice, or a choice, a tab and a text about it.  What
 * the last word begins with is not looked at: shells differ in that.
 *
 * Topics, procedures, routes and sessions are asked from the server that the
 * command line, the environment and the defaults name.  If it does not answer
 * at once there are none; nothing is said about it.  Where even finding it
 * takes long, the process ends, and nothing is printed.
 */
#pragma once

#include <stddef.h>

#include "base/exit.h"
#include "base/opt.h"
#include "client/target.h"

/* where is what the rows of TARGET_ROWS() fill in; NULL in a program that
 * has none. */
enum exit_status complete_print(const struct opt_spec *spec,
	    const struct target_opts *where, char **words, size_t n,
	    struct errbuf *e);
