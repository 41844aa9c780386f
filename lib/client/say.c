/*
 * say.c: lines on stderr that may carry what a peer sent.
 */
#include "client/say.h"

#include <stdbool.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/utf8.h"

/* A sequence that a terminal would obey rather than show: ASCII's control
 * characters, and U+0080 to U+009F, which some take for ESC sequences. */
static bool
is_control(const char *p, size_t len)
{
	unsigned char first = (unsigned char)p[0];

	if (len == 1)
		return first < 0x20 || first == 0x7f;
	return first == 0xc2 && (unsigned char)p[1] <= 0x9f;
}

static void
add_escaped(struct buf *line, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		(void)buf_addf(line, "\\x%02x", (unsigned char)p[i]);
}

void
say_line(const char *head, struct slice text)
{
	struct buf line = { 0 };
	struct slice rest;
	size_t i, len;

	(void)buf_add_str(&line, head);
	for (i = 0; i < text.len; i += len) {
		rest = slice_of(text.p + i, text.len - i);
		len = utf8_sequence(rest);
		if (len == 0 || is_control(rest.p, len)) {
			len = len > 0 ? len : 1;
			add_escaped(&line, rest.p, len);
		} else {
			(void)buf_add(&line, rest.p, len);
		}
	}
	(void)buf_add_char(&line, '\n');
	/* There is nowhere left to report a failure to. */
	(void)io_write_all(STDERR_FILENO, line.data, line.len);
	buf_clear(&line);
}
