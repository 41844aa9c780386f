/*
 * jq_exact.c: jq programs that lose no digit of a whole number, or say so.
 */
#include "proto/jq_exact.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/jq_literal.h"
#include "proto/json_digits.h"
#include "proto/json_path.h"

#define MEMBERS_MAX	16
#define NUMBER_SHOWN	40	/* digits, in an error */

/* One of the three runs. */
struct run {
	struct jq_program *program;	/* owned; NULL: not compiled */
	struct buf	   texts[MEMBERS_MAX];	/* owned; its input's */
	struct buf	   made;	/* owned; its output's room */
};

struct jq_exact {
	char		  *text;	/* owned */
	void		 (*no_memory)(void *);
	bool		   timed;	/* it may ask for the time of day */
	struct json_path   path;	/* owned; if is_path */
	bool		   is_path;
	/* the run */
	struct run	   runs[JSON_DIGITS_RUNS];	/* the first is that
							 * of all inputs */
	struct slice	   inputs[MEMBERS_MAX];	/* borrowed, or of kept */
	size_t		   n;
	struct buf	   kept[MEMBERS_MAX];	/* owned; all but the last */
	bool		   kept_long[MEMBERS_MAX];	/* with long numbers */
	size_t		   nkept;
	bool		   plain;	/* libjq, too, has kept these */
	struct json_digits digits;	/* of the inputs */
	double		   began;	/* seconds */
	bool		   exact;	/* there are long numbers: run three */
	bool		   pending;	/* is_path: found was not yielded */
	bool		   on_path;	/* this run is the path's */
	struct json_elem   found;
	struct buf	   restored;	/* owned; the output, if exact */
	struct slice	   output;	/* likewise: its text */
};

/* ---- compiling ---- */

/*
 * Text becomes a number where digits can be lost that no number of the input
 * has.  These stand before a program that says one of the names, on a line of
 * their own.
 */
static const char text_to_number[] =
    "def jq_tonumber: tonumber; def jq_fromjson: fromjson; "
    "def tonumber: if type == \"string\" then . as $text | jq_tonumber | "
    "if fabs >= 9007199254740992 and "
    "([$text | explode[] | select(. == 46 or . == 69 or . == 101)] == []) "
    "then error(\"" JQ_EXACT_LOST "\\($text)\") else . end "
    "else jq_tonumber end; "
    "def fromjson: jq_fromjson | "
    "if [.. | select(type == \"number\" and fabs >= 9007199254740992)] == [] "
    "then . else error(\"" JQ_EXACT_LOST "a number in a text\") end;\n";

static int
compile_guarded(struct jq_exact *x, struct jq_program **p,
    struct jq_place *at, struct errbuf *e)
{
	struct buf text = { 0 };

	if (buf_add_str(&text, text_to_number) == -1 ||
	    buf_add_str(&text, x->text) == -1 || buf_cstr(&text) == NULL) {
		err_set(e, "out of memory");
	} else {
		*p = jq_program_new(text.data, x->no_memory, at, e);
		if (*p == NULL && at != NULL && at->line > 1)
			at->line--;
	}
	buf_clear(&text);
	return *p != NULL ? 0 : -1;
}

static int
compile(struct jq_exact *x, unsigned run, struct jq_place *at,
    struct errbuf *e)
{
	struct jq_program **p = &x->runs[run].program;

	if (*p != NULL)
		return 0;
	if (strstr(x->text, "tonumber") != NULL ||
	    strstr(x->text, "fromjson") != NULL)
		return compile_guarded(x, p, at, e);
	*p = jq_program_new(x->text, x->no_memory, at, e);
	return *p != NULL ? 0 : -1;
}

/* What is wrong with a number that the program names. */
static void
refuse_literal(const char *text, struct slice number, struct jq_place *at,
    struct errbuf *e)
{
	const char *p, *line = text;
	unsigned lines = 1;

	for (p = text; p < number.p; p++)
		if (*p == '\n') {
			lines++;
			line = p + 1;
		}
	if (at != NULL)
		*at = (struct jq_place){ lines,
		    (unsigned)(number.p - line) + 1 };
	err_set(e, "%.*s has more digits than jq's numbers",
	    (int)(number.len < NUMBER_SHOWN ? number.len : NUMBER_SHOWN),
	    number.p);
}

struct jq_exact *
jq_exact_new(const char *text, void (*no_memory)(void *),
    struct jq_place *at, struct errbuf *e)
{
	struct jq_exact *x = calloc(1, sizeof(*x));
	enum json_path_verdict verdict = JSON_PATH_MEMORY;
	struct slice number;

	if (at != NULL)
		*at = (struct jq_place){ 0 };
	if (x != NULL && (x->text = strdup(text)) != NULL)
		verdict = json_path_read(&x->path, slice_str(x->text));
	if (x != NULL) {
		x->no_memory = no_memory;
		x->is_path = verdict == JSON_PATH_OK;
	}
	if (verdict == JSON_PATH_MEMORY) {
		err_set(e, "out of memory");
	} else if (x->is_path || compile(x, 0, at, e) == 0) {
		x->timed = strstr(text, "now") != NULL;
		if (!jq_literal_lossy(x->text, &number))
			return x;
		refuse_literal(x->text, number, at, e);
	}
	jq_exact_free(x);
	return NULL;
}

void
jq_exact_free(struct jq_exact *x)
{
	unsigned run;
	size_t i;

	if (x == NULL)
		return;
	for (run = 0; run < JSON_DIGITS_RUNS; run++) {
		jq_program_free(x->runs[run].program);
		for (i = 0; i < MEMBERS_MAX; i++)
			buf_clear(&x->runs[run].texts[i]);
		buf_clear(&x->runs[run].made);
	}
	for (i = 0; i < MEMBERS_MAX; i++)
		buf_clear(&x->kept[i]);
	json_path_clear(&x->path);
	json_digits_clear(&x->digits);
	buf_clear(&x->restored);
	free(x->text);
	free(x);
}

/* ---- starting ---- */

static int
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return -1;
}

static int
start(struct jq_exact *x, unsigned run, const struct jq_member *v,
    struct errbuf *e)
{
	struct jq_program *p = x->runs[run].program;

	return v[0].name == NULL ? jq_run_start(p, v[0].text, e) :
	    jq_run_start_members(p, v, x->n, e);
}

/* A run with what takes the place of the long numbers. */
static int
start_exact(struct jq_exact *x, unsigned run, const struct jq_member *v,
    struct errbuf *e)
{
	struct jq_member own[MEMBERS_MAX];
	struct buf *text;
	size_t i;

	if (compile(x, run, NULL, e) == -1)
		return -1;
	for (i = 0; i < x->n; i++) {
		text = &x->runs[run].texts[i];
		buf_reset(text);
		if (json_digits_write(&x->digits, run, x->inputs[i],
		    text) == -1)
			return out_of_memory(e);
		own[i] = (struct jq_member){ .name = v[i].name,
		    .text = buf_slice(text) };
	}
	return start(x, run, own, e);
}

static int
start_three(struct jq_exact *x, const struct jq_member *v, struct errbuf *e)
{
	unsigned run;
	size_t i;

	x->began = (double)clock_wall_us() / 1e6;
	x->digits.n = 0;
	for (i = 0; i < x->n; i++)
		if (json_digits_add(&x->digits, x->inputs[i]) == -1)
			return out_of_memory(e);
	json_digits_settle(&x->digits);
	for (run = 0; run < JSON_DIGITS_RUNS; run++)
		if (start_exact(x, run, v, e) == -1)
			return -1;
	return 0;
}

/* A name that is NULL: the text is the whole input. */
static int
start_any(struct jq_exact *x, const struct jq_member *v, bool is_long,
    struct errbuf *e)
{
	bool plain;

	x->on_path = false;
	x->exact = is_long;
	if (!is_long) {
		plain = compile(x, 0, NULL, e) == 0 && start(x, 0, v, e) == 0;
		x->plain = plain && v[0].name != NULL;
		return plain ? 0 : -1;
	}
	x->plain = false;
	return start_three(x, v, e);
}

int
jq_exact_start(struct jq_exact *x, struct slice input, struct errbuf *e)
{
	const struct jq_member whole = { .text = input };

	jq_exact_stop(x);
	x->inputs[0] = input;
	x->n = 1;
	x->nkept = 0;
	if (!x->is_path)
		return start_any(x, &whole, json_digits_first(input).len > 0,
		    e);
	x->on_path = x->pending = true;
	return 0;
}

/* A member but the last: whether it can be had again, or is new. */
static int
keep(struct jq_exact *x, size_t i, const struct jq_member *v,
    struct errbuf *e)
{
	if (!v->same) {
		buf_reset(&x->kept[i]);
		if (buf_add_slice(&x->kept[i], v->text) == -1)
			return out_of_memory(e);
		x->kept_long[i] = json_digits_first(v->text).len > 0;
	} else if (i >= x->nkept) {
		err_set(e, "\"%s\" was not kept", v->name);
		return -1;
	}
	x->inputs[i] = buf_slice(&x->kept[i]);
	return 0;
}

int
jq_exact_start_members(struct jq_exact *x, const struct jq_member *v,
    size_t n, struct errbuf *e)
{
	struct jq_member own[MEMBERS_MAX];
	bool is_long;
	size_t i;

	jq_exact_stop(x);
	if (n == 0 || n > MEMBERS_MAX) {
		err_set(e, "no members, or too many");
		return -1;
	}
	is_long = json_digits_first(v[n - 1].text).len > 0;
	for (i = 0; i + 1 < n; i++) {
		if (keep(x, i, &v[i], e) == -1)
			return -1;
		is_long = is_long || x->kept_long[i];
	}
	x->nkept = n - 1;
	x->inputs[n - 1] = v[n - 1].text;
	x->n = n;
	for (i = 0; i < n; i++)
		own[i] = (struct jq_member){ .name = v[i].name,
		    .text = x->inputs[i],
		    .same = v[i].same && x->plain };
	return start_any(x, own, is_long, e);
}

void
jq_exact_stop(struct jq_exact *x)
{
	unsigned run;

	x->pending = false;
	for (run = 0; run < JSON_DIGITS_RUNS; run++)
		if (x->runs[run].program != NULL)
			jq_run_stop(x->runs[run].program);
}

/* ---- results ---- */

static enum jq_outcome
lost(struct jq_exact *x, struct errbuf *e)
{
	struct slice number = { NULL, 0 };
	size_t i;

	for (i = 0; i < x->n && number.len == 0; i++)
		number = json_digits_first(x->inputs[i]);
	err_set(e, JQ_EXACT_LOST "%.*s: pass it on unchanged, or send it as a "
	    "string", (int)(number.len < NUMBER_SHOWN ? number.len :
	    NUMBER_SHOWN), number.p);
	jq_exact_stop(x);
	return JQ_ERROR;
}

/* Which of the inputs the texts of the three runs are; n: none. */
static size_t
find_input(const struct jq_exact *x, const struct slice text[])
{
	unsigned run;
	size_t i;

	for (i = 0; i < x->n; i++) {
		for (run = 0; run < JSON_DIGITS_RUNS; run++)
			if (text[run].p != x->runs[run].texts[i].data ||
			    text[run].len != x->runs[run].texts[i].len)
				break;
		if (run == JSON_DIGITS_RUNS)
			return i;
	}
	return x->n;
}

/* The three outputs as one. */
static enum jq_outcome
restore(struct jq_exact *x, struct errbuf *e)
{
	struct slice text[JSON_DIGITS_RUNS];
	double now = (double)clock_wall_us() / 1e6;
	unsigned run;
	size_t i;

	for (run = 0; run < JSON_DIGITS_RUNS; run++)
		if (jq_output_text(x->runs[run].program, &x->runs[run].made,
		    &text[run]) == -1)
			goto nomem;
	if ((i = find_input(x, text)) < x->n) {
		x->output = x->inputs[i];
		return JQ_OUTPUT;
	}
	buf_reset(&x->restored);
	switch (json_digits_restore(&x->digits, text, x->timed ? x->began :
	    1, x->timed ? now : 0, &x->restored)) {
	case JSON_DIGITS_KEPT:
		x->output = buf_slice(&x->restored);
		return JQ_OUTPUT;
	case JSON_DIGITS_LOST:
		return lost(x, e);
	case JSON_DIGITS_MEMORY:
	default:
		break;
	}
nomem:
	(void)out_of_memory(e);
	jq_exact_stop(x);
	return JQ_ERROR;
}

static enum jq_outcome
next_of_programs(struct jq_exact *x, struct errbuf *e)
{
	enum jq_outcome outcome;
	struct errbuf other;
	unsigned run;

	outcome = jq_run_next(x->runs[0].program, e);
	if (!x->exact)
		return outcome;
	for (run = 1; run < JSON_DIGITS_RUNS; run++)
		if (jq_run_next(x->runs[run].program, &other) != outcome)
			return lost(x, e);
	return outcome == JQ_OUTPUT ? restore(x, e) : outcome;
}

static enum jq_outcome
next_on_path(struct jq_exact *x, struct errbuf *e)
{
	const struct jq_member whole = { .text = x->inputs[0] };

	if (!x->pending)
		return JQ_END;
	x->pending = false;
	if (json_path_find(&x->path, x->inputs[0], &x->found, e) == 0)
		return JQ_OUTPUT;
	/* What is wrong is for jq to say, in words that people know. */
	return start_any(x, &whole, json_digits_first(x->inputs[0]).len > 0,
	    e) == -1 ? JQ_ERROR : next_of_programs(x, e);
}

enum jq_outcome
jq_exact_next(struct jq_exact *x, struct errbuf *e)
{
	return x->on_path ? next_on_path(x, e) : next_of_programs(x, e);
}

/* ---- the output ---- */

enum json_type
jq_exact_type(const struct jq_exact *x)
{
	return x->on_path ? x->found.type :
	    jq_output_type(x->runs[0].program);
}

int
jq_exact_text(const struct jq_exact *x, struct buf *room, struct slice *out)
{
	if (!x->on_path && !x->exact)
		return jq_output_text(x->runs[0].program, room, out);
	*out = x->on_path ? x->found.text : x->output;
	return 0;
}

/* An input that the program has put there as it was keeps its bytes. */
static bool
find_own(const struct jq_exact *x, struct slice *text)
{
	const struct buf *own;
	size_t i;

	for (i = 0; i < x->n; i++) {
		own = &x->runs[0].texts[i];
		if (text->p == own->data && text->len == own->len) {
			*text = x->inputs[i];
			return true;
		}
	}
	return false;
}

int
jq_exact_member(const struct jq_exact *x, const char *name, struct buf *room,
    struct slice *out)
{
	struct json_elem found;
	int rc;

	if (!x->on_path) {
		rc = jq_output_member(x->runs[0].program, name, room, out);
		if (!x->exact || rc != 1 || find_own(x, out))
			return rc;
	}
	if (!json_member(x->on_path ? x->found.text : x->output, name, &found))
		return 0;
	*out = found.text;
	return 1;
}

bool
jq_exact_is_input(const struct jq_exact *x, size_t i, struct slice text)
{
	if (!x->on_path && !x->exact)
		return jq_is_input(x->runs[0].program, i, text);
	return i < x->n && text.p == x->inputs[i].p &&
	    text.len == x->inputs[i].len;
}
