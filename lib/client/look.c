/*
 * look.c: how JSON looks on stdout.
 */
#include "client/look.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/num.h"

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

size_t
look_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	struct errbuf ignored;
	int64_t n;

	if (columns != NULL && num_int(&n, columns, 1, LOOK_WIDTH_MAX,
	    &ignored) == 0)
		return (size_t)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return LOOK_WIDTH_DEFAULT;
}
