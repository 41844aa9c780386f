/*
 * jq.h: what jq.c and jq_answer.c share.  Private to them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "route/declare.h"
#include "wampd/handlers/jq_pool.h"

#define JQ_EVENTS_MAX	1000	/* that come of one */

struct jq_handler {
	uint32_t program[DECLARE_ACTIONS];	/* id; 0: none */
	struct buf route, session;		/* of the run that is asked */
};

/* As struct jq_pool_ops has them. */
void	jq_value(const struct jq_job *job, struct jq_result *result,
	    const struct jq_answer *a);
void	jq_done(struct jq_job *job, struct jq_result *result,
	    const char *failure);
void	jq_lost(struct jq_job *job, const char *how, long pid);
