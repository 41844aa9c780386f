/*
 * exec_log.h: log lines about a handler's child.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

struct exec_child;

/* Log what is wrong with it; text holds no payload.  In each second, only the
 * first few lines of this and the next function are logged. */
void	exec_log_warn(struct exec_child *c, const char *text);

/* Log a line of its stderr. */
void	exec_log_stderr(struct exec_child *c, struct slice line);

/* If a second is over, log how many of its lines were left out. */
void	exec_log_close_second(struct exec_child *c, int64_t now);

/* When the line above is due, in ms; INT64_MAX if none is. */
int64_t	exec_log_due(const struct exec_child *c);

/* Log its start; log its end, before its requests are refused. */
void	exec_log_started(const struct exec_child *c);
void	exec_log_ended(const struct exec_child *c, const char *how);
