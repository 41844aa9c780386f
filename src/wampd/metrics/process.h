/*
 * process.h: the figures of the broker's process.
 */
#pragma once

#include "wampd/metrics/exposition.h"

struct broker;

/* Append them, under the names that all Prometheus clients use.  What the
 * system does not tell is left out. */
void	metrics_process(struct exposition *x, const struct broker *b);
