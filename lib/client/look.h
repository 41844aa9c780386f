/*
 * look.h: the options and the environment that say how JSON looks on stdout,
 * the same in every tool.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/opt.h"
#include "proto/json_pretty.h"

enum look_color { LOOK_AUTO, LOOK_ALWAYS, LOOK_NEVER };

/* Zeroed: nothing given. */
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

/* What they come to: "auto" colours a terminal, unless NO_COLOR is set or it
 * is a dumb one. */
struct json_look look_resolve(const struct look_opts *o);

#define LOOK_WIDTH_DEFAULT	80
#define LOOK_WIDTH_MAX		10000

/* The columns of the terminal that stdout is: as COLUMNS says, as POSIX has it,
 * or as the terminal does. */
size_t	look_width(void);
