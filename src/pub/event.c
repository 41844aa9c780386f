/*
 * event.c: the events that a text of the input stands for.
 */
#include "pub/event.h"

#include "base/utf8.h"
#include "proto/json.h"
#include "client/program.h"
#include "client/hint.h"

static int
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return -1;
}

/* ---- programs ---- */

int
event_compile(struct event_maker *m, const char *filter, const char *topic,
    struct errbuf *e)
{
	return program_compile(&m->filter, "-e", filter, e) == -1 ||
	    program_compile(&m->topic, "--topic-jq", topic, e) == -1 ? -1 : 0;
}

void
event_clear(struct event_maker *m)
{
	jq_program_free(m->filter);
	jq_program_free(m->topic);
	buf_clear(&m->quoted);
	buf_clear(&m->filtered);
	buf_clear(&m->topic_text);
}

/* ---- events ---- */

/* The JSON that a text stands for: itself, or a string of it. */
static int
event_convert(struct event_maker *m, struct slice text, struct errbuf *e)
{
	struct json_elem elem;
	const char *hint;

	m->fault.what = NULL;
	if (m->string) {
		if (!utf8_valid(text)) {
			hint = hint_encoding(text);
			err_set(e, "not UTF-8%s%s", hint != NULL ? ": " : "",
			    hint != NULL ? hint : "");
			return -1;
		}
		buf_reset(&m->quoted);
		if (json_quote(&m->quoted, text) == -1)
			return out_of_memory(e);
		m->event = buf_slice(&m->quoted);
		return 0;
	}
	/* One level is the message's own array. */
	if (json_scan_value(text, JSON_DEPTH_DEFAULT - 1, &elem,
	    &m->fault) == -1) {
		err_set(e, "invalid JSON: %s", m->fault.what);
		return -1;
	}
	m->fault.what = NULL;
	m->event = elem.text;
	return 0;
}

int
event_begin(struct event_maker *m, struct slice text, struct errbuf *e)
{
	m->pending = false;
	if (event_convert(m, text, e) == -1)
		return -1;
	if (m->filter == NULL) {
		m->pending = true;
		return 0;
	}
	if (jq_run_start(m->filter, m->event, e) == 0)
		return 0;
	err_wrap(e, "-e");
	return -1;
}

/* The next event, of whatever topic.  As event_next(). */
static int
next_event(struct event_maker *m, struct slice *event, struct errbuf *e)
{
	if (m->filter == NULL) {
		*event = m->event;
		if (!m->pending)
			return 0;
		m->pending = false;
		return 1;
	}
	switch (jq_run_next(m->filter, e)) {
	case JQ_OUTPUT:
		return jq_output_text(m->filter, &m->filtered, event) == 0 ?
		    1 : out_of_memory(e);
	case JQ_END:
		return 0;
	case JQ_ERROR:
	default:
		err_wrap(e, "-e");
		return -1;
	}
}

/* Exactly one string that is not empty. */
static int
find_topic(struct event_maker *m, struct slice event, struct slice *topic,
    struct errbuf *e)
{
	enum jq_outcome outcome;

	if (jq_run_start(m->topic, event, e) == -1 ||
	    (outcome = jq_run_next(m->topic, e)) == JQ_ERROR)
		return -1;
	if (outcome == JQ_END) {
		err_set(e, "no topic came out");
		return -1;
	}
	if (jq_output_type(m->topic) != JSON_STRING) {
		err_set(e, "the topic is no string");
		return -1;
	}
	if (jq_output_text(m->topic, &m->topic_text, topic) == -1)
		return out_of_memory(e);
	if (slice_eq(*topic, SLICE("\"\""))) {
		err_set(e, "the topic is empty");
		return -1;
	}
	if (topic->p != m->topic_text.data) {	/* the event itself */
		buf_reset(&m->topic_text);
		if (buf_add_slice(&m->topic_text, *topic) == -1)
			return out_of_memory(e);
		*topic = buf_slice(&m->topic_text);
	}
	if ((outcome = jq_run_next(m->topic, e)) == JQ_OUTPUT)
		err_set(e, "more than one topic came out");
	return outcome == JQ_END ? 0 : -1;
}

int
event_next(struct event_maker *m, struct slice *event,
    struct slice *topic_json, struct errbuf *e)
{
	int rc;

	if ((rc = next_event(m, event, e)) != 1 || m->topic == NULL)
		return rc;
	if (find_topic(m, *event, topic_json, e) == 0)
		return 1;
	err_wrap(e, "--topic-jq");
	return -1;
}
