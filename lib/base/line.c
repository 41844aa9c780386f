/*
 * line.c: texts that must be one line.
 */
#include "base/line.h"

#define STRIDE	16	/* bytes: gcc makes one instruction of each step */

static char
blank_of(char c)
{
	return c == '\n' || c == '\r' ? ' ' : c;
}

void
line_blank(char *p, size_t len)
{
	const char *end = p + len;
	size_t i;

	for (; end - p >= STRIDE; p += STRIDE)
		for (i = 0; i < STRIDE; i++)
			p[i] = blank_of(p[i]);
	for (; p < end; p++)
		*p = blank_of(*p);
}
