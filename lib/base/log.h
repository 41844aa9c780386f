/*
 * log.h: the log on stderr; each line is one fact.
 *
 * The message consists of "name=value" words, session first: "session=7f3a sub
 * topic=news".  Values from a peer go through log_quote().  Characters that
 * would end the line or control a terminal are escaped when a line is written
 * (printable.h), so that no peer can forge a line.  Payloads and secrets are
 * never logged.
 *
 * A line of text begins with program and level, and after log_open() with the
 * time before them.  A line for the journal, which adds these itself, begins
 * with the level in the form of sd-daemon(3): "<6>".  LOG_FORMAT_AUTO is that
 * if stderr is the journal, or else text.
 *
 * A process that serves others limits how many lines of each kind it logs, see
 * log_limit.h.
 *
 * The level, the format, the limits and where the lines go are the only mutable
 * globals of the project.  Only one thread may log.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/log_escape.h"

enum log_level { LOG_LEVEL_ERR, LOG_LEVEL_WARN, LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_AUTO, LOG_FORMAT_TEXT, LOG_FORMAT_LOGFMT,
    LOG_FORMAT_JSON, LOG_FORMAT_JOURNALD };

/* The program's name, borrowed forever. */
void	log_init(const char *name, enum log_level level, enum log_format fmt);

/* Limit the lines of each kind to `burst` at once and `rate` a second; rate 0:
 * no limit, as at the start.  What was counted before is forgotten. */
void	log_set_limits(int64_t rate, int64_t burst);

/* Put another level in force, until log_init() or log_end_override(). */
void	log_override(enum log_level level);
void	log_end_override(void);

/* The level in force, and the configured one. */
enum log_level log_get_level(void);
enum log_level log_get_configured(void);

/* Log the numbers of lines that were not logged, if it is time.  Returns in how
 * many ms to call it again; -1: when a line has been logged. */
int64_t	log_tell(void);

/* Call line() for each line that is logged, with the message as it is before
 * escaping.  It must not log.  NULL: nobody is called. */
void	log_watch(void (*line)(void *ctx, enum log_level level,
	    const char *message), void *ctx);

/* From now on never wait for the reader of stderr (log_sink.h).  This is for a
 * process that serves others; it calls log_flush() while log_waits(), and
 * log_close() at its end.  Also detects whether stderr is the journal. */
void	log_open(void);
void	log_flush(void);
bool	log_waits(void);
void	log_close(void);

/* "error", "warning", "info", "debug"; 0 or -1 for an unknown word. */
int	log_level_parse(enum log_level *out, const char *word);
const char *log_level_name(enum log_level level);

/* Whether lines of that level are written: ask before an expensive
 * preparation. */
bool	log_on(enum log_level level);

/* err: somebody must act; warn; info: life of sessions; debug.  The _errno
 * forms append strerror(errno). */
void	log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_at(enum log_level level, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* The same, whatever the level in force is. */
void	log_always(enum log_level level, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
void	log_err_errno(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
void	log_warn_errno(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
