/*
 * jq.c: programs in jq's language, compiled once and run on JSON texts.
 */
#include "proto/jq.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "proto/jq_api.h"

/* A text of the input and what jq sees of it. */
struct jq_input {
	struct slice text;	/* borrowed, of own if it is kept */
	jv	     value;	/* owned */
	struct buf   own;
};

struct jq_program {
	struct jq_api	 api;
	jq_state	*jq;		/* owned */
	jq_util_input_state *none;	/* owned; no further inputs */
	struct jq_input	*inputs;	/* owned; cap of them */
	size_t		 n, cap;	/* n have a value */
	size_t		 kept;		/* of these, for the next run */
	jv		 base;		/* owned while has_base; an object of
					 * the kept inputs */
	bool		 has_base;
	bool		 running;	/* jq_next() may be called */
	bool		 held;		/* the interpreter has not let go of
					 * the run's values */
	bool		 has_output;
	jv		 output;	/* owned while has_output */
};

/* ---- messages ---- */

/* A value's text: a string's characters, or JSON.  Consumes v. */
static jv
value_text(const struct jq_api *api, jv v)
{
	return api->jv_get_kind(v) == JV_KIND_STRING ? v :
	    api->jv_dump_string(v, 0);
}

/* One line whatever the message holds. */
static void
message_set(struct errbuf *e, struct slice text)
{
	char *p;

	while (text.len > 0 && strchr(" \n", text.p[text.len - 1]) != NULL)
		text.len--;
	err_set(e, "%.*s", (int)text.len, text.p);
	for (p = e->msg; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
}

/* Consumes v. */
static void
message_of_value(const struct jq_api *api, jv v, struct errbuf *e)
{
	jv text = value_text(api, v);

	message_set(e, slice_str(api->jv_string_value(text)));
	api->jv_free(text);
}

/* ---- compiling ---- */

struct jq_complaint {
	const struct jq_api *api;
	const char	    *program;
	struct jq_place	     at;
	struct errbuf	    *e;
	bool		     made;
};

static struct slice
program_line(const char *program, unsigned line)
{
	for (; line > 1 && strchr(program, '\n') != NULL; line--)
		program = strchr(program, '\n') + 1;
	return slice_of(program, strcspn(program, "\n"));
}

/*
 * Take libjq's message apart:
 *
 *	jq: error: foo/0 is not defined at <top-level>, line 1:
 *	.a | foo.....
 *
 * The second line is that of the program, with as many spaces (here points)
 * behind it as there are bytes before the fault.
 */
static void
complaint_read(struct jq_complaint *c, const char *message)
{
	static const char prefix[] = "jq: error: ";
	static const char place[] = " at <top-level>, line ";
	static const char hint[] = " (Unix shell quoting issues?)";
	const char *next, *end = NULL;
	struct slice text, line;

	if (strncmp(message, prefix, strlen(prefix)) == 0)
		message += strlen(prefix);
	text = slice_str(message);
	for (next = message; (next = strstr(next, place)) != NULL; next++)
		end = next;
	if (end != NULL) {
		text.len = (size_t)(end - message);
		c->at.line = (unsigned)strtoul(end + strlen(place), NULL, 10);
		line = program_line(c->program, c->at.line);
		end += strcspn(end, "\n");
		if (strlen(end) > line.len)
			c->at.column = (unsigned)(strlen(end) - line.len);
	}
	if (text.len > strlen(hint) && memcmp(text.p + text.len -
	    strlen(hint), hint, strlen(hint)) == 0)
		text.len -= strlen(hint);
	message_set(c->e, text);
}

/* The first one counts: the others follow from it, or count the errors. */
static void
on_complaint(void *arg, jv message)
{
	struct jq_complaint *c = arg;
	jv text = value_text(c->api, message);

	if (!c->made)
		complaint_read(c, c->api->jv_string_value(text));
	c->made = true;
	c->api->jv_free(text);
}

static int
program_compile(struct jq_program *p, const char *text, struct jq_place *at,
    struct errbuf *e)
{
	const struct jq_api *api = &p->api;
	struct jq_complaint c = { .api = api, .program = text, .e = e };
	int ok;

	/* libjq 1.6 has assertions and wild pointers where these are missing:
	 * for "import", "input" and "input_filename". */
	api->jq_set_input_cb(p->jq, api->jq_util_input_next_input_cb, p->none);
	api->jq_set_attr(p->jq, api->jv_string("JQ_LIBRARY_PATH"),
	    api->jv_array());
	api->jq_set_attr(p->jq, api->jv_string("JQ_ORIGIN"),
	    api->jv_string("."));
	api->jq_set_error_cb(p->jq, on_complaint, &c);
	/* Since 1.7 there must be something. */
	ok = api->jq_compile(p->jq, text[strspn(text, " \t\r\n")] == '\0' ?
	    "." : text);
	api->jq_set_error_cb(p->jq, NULL, NULL);
	if (at != NULL)
		*at = c.at;
	if (!ok && !c.made)
		err_set(e, "the program does not compile");
	return ok ? 0 : -1;
}

struct jq_program *
jq_program_new(const char *text, void (*no_memory)(void *),
    struct jq_place *at, struct errbuf *e)
{
	struct jq_program *p;

	if (at != NULL)
		*at = (struct jq_place){ 0 };
	if ((p = calloc(1, sizeof(*p))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	if (jq_api_load(&p->api, e) == -1) {
		free(p);
		return NULL;
	}
	if ((p->jq = jq_api_state(&p->api, no_memory)) == NULL ||
	    (p->none = p->api.jq_util_input_init(NULL, NULL)) == NULL)
		err_set(e, "out of memory");
	else if (program_compile(p, text, at, e) == 0)
		return p;
	jq_program_free(p);
	return NULL;
}

/* Let go of what was read, but for the first n inputs. */
static void
inputs_drop(struct jq_program *p, size_t n)
{
	while (p->n > n)
		p->api.jv_free(p->inputs[--p->n].value);
	if (p->kept > n)
		p->kept = n;
	if (p->has_base)
		p->api.jv_free(p->base);
	p->has_base = false;
}

void
jq_program_free(struct jq_program *p)
{
	size_t i;

	if (p == NULL)
		return;
	if (p->jq != NULL) {
		jq_run_stop(p);
		inputs_drop(p, 0);
		p->api.jq_teardown(&p->jq);
	}
	if (p->none != NULL)
		p->api.jq_util_input_free(&p->none);
	for (i = 0; i < p->cap; i++)
		buf_clear(&p->inputs[i].own);
	free(p->inputs);
	free(p);
}

/* ---- running ---- */

/* Read one text of the input.  jv_parse_sized() would do, but its messages
 * take the text for a C string. */
static int
input_add(struct jq_program *p, struct slice text, struct errbuf *e)
{
	struct jq_input *in = &p->inputs[p->n];
	struct jv_parser *parser;

	if (text.len > INT_MAX) {
		err_set(e, "the input is larger than %d bytes", INT_MAX);
		return -1;
	}
	parser = p->api.jv_parser_new(0);
	p->api.jv_parser_set_buf(parser, text.p, (int)text.len, 0);
	in->text = text;
	in->value = p->api.jv_parser_next(parser);
	p->api.jv_parser_free(parser);
	if (p->api.jv_get_kind(in->value) != JV_KIND_INVALID) {
		p->n++;
		return 0;
	}
	message_of_value(&p->api, p->api.jv_invalid_get_msg(in->value), e);
	return -1;
}

/* Make room for n inputs. */
static int
inputs_reserve(struct jq_program *p, size_t n, struct errbuf *e)
{
	struct jq_input *v;

	if (n <= p->cap)
		return 0;
	if ((v = realloc(p->inputs, n * sizeof(*v))) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	memset(v + p->cap, 0, (n - p->cap) * sizeof(*v));
	p->inputs = v;
	p->cap = n;
	return 0;
}

static void
run_begin(struct jq_program *p, jv input)
{
	p->api.jq_start(p->jq, input, 0);
	p->running = p->held = true;
}

int
jq_run_start(struct jq_program *p, struct slice input, struct errbuf *e)
{
	jq_run_stop(p);
	inputs_drop(p, 0);
	if (inputs_reserve(p, 1, e) == -1 || input_add(p, input, e) == -1)
		return -1;
	run_begin(p, p->api.jv_copy(p->inputs[0].value));
	return 0;
}

/* Read a member that is to be kept. */
static int
member_keep(struct jq_program *p, struct slice text, struct errbuf *e)
{
	struct buf *own = &p->inputs[p->n].own;

	buf_reset(own);
	if (buf_add_slice(own, text) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return input_add(p, buf_slice(own), e);
}

/* What all members but the last make; they are often the same again. */
static int
base_obtain(struct jq_program *p, const struct jq_member *v, size_t n,
    struct errbuf *e)
{
	size_t i, same = 0;

	while (same < n && v[same].same)
		same++;
	if (same == n && p->kept == n && p->has_base)
		return 0;
	for (i = 0; i < n; i++)
		if (v[i].same && i >= p->kept) {
			err_set(e, "\"%s\" was not kept", v[i].name);
			return -1;
		}
	inputs_drop(p, same);
	for (i = same; i < n; i++)
		if ((v[i].same ? input_add(p, buf_slice(&p->inputs[i].own),
		    e) : member_keep(p, v[i].text, e)) == -1) {
			err_wrap(e, "%s", v[i].name);
			return -1;
		}
	p->kept = n;
	p->base = p->api.jv_object();
	for (i = 0; i < n; i++)
		p->base = p->api.jv_object_set(p->base,
		    p->api.jv_string(v[i].name),
		    p->api.jv_copy(p->inputs[i].value));
	p->has_base = true;
	return 0;
}

int
jq_run_start_members(struct jq_program *p, const struct jq_member *v, size_t n,
    struct errbuf *e)
{
	const struct jq_member *last = &v[n - 1];

	jq_run_stop(p);
	if (inputs_reserve(p, n, e) == -1 ||
	    base_obtain(p, v, n - 1, e) == -1)
		return -1;
	if (input_add(p, last->text, e) == -1) {
		err_wrap(e, "%s", last->name);
		return -1;
	}
	run_begin(p, p->api.jv_object_set(p->api.jv_copy(p->base),
	    p->api.jv_string(last->name),
	    p->api.jv_copy(p->inputs[n - 1].value)));
	return 0;
}

static void
output_drop(struct jq_program *p)
{
	if (p->has_output)
		p->api.jv_free(p->output);
	p->has_output = false;
}

/* The program stopped, by itself or by an error, which v then holds.
 * Consumes v. */
static enum jq_outcome
run_end(struct jq_program *p, jv v, struct errbuf *e)
{
	jv message = p->api.jq_halted(p->jq) ?
	    p->api.jq_get_error_message(p->jq) :
	    p->api.jv_invalid_get_msg(p->api.jv_copy(v));
	jv_kind kind = p->api.jv_get_kind(message);

	p->running = false;
	/* Without error or halt it has unwound its stack. */
	p->held = kind != JV_KIND_INVALID || p->api.jq_halted(p->jq);
	p->api.jv_free(v);
	if (kind == JV_KIND_INVALID || kind == JV_KIND_NULL) {
		p->api.jv_free(message);
		return JQ_END;
	}
	message_of_value(&p->api, message, e);
	return JQ_ERROR;
}

enum jq_outcome
jq_run_next(struct jq_program *p, struct errbuf *e)
{
	jv v;

	output_drop(p);
	if (!p->running)
		return JQ_END;
	v = p->api.jq_next(p->jq);
	if (p->api.jv_get_kind(v) == JV_KIND_INVALID)
		return run_end(p, v, e);
	p->output = v;
	p->has_output = true;
	return JQ_OUTPUT;
}

void
jq_run_stop(struct jq_program *p)
{
	output_drop(p);
	/* A new start lets go of the old one.  It frees what that one halted
	 * with, but does not forget it, and would free it once more: in libjq
	 * 1.7 also numbers are on the heap.  Halting with nothing does. */
	if (p->held) {
		p->api.jq_start(p->jq, p->api.jv_null(), 0);
		p->api.jq_halt(p->jq, p->api.jv_invalid(),
		    p->api.jv_invalid());
	}
	p->held = false;
	p->running = false;
	while (p->n > p->kept)
		p->api.jv_free(p->inputs[--p->n].value);
}

/* ---- the output ---- */

enum json_type
jq_output_type(const struct jq_program *p)
{
	static const enum json_type types[] = {
		[JV_KIND_NULL] = JSON_NULL, [JV_KIND_FALSE] = JSON_FALSE,
		[JV_KIND_TRUE] = JSON_TRUE, [JV_KIND_NUMBER] = JSON_NUMBER,
		[JV_KIND_STRING] = JSON_STRING, [JV_KIND_ARRAY] = JSON_ARRAY,
		[JV_KIND_OBJECT] = JSON_OBJECT,
	};

	return types[p->api.jv_get_kind(p->output)];
}

bool
jq_is_input(const struct jq_program *p, size_t i, struct slice text)
{
	return i < p->n && p->inputs[i].text.p == text.p;
}

/* Consumes v.  The comparison is one of addresses: what was taken apart and
 * put together again is another value. */
static int
value_write(const struct jq_program *p, jv v, struct buf *room,
    struct slice *out)
{
	const struct jq_api *api = &p->api;
	size_t i;
	jv text;
	int rc;

	for (i = 0; i < p->n; i++) {
		if (!api->jv_identical(api->jv_copy(v),
		    api->jv_copy(p->inputs[i].value)))
			continue;
		api->jv_free(v);
		*out = p->inputs[i].text;
		return 0;
	}
	text = api->jv_dump_string(v, 0);
	buf_reset(room);
	rc = buf_add(room, api->jv_string_value(text),
	    (size_t)api->jv_string_length_bytes(api->jv_copy(text)));
	api->jv_free(text);
	*out = buf_slice(room);
	return rc;
}

int
jq_output_text(const struct jq_program *p, struct buf *room,
    struct slice *out)
{
	return value_write(p, p->api.jv_copy(p->output), room, out);
}

int
jq_output_member(const struct jq_program *p, const char *name,
    struct buf *room, struct slice *out)
{
	const struct jq_api *api = &p->api;
	jv v;

	if (api->jv_get_kind(p->output) != JV_KIND_OBJECT)
		return 0;
	v = api->jv_object_get(api->jv_copy(p->output), api->jv_string(name));
	if (api->jv_get_kind(v) != JV_KIND_INVALID)
		return value_write(p, v, room, out) == 0 ? 1 : -1;
	api->jv_free(v);
	return 0;
}
