/*
 * say.c: lines on stderr that may carry what a peer sent.
 */
#include "client/say.h"

#include <stdbool.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"

/* U+0080 to U+009F, which some terminals obey like ESC sequences, are two
 * bytes in UTF-8. */
static bool
is_c1(unsigned char first, unsigned char second)
{
	return first == 0xc2 && second >= 0x80 && second <= 0x9f;
}

static bool
is_control(struct slice text, size_t i)
{
	unsigned char c = (unsigned char)text.p[i];

	if (c < 0x20 || c == 0x7f)
		return true;
	if (i > 0 && is_c1((unsigned char)text.p[i - 1], c))
		return true;
	return i + 1 < text.len && is_c1(c, (unsigned char)text.p[i + 1]);
}

void
say_line(const char *head, struct slice text)
{
	struct buf line = { 0 };
	size_t i;

	(void)buf_add_str(&line, head);
	for (i = 0; i < text.len; i++) {
		if (is_control(text, i))
			(void)buf_addf(&line, "\\x%02x",
			    (unsigned char)text.p[i]);
		else
			(void)buf_add_char(&line, text.p[i]);
	}
	(void)buf_add_char(&line, '\n');
	/* There is nowhere left to report a failure to. */
	(void)io_write_all(STDERR_FILENO, line.data, line.len);
	buf_clear(&line);
}
