/*
 * say.c: lines on stderr that may carry what a peer sent.
 */
#include "client/say.h"

#include <unistd.h>

#include "base/io.h"
#include "base/printable.h"
#include "proto/wamp1.h"

void
say_line(const char *head, struct slice text)
{
	struct buf line = { 0 };

	(void)buf_add_str(&line, head);
	(void)printable_add(&line, text);
	(void)buf_add_char(&line, '\n');
	/* There is nowhere left to report a failure to. */
	(void)io_write_all(STDERR_FILENO, line.data, line.len);
	buf_clear(&line);
}

void
say_message(const char *head, const struct slice *parts, size_t n)
{
	struct buf text = { 0 };

	if (wamp1_join(&text, parts, n) == 0)
		say_line(head, buf_slice(&text));
	buf_clear(&text);
}
