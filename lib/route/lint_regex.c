/*
 * lint_regex.c: what is hardly meant in a requirement.
 */
#include "route/lint_regex.h"

#include "base/buf.h"
#include "route/pattern_regex.h"
#include "route/regex.h"
#include "route/regex_scan.h"
#include "route/sample.h"

#define ATTACK_REPEATS	40	/* of a sample, in an attack */
#define ATTACK_STEPS	100000	/* what stays below 40^3 is no attack */
#define ATTACK_VARIANTS	4

/* What was found out about an expression; texts belong to the arena. */
struct verdict {
	struct slice regex;
	const char  *useless;	/* alternative; NULL: none */
	const char  *witness;	/* what it matches, as others do */
	const char  *attack;	/* repeated, backtracks for ever; or NULL */
};

static struct slice
verdict_regex(const void *value)
{
	return ((const struct verdict *)value)->regex;
}

void
lint_regex_init(struct lint_regex *l, struct regex_scratch *scratch)
{
	*l = (struct lint_regex){ .scratch = scratch };
	map_init(&l->verdicts, verdict_regex);
}

void
lint_regex_clear(struct lint_regex *l)
{
	map_clear(&l->verdicts);
	arena_clear(&l->mem);
}

static struct regex *
compile(struct slice regex, bool utf8)
{
	struct regex_error e;

	return regex_new(regex, utf8 ? REGEX_UTF8 : 0, &e);
}

/* ---- alternatives ---- */

/* Whether all samples of one alternative match what stands before it; the
 * first is appended to *witness.  Both are expressions. */
static bool
adds_nothing(struct buf *witness, const struct lint_regex *l,
    struct slice before, struct slice one, bool utf8)
{
	struct regex *earlier = compile(before, utf8);
	struct regex *own = compile(one, utf8);
	struct buf text = { 0 };
	unsigned variant, tried = 0;
	bool nothing = earlier != NULL && own != NULL;

	for (variant = 0; nothing && variant < SAMPLE_VARIANTS; variant++) {
		buf_reset(&text);
		if (sample_regex(&text, one, variant) == -1 ||
		    !regex_match(own, buf_slice(&text), l->scratch))
			continue;
		nothing = regex_match(earlier, buf_slice(&text), l->scratch);
		if (tried++ == 0)
			(void)buf_add_slice(witness, buf_slice(&text));
	}
	regex_free(earlier);
	regex_free(own);
	buf_clear(&text);
	return nothing && tried > 0;
}

static void
find_useless(struct lint_regex *l, struct verdict *v, bool utf8)
{
	struct slice one, before = v->regex;
	struct buf witness = { 0 };
	size_t at = 0;

	if (!regex_next_alternative(&one, v->regex, &at))
		return;
	for (before.len = one.len;
	    v->useless == NULL && regex_next_alternative(&one, v->regex, &at);
	    before.len = (size_t)(one.p - v->regex.p) + one.len) {
		buf_reset(&witness);
		if (!adds_nothing(&witness, l, before, one, utf8))
			continue;
		v->useless = arena_copy(&l->mem, one);
		v->witness = arena_copy(&l->mem, buf_slice(&witness));
	}
	buf_clear(&witness);
}

/* ---- catastrophes ---- */

/* Whether something repeats beside another repetition or an alternative:
 * nothing else takes exponential time. */
static bool
can_explode(struct slice regex)
{
	size_t at = 0, repeats = 0, alternatives = 0;
	struct regex_token t;

	while (regex_next(&t, regex, &at)) {
		repeats += t.kind == REGEX_QUANTIFIER && t.most > 1;
		alternatives += t.kind == REGEX_OR;
	}
	return repeats > 0 && repeats + alternatives > 1;
}

/*
 * Whether the part, many times over, takes too many steps before something that
 * cannot match.  A whole sample ends the text: an expression that knows how its
 * texts end would give up at once.
 */
static bool
is_attack(const struct regex *re, struct slice part, struct slice sample,
    struct regex_scratch *scratch)
{
	struct buf text = { 0 };
	bool found = false;
	int i, rc = 0;

	for (i = 0; i < ATTACK_REPEATS && rc == 0; i++)
		rc = buf_add_slice(&text, part);
	if (rc == 0 && buf_add_char(&text, '\1') == 0 &&
	    buf_add_slice(&text, sample) == 0)
		found = regex_takes_steps(re, buf_slice(&text), ATTACK_STEPS,
		    scratch);
	buf_clear(&text);
	return found;
}

/* Try one sample, first its first character alone: (a|aa)+b needs no b.  The
 * part that is enough, or NULL. */
static const char *
attack_by(struct lint_regex *l, const struct regex *re, struct slice sample)
{
	size_t lengths[] = { 1, sample.len };
	struct slice part = sample;
	size_t i;

	for (i = 0; i < 2 && sample.len > 0; i++) {
		part.len = lengths[i];
		if (is_attack(re, part, sample, l->scratch))
			return arena_copy(&l->mem, part);
	}
	return NULL;
}

static void
find_attack(struct lint_regex *l, struct verdict *v, bool utf8)
{
	struct buf sample = { 0 };
	struct regex *re = NULL;
	unsigned variant;

	if (can_explode(v->regex))
		re = compile(v->regex, utf8);
	for (variant = 0; re != NULL && v->attack == NULL &&
	    variant < ATTACK_VARIANTS; variant++) {
		buf_reset(&sample);
		if (sample_regex(&sample, v->regex, variant) == 0)
			v->attack = attack_by(l, re, buf_slice(&sample));
	}
	regex_free(re);
	buf_clear(&sample);
}

/* ---- verdicts ---- */

/* By the rules of version 0.3 alternatives are no equals: the first must stand
 * at the start. */
static const struct verdict *
obtain_verdict(struct lint_regex *l, const struct pattern_spec *spec,
    struct slice regex)
{
	struct verdict *v = map_find(&l->verdicts, regex);

	if (v != NULL)
		return v;
	if ((v = arena_alloc(&l->mem, sizeof(*v))) == NULL)
		return NULL;
	v->regex = slice_of(arena_copy(&l->mem, regex), regex.len);
	if (v->regex.p == NULL)
		return NULL;
	if (!spec->legacy)
		find_useless(l, v, spec->utf8);
	find_attack(l, v, spec->utf8);
	(void)map_insert(&l->verdicts, v);
	return v;
}

void
lint_regex_check(struct lint_regex *l, const struct pattern *p,
    const struct pattern_token *t, struct diags *d)
{
	const struct pattern_requirement *r = t->requirement;
	const struct verdict *v = NULL;
	struct buf regex = { 0 };

	if (pattern_write_requirement(&regex, r) == 0)
		v = obtain_verdict(l, &p->spec, buf_slice(&regex));
	buf_clear(&regex);
	if (v == NULL)
		return;
	if (v->useless != NULL && v->witness != NULL)
		diag_add(d, DIAG_WARNING, r->file, r->line, r->column,
		    "unreachable-alternative", "the alternative \"%s\" of "
		    "\"%s\" matches nothing that earlier ones do not match, "
		    "such as \"%s\": remove "
		    "it", v->useless, v->regex.p, v->witness);
	if (v->attack != NULL)
		diag_add(d, DIAG_WARNING, r->file, r->line, r->column,
		    "slow-regex", "\"%s\" backtracks for ever where \"%s\" is "
		    "repeated: do not nest repetitions, or make them "
		    "possessive, as in a++", v->regex.p, v->attack);
}
