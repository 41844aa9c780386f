/*
 * jq_serve_run.c: the programs of a jq worker, and their runs.
 */
#include "proto/jq_serve_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "proto/jq_exact.h"
#include "proto/jq_serve_page.h"
#include "proto/json_merge.h"

#define SERVE_COMPILE	10000	/* ms of processor time for a program */

struct serve_program {
	struct jq_exact *program;	/* owned; NULL: not compiled */
	uint32_t	   limit;	/* ms */
};

/* ---- programs ---- */

static struct serve_program *
serve_program(struct serve_work *s, uint32_t id)
{
	if (id == 0 || id > s->nprograms ||
	    s->programs[id - 1].program == NULL)
		return NULL;
	return &s->programs[id - 1];
}

static void
serve_reserve(struct serve_work *s, uint32_t id)
{
	struct serve_program *v;

	if (id <= s->nprograms)
		return;
	if ((v = realloc(s->programs, id * sizeof(*v))) == NULL)
		serve_out_of_memory();
	memset(v + s->nprograms, 0, (id - s->nprograms) * sizeof(*v));
	s->programs = v;
	s->nprograms = id;
}

void
serve_on_program(struct serve_work *s, const struct jq_head *head,
    struct slice body)
{
	struct jq_place at = { 0 };
	struct jq_exact *p;
	struct errbuf e;
	char *text;

	serve_reserve(s, head->seq);
	if ((text = strndup(body.p, body.len)) == NULL)
		serve_out_of_memory();
	serve_begin(JQ_COMPILING, SERVE_COMPILE);
	p = jq_exact_new(text, serve_no_memory, &at, &e);
	serve_end();
	free(text);
	s->programs[head->seq - 1] = (struct serve_program){ p, head->n };
	if (p != NULL)
		serve_say(JQ_COMPILED, head->seq, 0, 0, "");
	else
		serve_say(JQ_REJECTED, head->seq, at.line, at.column,
		    e.msg);
}
/* ---- runs ---- */

struct run {
	struct serve_work  *s;
	uint32_t	    seq;
	struct jq_order	    order;
	struct jq_exact  *program, *topic;	/* topic: NULL: none */
	struct jq_member    in[JQ_NAMES];
	uint32_t	    n;
	uint64_t	    bytes;	/* of all values so far */
	uint32_t	    values;
	struct slice	    whole;	/* the value, if that was sent */
	bool		    topic_failed;
	bool		    noted;	/* it notes only objects */
	struct errbuf	    e;
};

/* Append a text.  Of the last input, which may be large and is mostly handed
 * on as it is, only the fact is told. */
static int
run_add_text(struct run *r, enum jq_name name, struct slice text)
{
	bool last = r->program == NULL ?
	    text.p == r->in[r->n - 1].text.p :
	    jq_exact_is_input(r->program, r->n - 1, text);

	r->bytes += text.len;
	if (last && r->order.refer != 0)
		return jq_frame_text(&r->s->frame, name, JQ_LAST, SLICE(""));
	return jq_frame_text(&r->s->frame, name, JQ_NEW, text);
}

/* Keep what is noted until the run is over. */
static void
run_note(struct run *r, struct slice text)
{
	struct json_elem object;
	struct json_error e;

	if (json_scan_value(text, JSON_DEPTH_MAX, &object, &e) == -1 ||
	    object.type != JSON_OBJECT)
		r->noted = false;
	else if (buf_add_slice(&r->s->notes, object.text) == -1 ||
	    buf_add_char(&r->s->notes, ',') == -1)
		serve_out_of_memory();
}

/* The value, or those of its members that were asked for.  0 or -1. */
static int
run_add_parts(struct run *r)
{
	struct slice text;
	uint32_t name;
	int rc = 0;

	if (r->order.parts == 0) {
		if (r->program == NULL)
			r->whole = r->in[r->n - 1].text;
		else if (jq_exact_text(r->program, &r->s->room,
		    &r->whole) == -1)
			return -1;
		return run_add_text(r, JQ_WHOLE, r->whole);
	}
	for (name = JQ_WHOLE + 1; name < JQ_NAMES && rc != -1; name++) {
		if ((r->order.parts & 1u << name) == 0)
			continue;
		rc = jq_exact_member(r->program, jq_names[name],
		    &r->s->room, &text);
		if (rc == 1 && name == JQ_ATTRIBUTES)
			run_note(r, text);
		if (rc == 1)
			rc = run_add_text(r, (enum jq_name)name, text);
	}
	return rc;
}

static int
run_start(struct run *r, struct jq_exact *p)
{
	if (r->n == 1 && r->in[0].name == jq_names[JQ_WHOLE])
		return jq_exact_start(p, r->in[0].text, &r->e);
	return jq_exact_start_members(p, r->in, r->n, &r->e);
}

/* Append what the topic program makes of the input: two topics at most, for
 * the asker wants one.  0, or -1 with r->e filled. */
static int
run_topic(struct run *r)
{
	enum jq_outcome outcome = JQ_OUTPUT;
	struct slice text;
	int n = 0;

	r->topic_failed = true;
	if (run_start(r, r->topic) == -1)
		return -1;
	while (n < 2 && (outcome = jq_exact_next(r->topic, &r->e)) ==
	    JQ_OUTPUT) {
		if (jq_exact_text(r->topic, &r->s->topic_room, &text) ==
		    -1 || run_add_text(r, JQ_TOPIC, text) == -1)
			serve_out_of_memory();
		n++;
	}
	jq_exact_stop(r->topic);
	r->topic_failed = outcome == JQ_ERROR;
	return r->topic_failed ? -1 : 0;
}

/* Is there too much of it already? */
static bool
run_is_over(struct run *r)
{
	if (r->order.most != 0 && ++r->values > r->order.most)
		err_set(&r->e, "more than %u outputs", r->order.most);
	else if (r->order.max != 0 && r->bytes > r->order.max)
		err_set(&r->e, "outputs of more than %llu bytes",
		    (unsigned long long)r->order.max);
	else
		return false;
	return true;
}

/* Send one value.  0, or -1 with r->e filled. */
static int
run_value(struct run *r)
{
	struct buf *out = &r->s->frame;
	struct jq_value value = { .type = r->program != NULL ?
	    jq_exact_type(r->program) : JSON_NULL };
	size_t at;

	buf_reset(out);
	if (jq_frame_begin(out, JQ_VALUE, r->seq, 0, &at) == -1 ||
	    buf_add(out, &value, sizeof(value)) == -1 ||
	    run_add_parts(r) == -1)
		serve_out_of_memory();
	if (run_is_over(r) ||
	    (r->topic != NULL && run_topic(r) == -1))
		return -1;
	if (jq_frame_end(out, at) == -1) {
		err_set(&r->e, "an output is too large");
		return -1;
	}
	serve_put(buf_slice(out));
	return 0;
}

/* 0, or -1 with r->e filled. */
static int
run_all(struct run *r)
{
	enum jq_outcome outcome;

	if (r->program == NULL)
		return run_value(r);
	if (run_start(r, r->program) == -1)
		return -1;
	while ((outcome = jq_exact_next(r->program, &r->e)) == JQ_OUTPUT) {
		if (run_value(r) == -1)
			return -1;
		if (r->order.first != 0)
			return 0;
	}
	return outcome == JQ_END ? 0 : -1;
}

/* The member JQ_SESSION of a run that may note something: what follows it sees
 * what it notes. */
static void
run_session(struct run *r, struct jq_member *m)
{
	struct serve_work *s = r->s;
	size_t at = r->order.noted;

	if (r->order.follow == 0) {
		buf_reset(&s->who);
		buf_reset(&s->attributes);
		if (at >= m->text.len ||
		    buf_add(&s->who, m->text.p, at) == -1 ||
		    buf_add(&s->attributes, m->text.p + at,
		    m->text.len - at - 1) == -1)
			serve_out_of_memory();
		return;
	}
	buf_reset(&s->session);
	if (buf_add_slice(&s->session, buf_slice(&s->who)) == -1 ||
	    buf_add_slice(&s->session, buf_slice(&s->attributes)) == -1 ||
	    buf_add_char(&s->session, '}') == -1)
		serve_out_of_memory();
	m->text = buf_slice(&s->session);
}

/* It has done well: what it noted holds, unless it is too much, which the asker
 * sees for himself. */
static void
run_commit(struct run *r)
{
	struct serve_work *s = r->s;

	if (r->order.noted != 0 && r->noted && s->notes.len > 0)
		(void)json_merge(&s->attributes, buf_slice(&s->notes),
		    r->order.notes_max);
}

/* What the asker sent.  0 or -1. */
static int
run_read(struct run *r, const struct jq_head *head, struct slice body)
{
	struct serve_program *p, *topic;
	struct jq_text text;
	uint32_t i;

	r->seq = head->seq;
	r->n = head->n;
	if (!jq_take(&body, &r->order, sizeof(r->order)) || r->n == 0 ||
	    r->n > JQ_NAMES)
		return -1;
	p = serve_program(r->s, r->order.program);
	topic = serve_program(r->s, r->order.topic);
	if (p == NULL && topic == NULL)
		return -1;
	r->program = p != NULL ? p->program : NULL;
	r->topic = topic != NULL ? topic->program : NULL;
	for (i = 0; i < r->n; i++) {
		if (!jq_take_text(&body, &text, &r->in[i].text))
			return -1;
		r->in[i].name = jq_names[text.name];
		r->in[i].same = text.from == JQ_SAME;
		if (text.name == JQ_SESSION && r->order.noted != 0)
			run_session(r, &r->in[i]);
	}
	serve_begin(r->seq, p != NULL ? p->limit : topic->limit);
	return 0;
}

/* Has the asker thought better of it? */
static bool
is_recalled(const struct serve_work *s, uint32_t seq)
{
	uint64_t v = atomic_load_explicit(&s->page->recalled,
	    memory_order_relaxed);

	return v != 0 && (int32_t)(seq - (uint32_t)(v >> 32)) > 0 &&
	    (int32_t)(seq - (uint32_t)v) <= 0;
}

void
serve_on_run(struct serve_work *s, const struct jq_head *head,
    struct slice body)
{
	struct run r = { .s = s, .noted = true };
	int64_t start = clock_us(), end;
	int rc;

	if (is_recalled(s, head->seq))
		return;
	if (run_read(&r, head, body) == -1)
		abort();	/* it does not know its own language */
	buf_reset(&s->notes);
	if ((rc = run_all(&r)) == 0)
		run_commit(&r);
	if (r.program != NULL)
		jq_exact_stop(r.program);
	if (r.topic != NULL)
		jq_exact_stop(r.topic);
	end = clock_us();
	serve_say(rc == 0 ? JQ_DONE : JQ_FAILED, r.seq,
	    (uint32_t)(end - start), r.topic_failed,
	    rc == 0 ? "" : r.e.msg);
	serve_end();
	serve_flush_due(end);
}
