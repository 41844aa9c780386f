/*
 * lint_regex.h: internals of lint.c: warnings about a requirement.
 */
#pragma once

#include "base/map.h"
#include "route/diag.h"
#include "route/pattern.h"

struct regex_scratch;

/* Many routes have the same requirements: each is tried once. */
struct lint_regex {
	struct map   verdicts;	/* of struct verdict, by expression */
	struct arena mem;
	struct regex_scratch *scratch;	/* borrowed */
};

void	lint_regex_init(struct lint_regex *l, struct regex_scratch *scratch);
void	lint_regex_clear(struct lint_regex *l);

/* Report warnings about the requirement of the parameter. */
void	lint_regex_check(struct lint_regex *l, const struct pattern *p,
	    const struct pattern_token *t, struct diags *d);
