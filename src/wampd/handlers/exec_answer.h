/*
 * exec_answer.h: what a handler's child says, line by line.
 */
#pragma once

#include "base/slice.h"

struct exec_child;

/* Do what a line of a child says. */
void	exec_answer(struct exec_child *c, struct slice line);
