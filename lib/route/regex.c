/*
 * regex.c: PCRE2 as routes need it.
 */
#include "route/regex.h"

#define PCRE2_CODE_UNIT_WIDTH	8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Enough to walk the longest topic once and back in an honest expression; one
 * that backtracks for ever is cut off within a millisecond.  The depth counts
 * only where there is no JIT compiler.
 */
#define REGEX_MATCH_LIMIT	250000	/* steps */
#define REGEX_DEPTH_LIMIT	100000
#define REGEX_STACK_MIN		(32u << 10)	/* bytes, of JIT code */
#define REGEX_STACK_MAX		(1u << 20)

struct regex_scratch {
	pcre2_match_data    *data;	/* all owned */
	pcre2_match_context *context;
	pcre2_jit_stack	    *stack;
};

pcre2_code *
regex_new(struct slice expression, bool utf8, struct regex_error *e)
{
	uint32_t count, options = PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY |
	    PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NO_AUTO_CAPTURE;
	pcre2_code *re;
	int code;

	if (utf8)
		options |= PCRE2_UTF | PCRE2_UCP;
	re = pcre2_compile((PCRE2_SPTR)expression.p, expression.len, options,
	    &code, &e->offset, NULL);
	if (re == NULL) {
		(void)pcre2_get_error_message(code, (PCRE2_UCHAR *)e->text,
		    sizeof(e->text));
		return NULL;
	}
	(void)pcre2_pattern_info(re, PCRE2_INFO_CAPTURECOUNT, &count);
	if (count > REGEX_GROUPS_MAX) {
		e->offset = 0;
		(void)snprintf(e->text, sizeof(e->text),
		    "more than %d named groups", REGEX_GROUPS_MAX);
		pcre2_code_free(re);
		return NULL;
	}
	/* Without it, as on a kernel that forbids it, matching is slower. */
	(void)pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
	return re;
}

void
regex_free(pcre2_code *re)
{
	pcre2_code_free(re);
}

size_t
regex_names(const pcre2_code *re, const char *names[REGEX_GROUPS_MAX])
{
	uint32_t i, group, entries, entry_size, captures;
	PCRE2_SPTR table;

	(void)pcre2_pattern_info(re, PCRE2_INFO_CAPTURECOUNT, &captures);
	(void)pcre2_pattern_info(re, PCRE2_INFO_NAMECOUNT, &entries);
	(void)pcre2_pattern_info(re, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
	(void)pcre2_pattern_info(re, PCRE2_INFO_NAMETABLE, &table);
	for (i = 0; i < entries; i++, table += entry_size) {
		group = (uint32_t)table[0] << 8 | table[1];
		names[group - 1] = (const char *)table + 2;
	}
	return captures;
}

struct regex_scratch *
regex_scratch_new(void)
{
	struct regex_scratch *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return NULL;
	s->data = pcre2_match_data_create(REGEX_GROUPS_MAX + 1, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(REGEX_STACK_MIN, REGEX_STACK_MAX,
	    NULL);
	if (s->data == NULL || s->context == NULL) {
		regex_scratch_free(s);
		return NULL;
	}
	(void)pcre2_set_match_limit(s->context, REGEX_MATCH_LIMIT);
	(void)pcre2_set_depth_limit(s->context, REGEX_DEPTH_LIMIT);
	pcre2_jit_stack_assign(s->context, NULL, s->stack);
	return s;
}

void
regex_scratch_free(struct regex_scratch *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	free(s);
}

/* Every error counts as no match: a limit, or invalid UTF-8. */
bool
regex_match(const pcre2_code *re, struct slice text, struct regex_scratch *s)
{
	const char *p = text.len > 0 ? text.p : "";

	return pcre2_match(re, (PCRE2_SPTR)p, text.len, 0, 0, s->data,
	    s->context) >= 0;
}

bool
regex_capture(const struct regex_scratch *s, struct slice text, size_t group,
    struct slice *out)
{
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(s->data);
	PCRE2_SIZE start = v[2 * group], end = v[2 * group + 1];

	if (start == PCRE2_UNSET)
		return false;
	*out = slice_of(text.p + start, end - start);
	return true;
}
