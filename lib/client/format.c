/*
 * format.c: events printed as a format string says.
 */
#include "client/format.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "proto/json_path.h"
#include "client/program.h"

enum step_kind { STEP_TEXT, STEP_TOPIC, STEP_EVENT, STEP_RAW, STEP_NUMBER,
    STEP_LENGTH, STEP_ISO, STEP_UNIX, STEP_RETAINED, STEP_PATH, STEP_JQ };

static const struct {
	char	       letter;
	enum step_kind kind;
} letters[] = {
	{ 't', STEP_TOPIC }, { 'p', STEP_EVENT }, { 'r', STEP_RAW },
	{ 'n', STEP_NUMBER }, { 'l', STEP_LENGTH }, { 'I', STEP_ISO },
	{ 'U', STEP_UNIX }, { 'R', STEP_RETAINED },
};

#define LETTERS	(sizeof(letters) / sizeof(letters[0]))

struct step {
	enum step_kind	   kind;
	size_t		   at, len;	/* STEP_TEXT: in format->text */
	struct json_path   path;	/* STEP_PATH */
	char		  *text;	/* STEP_JQ; owned */
	struct program_run run;		/* STEP_JQ */
};

struct format {
	struct step *steps;	/* owned */
	size_t	     n;
	struct buf   text;	/* owned; what is printed as it is */
	struct programs programs;	/* their texts are the steps' */
};

/* ---- reading ---- */

struct reader {
	struct format *f;	/* borrowed */
	const char    *start;
	const char    *p;	/* the next character */
	struct errbuf *e;	/* borrowed */
};

/* p is where the fault is. */
static int
reader_fault(struct reader *r, const char *p, const char *what)
{
	err_set(r->e, "column %zu: %s", (size_t)(p - r->start) + 1, what);
	return -1;
}

static int
reader_memory(struct reader *r)
{
	err_set(r->e, "out of memory");
	return -1;
}

static struct step *
reader_step(struct reader *r, enum step_kind kind)
{
	struct format *f = r->f;
	struct step *grown;

	grown = realloc(f->steps, (f->n + 1) * sizeof(*grown));
	if (grown == NULL) {
		(void)reader_memory(r);
		return NULL;
	}
	f->steps = grown;
	f->steps[f->n] = (struct step){ .kind = kind };
	return &f->steps[f->n++];
}

/* One byte that is printed as it is. */
static int
read_plain(struct reader *r, char c)
{
	struct format *f = r->f;
	struct step *last = f->n > 0 ? &f->steps[f->n - 1] : NULL;

	if (last == NULL || last->kind != STEP_TEXT) {
		if ((last = reader_step(r, STEP_TEXT)) == NULL)
			return -1;
		last->at = f->text.len;
	}
	last->len++;
	return buf_add_char(&f->text, c) == -1 ? reader_memory(r) : 0;
}

/* Behind the backslash. */
static int
read_escape(struct reader *r)
{
	switch (*r->p++) {
	case 'n':
		return read_plain(r, '\n');
	case 't':
		return read_plain(r, '\t');
	case '0':
		return read_plain(r, '\0');
	case '\\':
		return read_plain(r, '\\');
	default:
		return reader_fault(r, r->p - 2,
		    "the escapes are \\n \\t \\0 \\\\");
	}
}

/* The brace that closes the one before p: programs have braces, too, and
 * strings with braces.  NULL when there is none. */
static const char *
closing_brace(const char *p)
{
	size_t depth = 1;
	bool quoted = false;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == '{' && !quoted)
			depth++;
		else if (*p == '}' && !quoted && --depth == 0)
			return p;
	}
	return NULL;
}

static int
read_program(struct reader *r, struct step *step, struct slice text)
{
	unsigned line, column;
	struct errbuf why;

	if ((step->text = strndup(text.p, text.len)) == NULL)
		return reader_memory(r);
	step->run.first = true;
	if (program_compile_at(&r->f->programs, &step->run.program,
	    step->text, &line, &column, &why) == 0)
		return 0;
	/* A place in its first line is one in ours. */
	return reader_fault(r, text.p + (line == 1 && column > 0 ?
	    column - 1 : 0), why.msg);
}

/* Behind "%{". */
static int
read_path(struct reader *r)
{
	const char *end = closing_brace(r->p);
	struct step *step;
	struct slice text;

	if (end == NULL)
		return reader_fault(r, r->p - 2, "%{ without }");
	text = slice_of(r->p, (size_t)(end - r->p));
	if (text.len == 0)
		return reader_fault(r, r->p - 2, "%{} without a path");
	if ((step = reader_step(r, STEP_PATH)) == NULL)
		return -1;
	r->p = end + 1;
	switch (json_path_read(&step->path, text)) {
	case JSON_PATH_OK:
		return 0;
	case JSON_PATH_MEMORY:
		return reader_memory(r);
	case JSON_PATH_OTHER:
	default:
		step->kind = STEP_JQ;
		return read_program(r, step, text);
	}
}

/* Behind the percent. */
static int
read_percent(struct reader *r)
{
	char c = *r->p++;
	size_t i;

	if (c == '%')
		return read_plain(r, c);
	if (c == '{')
		return read_path(r);
	for (i = 0; i < LETTERS; i++)
		if (letters[i].letter == c)
			return reader_step(r, letters[i].kind) != NULL ? 0 :
			    -1;
	return reader_fault(r, r->p - 2,
	    "%t %p %r %n %l %I %U %R %{PATH} and %% may follow a percent sign");
}

struct format *
format_new(const char *text, const struct program_args *args,
    struct errbuf *e)
{
	struct reader r = { NULL, text, text, e };
	int rc;

	if ((r.f = calloc(1, sizeof(*r.f))) == NULL) {
		(void)reader_memory(&r);
		return NULL;
	}
	rc = programs_bind(&r.f->programs, args, false, e);
	while (rc == 0 && *r.p != '\0') {
		if (*r.p == '%') {
			r.p++;
			rc = read_percent(&r);
		} else if (*r.p == '\\') {
			r.p++;
			rc = read_escape(&r);
		} else {
			rc = read_plain(&r, *r.p++);
		}
	}
	if (rc == 0)
		return r.f;
	format_free(r.f);
	return NULL;
}

void
format_free(struct format *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++) {
		json_path_clear(&f->steps[i].path);
		free(f->steps[i].text);
	}
	programs_clear(&f->programs);
	free(f->steps);
	buf_clear(&f->text);
	free(f);
}

bool
format_tells_retained(const struct format *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->steps[i].kind == STEP_RETAINED)
			return true;
	return false;
}

/* ---- printing ---- */

static int
add_iso(struct buf *out, const struct event *ev)
{
	char text[CLOCK_ISO_SIZE];

	return buf_add_str(out, clock_iso_of(text, ev->time_us / 1000));
}

static enum event_outcome
add_path(struct buf *out, const struct step *step, const struct event *ev,
    unsigned how, struct errbuf *e)
{
	struct json_elem found;

	if (json_path_find(&step->path, ev->value.text, &found, e) == -1)
		return EVENT_FAULT;
	/* What is inside has a line's end at most where the whole has. */
	found.newline = ev->value.newline;
	return event_add_raw(out, &found, how) == -1 ? EVENT_MEMORY :
	    EVENT_OK;
}

/* Hand the event over to all programs: they run while the first result is
 * waited for. */
static enum event_outcome
start_programs(struct format *f, const struct event *ev, struct errbuf *e)
{
	size_t i;

	/* Those of an event that failed. */
	while (f->programs.njobs > 0)
		programs_skip(&f->programs);
	for (i = 0; i < f->n; i++)
		if (f->steps[i].kind == STEP_JQ &&
		    programs_add(&f->programs, &f->steps[i].run,
		    ev->value.text, e) == -1)
			return EVENT_MEMORY;
	return EVENT_OK;
}

/* The first result; without any, nothing. */
static enum event_outcome
add_program(struct format *f, struct buf *out, const struct event *ev,
    unsigned how, struct errbuf *e)
{
	struct json_elem found = { .newline = ev->value.newline };
	struct program_value v;

	switch (programs_next(&f->programs, &v, e)) {
	case PROGRAM_VALUE:
		found.type = v.type;
		found.text = v.text;
		if (event_add_raw(out, &found, how) == -1)
			return EVENT_MEMORY;
		programs_skip(&f->programs);
		return EVENT_OK;
	case PROGRAM_END:
		return EVENT_OK;
	case PROGRAM_STOPPED:
		err_set(e, "interrupted");
		return EVENT_FAULT;
	case PROGRAM_FAILED:
	case PROGRAM_TOPIC_FAILED:
	default:
		return EVENT_FAULT;
	}
}

static int
add_simple(struct format *f, struct buf *out, const struct step *step,
    const struct event *ev, unsigned how)
{
	switch (step->kind) {
	case STEP_TEXT:
		return buf_add(out, f->text.data + step->at, step->len);
	case STEP_TOPIC:
		return event_add_topic(out, ev, how);
	case STEP_EVENT:
		return event_add_value(out, &ev->value, how);
	case STEP_RAW:
		return event_add_raw(out, &ev->value, how);
	case STEP_NUMBER:
		return buf_addf(out, "%" PRId64, ev->number);
	case STEP_LENGTH:
		return buf_addf(out, "%zu", ev->value.text.len);
	case STEP_ISO:
		return add_iso(out, ev);
	case STEP_UNIX:
		return buf_addf(out, "%" PRId64 ".%06d",
		    ev->time_us / 1000000, (int)(ev->time_us % 1000000));
	case STEP_RETAINED:
		return buf_add_char(out, ev->retained || ev->history ?
		    '1' : '0');
	case STEP_PATH:
	case STEP_JQ:
	default:
		return 0;
	}
}

void
format_wake(struct format *f, int fd)
{
	programs_wake(&f->programs, fd);
}

enum event_outcome
format_add(struct format *f, struct buf *out, const struct event *ev,
    unsigned how, struct errbuf *e)
{
	enum event_outcome outcome = start_programs(f, ev, e);
	const struct step *step;
	size_t before = out->len, i;

	for (i = 0; i < f->n && outcome == EVENT_OK; i++) {
		step = &f->steps[i];
		if (step->kind == STEP_PATH)
			outcome = add_path(out, step, ev, how, e);
		else if (step->kind == STEP_JQ)
			outcome = add_program(f, out, ev, how, e);
		else if (add_simple(f, out, step, ev, how) == -1)
			outcome = EVENT_MEMORY;
	}
	if (outcome != EVENT_OK)
		out->len = before;
	return outcome;
}
