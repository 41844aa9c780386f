/*
 * look.h: how JSON looks on stdout, by options and environment; the same in
 * every tool.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/opt.h"
#include "proto/json_pretty.h"

enum look_color { LOOK_AUTO, LOOK_ALWAYS, LOOK_NEVER };

/* Zeroed: no option is given. */
struct look_opts {
	bool pretty;
	int  color;	/* enum look_color */
};

extern const char *const look_colors[];

/* The rows, for a tool's table; o is a struct look_opts *. */
#define LOOK_ROWS(o)							\
	{ .long_name = "pretty", .type = OPT_FLAG,			\
	  .help = "indent JSON, one member a line",			\
	  .at = &(o)->pretty },						\
	{ .long_name = "color", .type = OPT_CHOICE, .arg = "WHEN",	\
	  .help = "colours: auto (on a terminal), always, never",	\
	  .at = &(o)->color, .choices = look_colors, .rare = true }

/* Resolve the options: "auto" colours a terminal, unless NO_COLOR is set or
 * TERM is "dumb". */
struct json_look look_resolve(const struct look_opts *o);

#define LOOK_WIDTH_DEFAULT	80
#define LOOK_WIDTH_MAX		10000

/* The width of the terminal on stdout: from COLUMNS, as POSIX says, or from the
 * terminal. */
size_t	look_width(void);
