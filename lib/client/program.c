/*
 * program.c: jq programs that are options' values.
 */
#include "client/program.h"

#include <stddef.h>

int
program_compile(struct jq_program **out, const char *option, const char *text,
    struct errbuf *e)
{
	struct jq_place at = { 0 };

	*out = NULL;
	if (text == NULL)
		return 0;
	if ((*out = jq_program_new(text, &at, e)) != NULL &&
	    jq_program_limit(*out, PROGRAM_LIMIT, e) == 0)
		return 0;
	if (at.line > 0)
		err_wrap(e, "%s: line %u, column %u", option, at.line,
		    at.column);
	else
		err_wrap(e, "%s", option);
	return -1;
}
