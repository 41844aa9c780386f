/*
 * log.h: one line a fact, on stderr.
 *
 * The message is "name=value" words, session first: "session=7f3a sub
 * topic=news".  Values that a peer chose go through log_quote(); whatever
 * slips through, characters that would end the line or command a terminal are
 * escaped when it is written (printable.h), so no peer can forge a line.  Never
 * payloads, never secrets.
 *
 * A line as text begins with the program and the level, and from log_open() on
 * with the time before them.  Where the journal takes stderr, which adds all of
 * them itself, it begins with the level as sd-daemon(3) has it: "<6>".
 *
 * The level, the format and where the lines go are the only mutable globals of
 * the project.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

enum log_level { LOG_LEVEL_ERR, LOG_LEVEL_WARN, LOG_LEVEL_INFO,
    LOG_LEVEL_DEBUG };
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };

/* name is the program's, borrowed forever. */
void	log_init(const char *name, enum log_level level, enum log_format fmt);

/* From now on never wait for whoever reads stderr (log_sink.h): for a process
 * that has others to serve, which calls log_flush() while log_waits(), and at
 * its end log_close().  Also looks whether that is the journal. */
void	log_open(void);
void	log_flush(void);
bool	log_waits(void);
void	log_close(void);

/* "error", "warning", "info", "debug"; 0 or -1 for an unknown word. */
int	log_level_parse(enum log_level *out, const char *word);
const char *log_level_name(enum log_level level);

/* Whether lines of that level are written: ask before costly preparation. */
bool	log_on(enum log_level level);

/* err: a human must act; warn; info: life of sessions; debug.  The _errno
 * forms append strerror(errno). */
void	log_err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_at(enum log_level level, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
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
