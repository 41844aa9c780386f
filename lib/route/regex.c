/*
 * regex.c: PCRE2 as routes need it.
 */
#include "route/regex.h"

#define PCRE2_CODE_UNIT_WIDTH	8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REGEX_DEPTH_MAX		100000	/* where there is no JIT compiler */

/*
 * Most expressions match a few short topics in their life.  Making machine
 * code costs more than all of that, and thousands of pieces of it, each on
 * pages of its own, are slower than the interpreter, which stays in the cache.
 */
#define REGEX_JIT_USES		16	/* matches before it pays */
#define REGEX_JIT_LENGTH	256	/* bytes of a text that it pays for */

#define REGEX_GIVE_UP_WORK	10000	/* matches, in the same time */

#define REGEX_STACK_MIN		(32u << 10)	/* bytes, of JIT code */
#define REGEX_STACK_MAX		(1u << 20)

struct regex {
	pcre2_code *code;	/* owned */
	unsigned    uses;	/* matches until the JIT compiler was called */
};

struct regex_scratch {
	pcre2_match_data    *data;	/* all owned */
	pcre2_match_context *context;
	pcre2_jit_stack	    *stack;
	size_t		     groups;	/* up to the last one that took part
					 * in the last match, from 0 */
	size_t		     give_ups;	/* matches that met a limit */
	uint64_t	     matches;
};

static pcre2_code *
code_new(struct slice expression, unsigned flags, struct regex_error *e)
{
	uint32_t options = flags & REGEX_PLAIN ? 0 : PCRE2_DOTALL |
	    PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_CAPTURE | PCRE2_ANCHORED |
	    PCRE2_ENDANCHORED;
	const char *p = expression.len > 0 ? expression.p : "";
	pcre2_code *re;
	int code;

	if (flags & REGEX_UTF8)
		options |= PCRE2_UTF | PCRE2_UCP;
	if (flags & REGEX_CASELESS)
		options |= PCRE2_CASELESS;
	re = pcre2_compile((PCRE2_SPTR)p, expression.len, options, &code,
	    &e->offset, NULL);
	if (re == NULL)
		(void)pcre2_get_error_message(code, (PCRE2_UCHAR *)e->text,
		    sizeof(e->text));
	return re;
}

struct regex *
regex_new(struct slice expression, unsigned flags, struct regex_error *e)
{
	struct regex *re = NULL;
	pcre2_code *code;
	uint32_t count;

	if ((code = code_new(expression, flags, e)) == NULL)
		return NULL;
	(void)pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
	e->offset = 0;
	if (count > REGEX_GROUPS_MAX)
		(void)snprintf(e->text, sizeof(e->text),
		    "more than %d groups", REGEX_GROUPS_MAX);
	else if ((re = calloc(1, sizeof(*re))) == NULL)
		(void)snprintf(e->text, sizeof(e->text), "out of memory");
	if (re == NULL)
		pcre2_code_free(code);
	else
		re->code = code;
	return re;
}

void
regex_free(struct regex *re)
{
	if (re == NULL)
		return;
	pcre2_code_free(re->code);
	free(re);
}

size_t
regex_names(const struct regex *re, const char *names[REGEX_GROUPS_MAX])
{
	uint32_t i, group, entries, entry_size, captures;
	PCRE2_SPTR table;

	(void)pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &captures);
	(void)pcre2_pattern_info(re->code, PCRE2_INFO_NAMECOUNT, &entries);
	(void)pcre2_pattern_info(re->code, PCRE2_INFO_NAMEENTRYSIZE,
	    &entry_size);
	(void)pcre2_pattern_info(re->code, PCRE2_INFO_NAMETABLE, &table);
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
	(void)pcre2_set_match_limit(s->context, REGEX_STEPS_MAX);
	(void)pcre2_set_depth_limit(s->context, REGEX_DEPTH_MAX);
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

static int
match_text(const struct regex *re, struct slice text, uint32_t options,
    struct regex_scratch *s)
{
	const char *p = text.len > 0 ? text.p : "";

	return pcre2_match(re->code, (PCRE2_SPTR)p, text.len, 0, options,
	    s->data, s->context);
}

/* Every error counts as no match: a limit, or invalid UTF-8. */
bool
regex_match(struct regex *re, struct slice text, struct regex_scratch *s)
{
	int rc;

	s->matches++;
	/* Without machine code, as on a kernel that forbids it, matching is
	 * slower. */
	if (re->uses < REGEX_JIT_USES &&
	    (++re->uses == REGEX_JIT_USES || text.len > REGEX_JIT_LENGTH)) {
		re->uses = REGEX_JIT_USES;
		(void)pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE);
	}
	rc = match_text(re, text, 0, s);
	s->groups = rc > 0 ? (size_t)rc : 0;
	s->give_ups += rc == PCRE2_ERROR_MATCHLIMIT ||
	    rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT ||
	    rc == PCRE2_ERROR_JIT_STACKLIMIT;
	return rc > 0;
}

size_t
regex_give_ups(const struct regex_scratch *s)
{
	return s->give_ups;
}

uint64_t
regex_work(const struct regex_scratch *s)
{
	return s->matches + s->give_ups * REGEX_GIVE_UP_WORK;
}

bool
regex_takes_steps(const struct regex *re, struct slice text, unsigned steps,
    struct regex_scratch *s)
{
	int rc;

	(void)pcre2_set_match_limit(s->context, steps);
	rc = match_text(re, text, PCRE2_NO_JIT, s);
	(void)pcre2_set_match_limit(s->context, REGEX_STEPS_MAX);
	return rc == PCRE2_ERROR_MATCHLIMIT;
}

bool
regex_capture(const struct regex_scratch *s, struct slice text, size_t group,
    struct slice *out)
{
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(s->data);
	PCRE2_SIZE start = v[2 * group], end = v[2 * group + 1];

	if (group >= s->groups)
		return false;
	*out = start == PCRE2_UNSET ? SLICE("") :
	    slice_of(text.p + start, end - start);
	return true;
}
