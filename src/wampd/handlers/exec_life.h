/*
 * exec_life.h: the life of a handler's child: it is started, read, ended and
 * started again.
 */
#pragma once

#include <stdint.h>

struct exec_child;

/* Do what is due at broker->now. */
void	exec_life_watch(struct exec_child *c);

/* When the next thing is due, in ms; INT64_MAX if nothing is. */
int64_t	exec_life_due(const struct exec_child *c);

/* End the child because the broker ends. */
void	exec_life_clear(struct exec_child *c);
