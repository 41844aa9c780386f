/*
 * t_log.c: lines of the log, and descriptors that take none for a while.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/log_sink.h"
#include "base/utf8.h"
#include "tap.h"

#define LINES	4000		/* of LINE bytes: no kernel keeps them all */
#define LINE	200

static size_t
say(char *line, size_t lost)
{
	return (size_t)snprintf(line, LOG_SINK_SAID, "lost %zu\n", lost);
}

static void
put(struct log_sink *s, int number)
{
	char line[LINE + 1];

	(void)snprintf(line, sizeof(line), "%0*d\n", LINE - 1, number);
	log_sink_put(s, line, LINE);
}

/* What was read of the lines, in order. */
struct seen {
	struct buf text;	/* a line that is not whole yet */
	long	lines, lost, wrong;
	long	last;		/* number of the last line */
};

static void
take_line(struct seen *seen, const char *line)
{
	long lost, number;

	if (sscanf(line, "lost %ld", &lost) == 1) {
		seen->lost += lost;
		seen->last += lost;
	} else if (sscanf(line, "%ld", &number) == 1 &&
	    strlen(line) == LINE - 1 && number == seen->last + 1) {
		seen->lines++;
		seen->last = number;
	} else {
		seen->wrong++;
	}
}

/* Take what there is to be read from fd, which does not wait. */
static void
take(struct seen *seen, int fd)
{
	char *end, *p;
	ssize_t n;

	do {
		if (buf_reserve(&seen->text, 65536) == -1)
			abort();
		n = read(fd, seen->text.data + seen->text.len, 65535);
		if (n > 0)
			seen->text.len += (size_t)n;
	} while (n > 0);
	while ((p = seen->text.data, end = memchr(p, '\n',
	    seen->text.len)) != NULL) {
		*end = '\0';
		if (end > p && end[-1] == '\r')
			end[-1] = '\0';
		take_line(seen, p);
		buf_consume(&seen->text, (size_t)(end - p) + 1);
	}
}

/* Nobody reads from out until all is put into in: then all of it is there, or
 * counted where it is missing, and later lines are as before. */
static void
check(const char *name, struct log_sink *s, int out)
{
	struct seen seen = { .last = -1 };
	int i;

	for (i = 0; i < LINES; i++)
		put(s, i);
	tap_ok(log_sink_waits(s), "%s: lines wait", name);
	while (log_sink_waits(s) || seen.lost == 0) {
		take(&seen, out);
		log_sink_flush(s);
	}
	put(s, LINES);
	log_sink_close(s, 0);
	take(&seen, out);
	tap_int(seen.wrong, 0, "%s: whole lines, in order", name);
	tap_ok(seen.lost > 0, "%s: lines are lost", name);
	tap_int(seen.lines + seen.lost, LINES + 1, "%s: all are counted",
	    name);
	buf_clear(&seen.text);
}

static void
test_pipe(bool foreign)
{
	struct log_sink s;
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) == -1 ||
	    fcntl(fd[0], F_SETFL, O_NONBLOCK) == -1)
		abort();
	s = (struct log_sink)LOG_SINK_INIT(fd[1], say);
	tap_int(log_sink_open(&s), 0, "a pipe");
	tap_int(s.way, LOG_SINK_OWN, "is opened anew");
	if (foreign) {
		(void)close(s.fd);
		s.fd = fd[1];
		s.way = LOG_SINK_ASK;
	}
	check(foreign ? "another user's pipe" : "a pipe", &s, fd[0]);
	tap_int(fcntl(fd[1], F_GETFL) & O_NONBLOCK, 0,
	    "others may go on waiting for it");
	(void)close(fd[0]);
	(void)close(fd[1]);
}

static void
test_socket(int type)
{
	struct log_sink s;
	int fd[2];

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fd) == -1 ||
	    fcntl(fd[0], F_SETFL, O_NONBLOCK) == -1)
		abort();
	s = (struct log_sink)LOG_SINK_INIT(fd[1], say);
	tap_int(log_sink_open(&s), 0, "a socket");
	check(type == SOCK_STREAM ? "a stream" : "datagrams", &s, fd[0]);
	(void)close(fd[0]);
	(void)close(fd[1]);
}

/* Its reader is stuck; then as after Ctrl-S. */
static void
test_terminal(bool foreign)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK), slave;
	struct seen seen = { .last = -1 };
	struct log_sink s;

	if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1 ||
	    (slave = open(ptsname(master), O_RDWR | O_NOCTTY)) == -1)
		abort();
	s = (struct log_sink)LOG_SINK_INIT(slave, say);
	tap_int(log_sink_open(&s), 0, "a terminal");
	if (foreign) {
		(void)close(s.fd);
		s.fd = slave;
		s.way = LOG_SINK_ASK;
	} else {
		check("a terminal", &s, master);
		s = (struct log_sink)LOG_SINK_INIT(slave, say);
		(void)log_sink_open(&s);
	}
	(void)tcflow(slave, TCOOFF);
	put(&s, 0);
	tap_ok(log_sink_waits(&s), "while it is held nothing is shown");
	(void)tcflow(slave, TCOON);
	while (log_sink_waits(&s))
		log_sink_flush(&s);
	log_sink_close(&s, 0);
	take(&seen, master);
	tap_int(seen.lines, 1, "and then it is");
	buf_clear(&seen.text);
	(void)close(slave);
	(void)close(master);
}

/* The disk is full in the middle of a line, and later no more. */
static void
test_full(void)
{
	char path[] = "/tmp/t_log.XXXXXX";
	struct rlimit before, full;
	struct seen seen = { .last = -1 };
	struct log_sink s;
	int fd = mkstemp(path);

	if (fd == -1 || getrlimit(RLIMIT_FSIZE, &before) == -1)
		abort();
	(void)signal(SIGXFSZ, SIG_IGN);
	full = before;
	full.rlim_cur = LINE + 50;
	s = (struct log_sink)LOG_SINK_INIT(fd, say);
	(void)log_sink_open(&s);
	(void)setrlimit(RLIMIT_FSIZE, &full);
	put(&s, 0);
	put(&s, 1);
	put(&s, 2);
	tap_ok(!log_sink_waits(&s), "a full disk: nothing is kept for it");
	(void)setrlimit(RLIMIT_FSIZE, &before);
	put(&s, 3);
	log_sink_close(&s, 0);
	(void)lseek(fd, 0, SEEK_SET);
	take(&seen, fd);
	tap_int(seen.wrong, 1, "half a line gets an end of its own");
	tap_int(seen.lost, 2, "it counts as lost, as the next one");
	tap_int(seen.lines, 2, "the others are there");
	buf_clear(&seen.text);
	(void)close(fd);
	(void)unlink(path);
}

static void
test_gone(void)
{
	struct log_sink s;
	int fd[2], i;

	if (pipe2(fd, O_CLOEXEC) == -1)
		abort();
	(void)signal(SIGPIPE, SIG_IGN);
	s = (struct log_sink)LOG_SINK_INIT(fd[1], say);
	(void)log_sink_open(&s);
	(void)close(fd[0]);
	for (i = 0; i < 3; i++)
		put(&s, i);
	tap_int((int64_t)s.lost, 3, "a reader that has gone: lines are lost");
	log_sink_close(&s, 0);
	(void)close(fd[1]);
}

/* ---- lines ---- */

/* What the log makes of a message in a format, without its newline. */
static const char *
logged(struct buf *out, enum log_format format, const char *message)
{
	int fd[2], old = dup(STDERR_FILENO);
	char text[16384];
	ssize_t n;

	if (pipe(fd) == -1 || old == -1 || dup2(fd[1], STDERR_FILENO) == -1)
		abort();
	log_init("t", LOG_LEVEL_INFO, format);
	log_info("%s", message);
	errno = ENOENT;
	log_warn_errno("%s", message);
	(void)dup2(old, STDERR_FILENO);
	(void)close(old);
	(void)close(fd[1]);
	buf_reset(out);
	while ((n = read(fd[0], text, sizeof(text))) > 0)
		if (buf_add(out, text, (size_t)n) == -1)
			abort();
	(void)close(fd[0]);
	return buf_cstr(out);
}

/* Whatever its length, no character is cut, and the reason is there. */
static void
test_cut(void)
{
	const char *characters[] = { "\xc3\xa9", "\xe2\x82\xac",
	    "\xf0\x9f\x98\x80", "\xe2\x80\xa8", "\x1b", "\"", "\xff" };
	struct buf out = { 0 }, message = { 0 };
	bool valid = true, whole = true;
	size_t i, pad, k;
	int format;

	for (i = 0; i < sizeof(characters) / sizeof(*characters); i++)
	for (pad = 0; pad < 4; pad++) {
		buf_reset(&message);
		for (k = 0; k < pad; k++)
			(void)buf_add_char(&message, 'x');
		for (k = 0; k < 1100; k++)
			(void)buf_add_str(&message, characters[i]);
		for (format = LOG_FORMAT_TEXT; format <= LOG_FORMAT_JOURNALD;
		    format++) {
			(void)logged(&out, (enum log_format)format,
			    buf_cstr(&message));
			valid &= utf8_valid(buf_slice(&out));
			whole &= strstr(out.data, "...") != NULL &&
			    strstr(out.data, "...: No such file") != NULL;
		}
	}
	tap_ok(valid, "long lines are UTF-8, wherever they are cut");
	tap_ok(whole, "and say that they are cut, and why it failed");
	buf_clear(&out);
	buf_clear(&message);
}

static void
test_escapes(void)
{
	struct buf out = { 0 };
	const char *line;

	line = logged(&out, LOG_FORMAT_TEXT, "a\nb\x7f\xc2\x9b\xff\xc3\xa9");
	tap_ok(strstr(line, "t: info: a\\x0ab\\x7f\\xc2\\x9b\\xff\xc3\xa9\n")
	    != NULL, "text is escaped");
	line = logged(&out, LOG_FORMAT_JSON,
	    "a\n\"b\\\x7f\xc2\x9b\xff\xe2\x80\xa8\xc3\xa9");
	tap_ok(strstr(line, "\"message\":\"a\\u000a\\\"b\\\\\\u007f\\u009b"
	    "\\\\xff\\u2028\xc3\xa9\"}\n") != NULL, "JSON is escaped");
	buf_clear(&out);
}

static void
test_quote(void)
{
	static const char face[4] = { '\xf0', '\x9f', '\x98', '\x80' };
	char topic[400];
	struct log_quoted q;
	size_t pad, i;
	bool valid = true;

	for (pad = 0; pad < 4; pad++) {
		memset(topic, 'x', pad);
		for (i = pad; i + 4 <= sizeof(topic); i += 4)
			memcpy(topic + i, face, sizeof(face));
		q = log_quote(slice_of(topic, i));
		valid &= utf8_valid(slice_str(q.s)) &&
		    strcmp(q.s + strlen(q.s) - 4, "...\"") == 0;
	}
	tap_ok(valid, "long values are cut at a character");
	tap_str(log_quote(SLICE("\xc2\x9b" "2J")).s, "\"\\xc2\\x9b2J\"",
	    "what commands a terminal is quoted");
	tap_str(log_quote(SLICE("caf\xc3\xa9")).s, "caf\xc3\xa9",
	    "letters are not");
}

int
main(void)
{
	test_pipe(false);
	test_pipe(true);
	test_socket(SOCK_STREAM);
	test_socket(SOCK_DGRAM);
	test_terminal(false);
	test_terminal(true);
	test_full();
	test_gone();
	test_cut();
	test_escapes();
	test_quote();
	return tap_done();
}
