/*
 * ws_count.h: counting refused requests by their cause.
 */
#pragma once

#include "wampd/net/http_refusal.h"

struct broker_stats;

void	ws_count_refusal(struct broker_stats *stats, enum http_cause cause);
