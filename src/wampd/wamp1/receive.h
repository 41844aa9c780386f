/*
 * receive.h: the messages of WAMP v1 that a server takes.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct session;

/* See struct protocol. */
void	wamp1_receive(struct session *s, struct slice message, bool binary);
void	wamp1_receive_oversized(struct session *s);
