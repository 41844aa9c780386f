/*
 * receive.h: the messages of WAMP v1 that a server takes.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct session;

/* As struct protocol has them. */
void	wamp1_receive(struct session *s, struct slice message, bool binary);
void	wamp1_oversized(struct session *s);
