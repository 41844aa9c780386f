/*
 * exec_log.h: what the log says of a handler's child.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"

struct exec_child;

/* What is wrong with it; no payload is in text.  Of each second only the first
 * few lines are logged, here and below. */
void	exec_log_warn(struct exec_child *c, const char *text);

/* A line that it has written to its stderr. */
void	exec_log_stderr(struct exec_child *c, struct slice line);

/* If a second is over, say how many lines of it were left out. */
void	exec_log_close_second(struct exec_child *c, int64_t now);

/* When there is that to be said, in ms; INT64_MAX: never. */
int64_t	exec_log_due(const struct exec_child *c);

/* It was started; it has ended, and its requests are still there. */
void	exec_log_started(const struct exec_child *c);
void	exec_log_ended(const struct exec_child *c, const char *how);
