/*
 * fake_work.h: threads that work when a test tells them to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "wampd/core/loop.h"

extern const struct loop_ops fake_work_ops;
extern size_t fake_works;	/* threads that work */
extern bool fake_work_refused;	/* nothing can be started */

/* Let the thread end that has worked longest. */
void	fake_work_do(void);
