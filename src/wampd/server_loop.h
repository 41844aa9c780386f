/*
 * server_loop.h: the libuv loop as the core sees it (loop.h).
 */
#pragma once

#include "wampd/core/loop.h"

/* The context is a uv_loop_t. */
extern const struct loop_ops server_loop_ops;
