/*
 * t_line.c: texts that must be one line.
 */
#include <string.h>

#include "base/line.h"
#include "tap.h"

#define LENGTH	40	/* more than two steps of what is done at once */

/* A text of which each byte in turn is an end of line. */
static bool
blanks_each(char sign)
{
	char text[LENGTH], want[LENGTH];
	size_t i;

	for (i = 0; i < LENGTH; i++) {
		memset(text, 'x', LENGTH);
		memset(want, 'x', LENGTH);
		text[i] = sign;
		want[i] = ' ';
		line_blank(text, LENGTH);
		if (memcmp(text, want, LENGTH) != 0)
			return false;
	}
	return true;
}

/* All but the first bytes stay what they are. */
static bool
stops_at_the_end(void)
{
	char text[LENGTH];
	size_t len, i;

	for (len = 0; len < LENGTH; len++) {
		memset(text, '\n', LENGTH);
		line_blank(text, len);
		for (i = 0; i < LENGTH; i++)
			if (text[i] != (i < len ? ' ' : '\n'))
				return false;
	}
	return true;
}

static bool
keeps_all_others(void)
{
	char text[256];
	int i;

	for (i = 0; i < 256; i++)
		text[i] = (char)i;
	line_blank(text, sizeof(text));
	for (i = 0; i < 256; i++)
		if (text[i] != (i == '\n' || i == '\r' ? ' ' : (char)i))
			return false;
	return true;
}

int
main(void)
{
	char text[] = "[1,\r\n 2]";

	line_blank(text, strlen(text));
	tap_str(text, "[1,   2]", "each sign of a line's end is a space");
	tap_ok(blanks_each('\n'), "LF, wherever it stands");
	tap_ok(blanks_each('\r'), "CR, wherever it stands");
	tap_ok(stops_at_the_end(), "what is behind the text stays");
	tap_ok(keeps_all_others(), "all other bytes stay");
	return tap_done();
}
