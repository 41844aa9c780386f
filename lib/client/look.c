/*
 * look.c: how JSON looks on stdout.
 */
#include "client/look.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const look_colors[] = {
	[LOOK_AUTO] = "auto", [LOOK_ALWAYS] = "always",
	[LOOK_NEVER] = "never", NULL
};

/* As https://no-color.org has it: set, and not empty. */
static bool
look_unwanted(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no != NULL && no[0] != '\0') ||
	    (term != NULL && strcmp(term, "dumb") == 0);
}

struct json_look
look_resolve(const struct look_opts *o)
{
	struct json_look look = { .indent = o->pretty };

	look.colour = o->color == LOOK_ALWAYS || (o->color == LOOK_AUTO &&
	    !look_unwanted() && isatty(STDOUT_FILENO));
	return look;
}
