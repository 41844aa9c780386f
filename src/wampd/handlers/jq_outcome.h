/*
 * jq_outcome.h: what jq programs yield, and its effects.
 */
#pragma once

#include "wampd/handlers/jq_state.h"

#define JQ_EVENTS_MAX	1000	/* outputs of one run */

/* See struct jq_pool_ops. */
void	jq_outcome_value(const struct jq_job *job, struct jq_result *result,
	    const struct jq_answer *a);
void	jq_outcome_done(struct jq_job *job, struct jq_result *result,
	    const char *failure);
void	jq_outcome_lost(struct jq_job *job, const char *how, long pid);
