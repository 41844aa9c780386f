/*
 * log.c: the log on stderr; each line is one fact.
 *
 * A line is built in a fixed buffer and written by one write(), if there is
 * room for it.  So lines of several processes on one descriptor do not mix.
 */
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log_escape.h"
#include "base/log_limit.h"
#include "base/log_sink.h"
#include "base/utf8.h"

#define LOG_MESSAGE_MAX	1024	/* bytes, before escaping */
#define LOG_LINE_MAX	(LOG_MESSAGE_MAX * 6 + 128)

static const char *log_name = "wampd";
static enum log_level log_limit = LOG_LEVEL_INFO;	/* in force */
static enum log_level log_configured = LOG_LEVEL_INFO;
static enum log_format log_shape = LOG_FORMAT_TEXT;
static bool log_opened;		/* after log_open(): a log, not an answer */
static bool log_journal;	/* the journal reads stderr */
static struct log_limits log_limits;
static struct {			/* see log_watch() */
	void	(*line)(void *ctx, enum log_level level,
		    const char *message);
	void	*ctx;
} log_watcher;

static size_t say_lost(char *line, size_t lost);
static void tell_until(int64_t now);
static struct log_sink log_sink = LOG_SINK_INIT(STDERR_FILENO, say_lost);

static const char *const level_names[] = { "error", "warning", "info",
    "debug" };

void
log_init(const char *name, enum log_level level, enum log_format fmt)
{
	log_name = name;
	log_limit = log_configured = level;
	log_shape = fmt;
}

void
log_set_limits(int64_t rate, int64_t burst)
{
	log_limits = (struct log_limits){ .rate = rate, .burst = burst };
}

void
log_override(enum log_level level)
{
	log_limit = level;
}

void
log_end_override(void)
{
	log_limit = log_configured;
}

enum log_level
log_get_level(void)
{
	return log_limit;
}

enum log_level
log_get_configured(void)
{
	return log_configured;
}

void
log_watch(void (*line)(void *ctx, enum log_level level, const char *message),
    void *ctx)
{
	log_watcher.line = line;
	log_watcher.ctx = ctx;
}

/* Whether stderr is the stream that $JOURNAL_STREAM names, as device and inode:
 * it may have been redirected since (systemd.exec(5)). */
static bool
is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;
	char rest;

	return stream != NULL &&
	    sscanf(stream, "%llu:%llu%c", &dev, &ino, &rest) == 2 &&
	    fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev &&
	    st.st_ino == ino;
}

void
log_open(void)
{
	log_opened = true;
	log_journal = is_journal();
	if (log_sink_open(&log_sink) == -1)
		log_err("the log may wait for its reader: out of memory");
}

void
log_flush(void)
{
	log_sink_flush(&log_sink);
}

bool
log_waits(void)
{
	return log_sink_waits(&log_sink);
}

#define LAST_WAIT	1000	/* ms for a slow reader at the end */

void
log_close(void)
{
	tell_until(INT64_MAX);
	log_sink_close(&log_sink, LAST_WAIT);
	log_sink = (struct log_sink)LOG_SINK_INIT(STDERR_FILENO, say_lost);
}

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

int
log_level_parse(enum log_level *out, const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(level_names) / sizeof(level_names[0]); i++)
		if (strcmp(level_names[i], word) == 0) {
			*out = (enum log_level)i;
			return 0;
		}
	return -1;
}

bool
log_on(enum log_level level)
{
	return level <= log_limit;
}

/* The levels of journald, which are the numbers of syslog(3). */
static const int priorities[] = { 3, 4, 6, 7 };

static enum log_format
shape(void)
{
	if (log_shape != LOG_FORMAT_AUTO)
		return log_shape;
	return log_journal ? LOG_FORMAT_JOURNALD : LOG_FORMAT_TEXT;
}

/* The text before the message. */
static size_t
log_head(char *line, size_t cap, enum log_level level)
{
	char now[CLOCK_ISO_SIZE];

	switch (shape()) {
	case LOG_FORMAT_JSON:
		return (size_t)snprintf(line, cap, "{\"time\":\"%s\","
		    "\"level\":\"%s\",\"program\":\"%s\",\"message\":\"",
		    clock_iso(now), level_names[level], log_name);
	case LOG_FORMAT_LOGFMT:
		return (size_t)snprintf(line, cap,
		    "time=%s level=%s program=%s ", clock_iso(now),
		    level_names[level], log_name);
	case LOG_FORMAT_JOURNALD:
		return (size_t)snprintf(line, cap, "<%d>", priorities[level]);
	case LOG_FORMAT_TEXT:
	case LOG_FORMAT_AUTO:
	default:
		return (size_t)snprintf(line, cap, "%s%s%s: %s: ",
		    log_opened ? clock_iso(now) : "", log_opened ? " " : "",
		    log_name, level_names[level]);
	}
}

/* Build the line.  Returns its length, at most cap. */
static size_t
log_line(char *line, size_t cap, enum log_level level, const char *message)
{
	bool json = log_shape == LOG_FORMAT_JSON;
	size_t n = log_head(line, cap, level);

	n = log_escape(line, n, cap - 3, message, json);
	if (json) {
		line[n++] = '"';
		line[n++] = '}';
	}
	line[n++] = '\n';
	return n;
}

static size_t
say_lost(char *line, size_t lost)
{
	char message[96];

	(void)snprintf(message, sizeof(message), "%zu line%s lost: the log "
	    "could not be written", lost, lost == 1 ? "" : "s");
	return log_line(line, LOG_SINK_SAID, LOG_LEVEL_WARN, message);
}

/* If the text of an errno follows, the message is cut, not that text. */
static void
log_cut(char *message, size_t len, const char *tail)
{
	size_t most = LOG_MESSAGE_MAX - sizeof("...") - strlen(tail);

	if (len > most)
		len = utf8_cut(message, most + strlen("..."));
	memcpy(message + len, tail, strlen(tail) + 1);
}

static void
log_put(enum log_level level, const char *message)
{
	char line[LOG_LINE_MAX];

	log_sink_put(&log_sink, line, log_line(line, sizeof(line), level,
	    message));
	if (log_watcher.line != NULL)
		log_watcher.line(log_watcher.ctx, level, message);
}

/* Log how many lines of a kind were not logged, for all kinds that are due at
 * that time. */
static void
tell_until(int64_t now)
{
	const struct log_kind *k;
	char message[256];
	uint64_t n;

	while ((k = log_limit_due(&log_limits, now, &n)) != NULL) {
		(void)snprintf(message, sizeof(message), "%" PRIu64
		    " more line%s not logged: %s", n, n == 1 ? " was" :
		    "s were", k->fmt);
		log_put((enum log_level)k->level, message);
	}
}

int64_t
log_tell(void)
{
	int64_t now;

	if (log_limits.silent == 0)
		return -1;
	now = clock_ms();
	tell_until(now);
	return log_limit_wait(&log_limits, now);
}

static void
log_format_line(enum log_level level, int err, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

/* err: an errno to append, or 0. */
static void
log_format_line(enum log_level level, int err, const char *fmt, va_list ap)
{
	char message[LOG_MESSAGE_MAX], tail[128] = "";

	if (log_limits.rate > 0 && !log_limit_take(&log_limits, fmt,
	    (int)level, clock_ms()))
		return;
	(void)vsnprintf(message, sizeof(message), fmt, ap);
	if (err != 0)
		(void)snprintf(tail, sizeof(tail), ": %s", strerror(err));
	log_cut(message, strlen(message), tail);
	log_put(level, message);
}

static void
log_if_on(enum log_level level, int err, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

static void
log_if_on(enum log_level level, int err, const char *fmt, va_list ap)
{
	if (log_on(level))
		log_format_line(level, err, fmt, ap);
}

void
log_err(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_if_on(LOG_LEVEL_ERR, 0, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_if_on(LOG_LEVEL_WARN, 0, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_if_on(LOG_LEVEL_INFO, 0, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_if_on(LOG_LEVEL_DEBUG, 0, fmt, ap);
	va_end(ap);
}

void
log_at(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_if_on(level, 0, fmt, ap);
	va_end(ap);
}

void
log_always(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_format_line(level, 0, fmt, ap);
	va_end(ap);
}

void
log_err_errno(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	log_if_on(LOG_LEVEL_ERR, saved, fmt, ap);
	va_end(ap);
}

void
log_warn_errno(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	log_if_on(LOG_LEVEL_WARN, saved, fmt, ap);
	va_end(ap);
}
