/*
 * log.c: one line a fact, on stderr.
 *
 * A line is put together in a fixed buffer and leaves in one write(), so
 * lines of several processes on one descriptor do not mix.
 */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

#define LOG_MESSAGE_MAX	1024	/* bytes, before escaping */
#define LOG_LINE_MAX	(LOG_MESSAGE_MAX * 6 + 128)

static const char *log_name = "wampd";
static enum log_level log_limit = LOG_LEVEL_INFO;
static enum log_format log_shape = LOG_FORMAT_TEXT;

static const char *const level_names[] = { "error", "warning", "info",
    "debug" };
static const char *const format_names[] = { "text", "logfmt", "json" };

void
log_init(const char *name, enum log_level level, enum log_format fmt)
{
	log_name = name;
	log_limit = level;
	log_shape = fmt;
}

static int
word_index(const char *const *words, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

int
log_level_parse(enum log_level *out, const char *word)
{
	int i = word_index(level_names, 4, word);

	if (i == -1)
		return -1;
	*out = (enum log_level)i;
	return 0;
}

int
log_format_parse(enum log_format *out, const char *word)
{
	int i = word_index(format_names, 3, word);

	if (i == -1)
		return -1;
	*out = (enum log_format)i;
	return 0;
}

bool
log_on(enum log_level level)
{
	return level <= log_limit;
}

/* Append s to line, escaping control characters, and with quotes also
 * '"' and '\'.  Stops when the line is full. */
static size_t
log_escape(char *line, size_t at, size_t cap, const char *s, bool quotes)
{
	const unsigned char *p;

	for (p = (const unsigned char *)s; *p != '\0' && at + 7 < cap; p++) {
		if (quotes && (*p == '"' || *p == '\\')) {
			line[at++] = '\\';
			line[at++] = (char)*p;
		} else if (*p >= 0x20 && *p != 0x7f) {
			line[at++] = (char)*p;
		} else {
			at += (size_t)snprintf(line + at, cap - at,
			    quotes ? "\\u%04x" : "\\x%02x", *p);
		}
	}
	return at;
}

static void
log_write(enum log_level level, const char *message)
{
	char line[LOG_LINE_MAX], now[CLOCK_ISO_SIZE];
	size_t n;

	switch (log_shape) {
	case LOG_FORMAT_JSON:
		n = (size_t)snprintf(line, sizeof(line), "{\"time\":\"%s\","
		    "\"level\":\"%s\",\"program\":\"%s\",\"message\":\"",
		    clock_iso(now), level_names[level], log_name);
		n = log_escape(line, n, sizeof(line) - 3, message, true);
		line[n++] = '"';
		line[n++] = '}';
		break;
	case LOG_FORMAT_LOGFMT:
		n = (size_t)snprintf(line, sizeof(line),
		    "time=%s level=%s program=%s ", clock_iso(now),
		    level_names[level], log_name);
		n = log_escape(line, n, sizeof(line) - 1, message, false);
		break;
	case LOG_FORMAT_TEXT:
	default:
		n = (size_t)snprintf(line, sizeof(line), "%s: %s: ", log_name,
		    level_names[level]);
		n = log_escape(line, n, sizeof(line) - 1, message, false);
		break;
	}
	line[n++] = '\n';
	/* A log that cannot be written has nowhere to say so. */
	if (write(STDERR_FILENO, line, n) == -1)
		return;
}

static void
log_format_line(enum log_level level, int err, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

/* err: an errno to append, or 0. */
static void
log_format_line(enum log_level level, int err, const char *fmt, va_list ap)
{
	char message[LOG_MESSAGE_MAX];
	size_t len;

	if (!log_on(level))
		return;
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	if (err != 0) {
		len = strlen(message);
		(void)snprintf(message + len, sizeof(message) - len, ": %s",
		    strerror(err));
	}
	log_write(level, message);
}

void
log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_format_line(LOG_LEVEL_ERR, 0, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_format_line(LOG_LEVEL_WARN, 0, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_format_line(LOG_LEVEL_INFO, 0, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_format_line(LOG_LEVEL_DEBUG, 0, fmt, ap);
	va_end(ap);
}

void
log_err_errno(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	log_format_line(LOG_LEVEL_ERR, saved, fmt, ap);
	va_end(ap);
}

void
log_warn_errno(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	log_format_line(LOG_LEVEL_WARN, saved, fmt, ap);
	va_end(ap);
}

static bool
is_plain(unsigned char c)
{
	return c > 0x20 && c != 0x7f && c != '"' && c != '\\' && c != '=';
}

struct log_quoted
log_quote(struct slice s)
{
	const size_t room = sizeof(((struct log_quoted *)NULL)->s) - 10;
	struct log_quoted q;
	size_t i, at = 0;
	bool plain = s.len > 0 && s.len < room;

	for (i = 0; plain && i < s.len; i++)
		plain = is_plain((unsigned char)s.p[i]);
	if (plain) {
		memcpy(q.s, s.p, s.len);
		q.s[s.len] = '\0';
		return q;
	}
	q.s[at++] = '"';
	for (i = 0; i < s.len && at < room; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_plain(c) || c == ' ' || c == '=')
			q.s[at++] = (char)c;
		else if (c == '"' || c == '\\')
			at += (size_t)snprintf(q.s + at, 3, "\\%c", c);
		else
			at += (size_t)snprintf(q.s + at, 5, "\\x%02x", c);
	}
	(void)snprintf(q.s + at, sizeof(q.s) - at, "%s\"",
	    i < s.len ? "..." : "");
	return q;
}
