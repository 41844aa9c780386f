/*
 * say.h: lines on stderr that may contain data from a peer.
 */
#pragma once

#include "base/slice.h"

/* Write head, text and a newline to stderr at once. text goes through
 * printable_add(), so that a peer can neither control the terminal nor forge a
 * line. */
void	say_line(const char *head, struct slice text);

/* The same for a message in parts (wamp1_call() and so on). */
void	say_message(const char *head, const struct slice *parts, size_t n);
