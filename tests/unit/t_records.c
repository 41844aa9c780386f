/*
 * t_records.c: streams cut into records, whatever pieces they come in.
 */
#include "base/records.h"

#include <fcntl.h>
#include <unistd.h>

#include "tap.h"

/* A descriptor from which the text can be read. */
static int
pipe_with(struct slice text)
{
	int fds[2];

	if (pipe(fds) == -1 ||
	    write(fds[1], text.p, text.len) != (ssize_t)text.len)
		tap_ok(false, "a pipe");
	(void)close(fds[1]);
	return fds[0];
}

/* The records of a text, each followed by "|". */
static void
check(const char *name, enum records_end end, struct slice text, size_t max,
    const char *want)
{
	struct errbuf e = { "" };
	struct buf got = { 0 };
	struct records r;
	struct slice record;
	enum records_next next;
	int fd = pipe_with(text);

	records_init(&r, fd, end, max);
	while ((next = records_next(&r, &record)) == RECORDS_GOT ||
	    next == RECORDS_MORE) {
		if (next == RECORDS_MORE) {
			tap_int(records_read(&r, &e), 0, "reads");
			continue;
		}
		buf_add_slice(&got, record);
		buf_add_char(&got, '|');
	}
	if (next == RECORDS_TOO_LONG)
		buf_addf(&got, "too long after %d", (int)r.count);
	tap_slice(buf_slice(&got), want, "%s", name);
	buf_clear(&got);
	records_clear(&r);
	(void)close(fd);
}

static void
test_cutting(void)
{
	check("no input", RECORDS_LINES, SLICE(""), 9, "");
	check("lines", RECORDS_LINES, SLICE("a\nbc\n"), 9, "a|bc|");
	check("a last line without its end", RECORDS_LINES, SLICE("a\nbc"), 9,
	    "a|bc|");
	check("empty lines", RECORDS_LINES, SLICE("\n\n"), 9, "||");
	check("NUL-ended records", RECORDS_NUL, SLICE("a\nb\0\0c"), 9,
	    "a\nb||c|");
	check("the whole", RECORDS_WHOLE, SLICE("a\nb\n"), 9, "a\nb\n|");
	check("an empty whole", RECORDS_WHOLE, SLICE(""), 9, "|");
}

static void
test_limit(void)
{
	check("a line at the limit, one above", RECORDS_LINES,
	    SLICE("abc\nabcd\n"), 3, "abc|too long after 1");
	check("a line above it without an end", RECORDS_LINES, SLICE("abcd"),
	    3, "too long after 0");
	check("a whole above it", RECORDS_WHOLE, SLICE("a\nb"), 2,
	    "too long after 0");
	check("a whole at the limit", RECORDS_WHOLE, SLICE("a\n"), 2,
	    "a\n|");
}

/* A record that arrives in pieces is found, and not searched twice. */
static void
test_pieces(void)
{
	struct errbuf e = { "" };
	struct records r;
	struct slice record = { 0 };
	int fds[2];

	if (!tap_ok(pipe(fds) == 0, "a pipe"))
		return;
	records_init(&r, fds[0], RECORDS_LINES, 100);
	tap_int(records_next(&r, &record), RECORDS_MORE, "nothing yet");
	tap_int(write(fds[1], "ab", 2), 2, "a piece");
	tap_int(records_read(&r, &e), 0, "reads it");
	tap_int(records_next(&r, &record), RECORDS_MORE, "no line yet");
	tap_int(r.scanned, 2, "remembers what it searched");
	tap_int(write(fds[1], "c\nd", 3), 3, "the rest and more");
	tap_int(records_read(&r, &e), 0, "reads it");
	tap_int(records_next(&r, &record), RECORDS_GOT, "a line");
	tap_slice(record, "abc", "the whole line");
	tap_int(records_next(&r, &record), RECORDS_MORE, "the next is open");
	(void)close(fds[1]);
	tap_int(records_read(&r, &e), 0, "reads the end");
	tap_int(records_next(&r, &record), RECORDS_GOT, "the last line");
	tap_slice(record, "d", "without its end");
	tap_int(records_next(&r, &record), RECORDS_DONE, "no more");
	tap_int(r.count, 2, "counted both");
	records_clear(&r);
	(void)close(fds[0]);
}

static void
test_unreadable(void)
{
	struct errbuf e = { "" };
	struct records r;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	records_init(&r, fd, RECORDS_LINES, 100);
	tap_int(records_read(&r, &e), -1, "a folder is no stream");
	tap_ok(e.msg[0] != '\0', "and it says so");
	records_clear(&r);
	(void)close(fd);
}

int
main(void)
{
	test_cutting();
	test_limit();
	test_pieces();
	test_unreadable();
	return tap_done();
}
