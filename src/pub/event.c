/*
 * event.c: makes events from a text of the input.
 */
#include "pub/event.h"

#include "base/utf8.h"
#include "proto/json.h"
#include "client/hint.h"

static int
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return -1;
}

/* ---- programs ---- */

int
event_compile(struct event_maker *m, const struct program_args *args,
    const char *filter, const char *topic, struct errbuf *e)
{
	return programs_bind(&m->programs, args, m->replay, e) == -1 ||
	    program_compile(&m->programs, &m->how.program, "-e", filter,
	    e) == -1 || program_compile(&m->programs, &m->how.topic,
	    "--topic-jq", topic, e) == -1 ? -1 : 0;
}

bool
event_runs(const struct event_maker *m)
{
	return m->how.program != 0 || m->how.topic != 0;
}

void
event_clear(struct event_maker *m)
{
	programs_clear(&m->programs);
	buf_clear(&m->quoted);
}

/* ---- events ---- */

/* The text itself if it is JSON, or the text as a JSON string. */
int
event_check(struct event_maker *m, struct slice text, struct errbuf *e)
{
	struct json_elem elem;
	const char *hint;

	m->fault.what = NULL;
	if (m->replay) {
		if (record_read(&m->record, text, &m->fault, e) == -1)
			return -1;
		m->event = m->record.event;
		return 0;
	}
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
	/* The message itself is an array, which takes one level. */
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
event_begin(struct event_maker *m, struct errbuf *e)
{
	m->pending = false;
	if (event_runs(m))
		return programs_add_record(&m->programs, &m->how, m->replay ?
		    m->record.topic : SLICE(""), m->event, e);
	m->pending = true;
	return 0;
}

/* Exactly one string that is not empty. */
static int
check_topic(const struct program_value *v, struct errbuf *e)
{
	if (v->topics == 0)
		err_set(e, "the program yielded no topic");
	else if (v->topics > 1)
		err_set(e, "the program yielded more than one topic");
	else if (v->topic[0].len == 0 || v->topic[0].p[0] != '"')
		err_set(e, "the topic is not a string");
	else if (slice_eq(v->topic[0], SLICE("\"\"")))
		err_set(e, "the topic is empty");
	else
		return 0;
	err_wrap(e, "--topic-jq");
	return -1;
}

/* The program has yielded a value. */
static int
take_value(struct event_maker *m, const struct program_value *v,
    struct slice *event, struct slice *topic_json, struct errbuf *e)
{
	*event = v->text;
	if (m->how.topic == 0)
		return 1;
	*topic_json = v->topic[0];
	if (check_topic(v, e) == 0)
		return 1;
	programs_skip(&m->programs);
	return -1;
}

int
event_next(struct event_maker *m, struct slice *event,
    struct slice *topic_json, bool *stopped, struct errbuf *e)
{
	struct program_value v;

	*stopped = false;
	if (m->keep_topic)
		*topic_json = m->record.topic;
	if (!event_runs(m)) {
		*event = m->event;
		if (!m->pending)
			return 0;
		m->pending = false;
		return 1;
	}
	switch (programs_next(&m->programs, &v, e)) {
	case PROGRAM_VALUE:
		return take_value(m, &v, event, topic_json, e);
	case PROGRAM_END:
		return 0;
	case PROGRAM_STOPPED:
		*stopped = true;
		return 0;
	case PROGRAM_TOPIC_FAILED:
		err_wrap(e, "--topic-jq");
		return -1;
	case PROGRAM_FAILED:
	default:
		err_wrap(e, m->how.program != 0 ? "-e" : "--topic-jq");
		return -1;
	}
}
