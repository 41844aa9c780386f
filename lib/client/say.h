/*
 * say.h: lines on stderr that may carry what a peer sent.
 */
#pragma once

#include "base/slice.h"

/* Write head, text and a newline to stderr in one piece.  text goes through
 * printable_add(), so that no peer can drive the terminal or forge a line. */
void	say_line(const char *head, struct slice text);

/* The same of a message in parts (wamp1_call() and so on). */
void	say_message(const char *head, const struct slice *parts, size_t n);
