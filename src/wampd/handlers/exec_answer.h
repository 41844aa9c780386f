/*
 * exec_answer.h: the lines that a handler's child prints.
 */
#pragma once

#include "base/slice.h"

struct exec_child;

/* Handle a line that the child has printed. */
void	exec_answer(struct exec_child *c, struct slice line);
