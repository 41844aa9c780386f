/*
 * jq_check.h: compiling the programs of declarations before a reload uses them.
 */
#pragma once

#include "route/declare.h"
#include "wampd/core/handler.h"

struct jq_answer;

/* For the handler type. */
extern const struct handler_check jq_check;

/* Report that the program of an action of h is wrong, at that place of it. */
void	jq_check_report(const struct handler_decl *h,
	    enum declare_action action, const struct jq_answer *at,
	    const struct errbuf *e, struct diags *d);
