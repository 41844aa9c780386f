/*
 * exec_life.h: the life of a handler's child: started, listened to, ended, and
 * started again.
 */
#pragma once

#include <stdint.h>

struct exec_child;

/* Do what is due at broker->now. */
void	exec_life_watch(struct exec_child *c);

/* When something will be due, in ms; INT64_MAX: never. */
int64_t	exec_life_due(const struct exec_child *c);

/* The broker ends. */
void	exec_life_clear(struct exec_child *c);
