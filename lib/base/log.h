/*
 * log.h: one line a fact, on stderr.
 *
 * The message is "name=value" words, session first: "session=7f3a sub
 * topic=news".  Values that a peer chose go through log_quote(); whatever
 * slips through, control characters are escaped when the line is written, so
 * no peer can forge a line.  Never payloads, never secrets.
 *
 * The level and the format are the only mutable globals of the project.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

enum log_level { LOG_LEVEL_ERR, LOG_LEVEL_WARN, LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

/* name is the program's, borrowed forever. */
void	log_init(const char *name, enum log_level level, enum log_format fmt);

/* "error", "warning", "info", "debug"; 0 or -1 for an unknown word. */
int	log_level_parse(enum log_level *out, const char *word);
const char *log_level_name(enum log_level level);
/* "text", "logfmt", "json"; 0 or -1 for an unknown word. */
int	log_format_parse(enum log_format *out, const char *word);

/* Whether lines of that level are written: ask before costly preparation. */
bool	log_on(enum log_level level);

/* err: a human must act; warn; info: life of sessions; debug.  The _errno
 * forms append strerror(errno). */
void	log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_err_errno(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));
void	log_warn_errno(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

struct log_quoted {
	char	s[160];		/* NUL-terminated; longer values end in "..." */
};

/* s as a log value: bare when it is one plain word, else in double quotes
 * with \n, \" and \xNN escapes, cut to fit. Use: log_quote(topic).s */
struct log_quoted log_quote(struct slice s);
