/*
 * program_answer.c: the events with which a handler's program answers, as JSON.
 */
#include "wampd/handlers/program_answer.h"

#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"
#include "wampd/core/publish.h"
#include "wampd/core/request.h"

/* Read a list of session ids. */
static int
read_list(const struct json_elem *value, struct slice *list,
    const char *name, struct errbuf *e)
{
	if (value->type != JSON_ARRAY) {
		err_set(e, "\"%s\" must be a list of session ids", name);
		return -1;
	}
	*list = json_inside(value->text);
	return 0;
}

static int
read_topic(struct publication *p, const struct json_elem *value,
    struct errbuf *e)
{
	struct broker *b = p->broker;
	struct slice name;

	if (value->type != JSON_STRING || value->text.len >
	    b->set.limit_topic_length) {
		err_set(e, "\"topic\" must be a string, and not too long");
		return -1;
	}
	if (json_string(&name, value, &b->scratch_text) == -1 ||
	    (p->topic = topic_obtain(&b->topics, name)) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	if (watch_is_own(p->topic->name)) {
		err_set(e, "\"topic\" is one of the broker's own");
		return -1;
	}
	if (handler_is_closed(p->topic->handler)) {
		err_set(e, "\"topic\" is closed: the handler \"%s\" is "
		    "declared nowhere", p->topic->handler->name);
		return -1;
	}
	return 0;
}

static int
read_answer(struct publication *p, struct slice answer, struct errbuf *e)
{
	struct json_elem key, value;
	struct slice rest = json_inside(answer), list;
	bool event = false;
	int rc = 0;

	while (rc == 0 && json_next_member(&rest, &key, &value)) {
		if (slice_eq(key.text, SLICE("\"event\""))) {
			p->event = value.text;
			event = true;
		} else if (slice_eq(key.text, SLICE("\"topic\""))) {
			rc = read_topic(p, &value, e);
		} else if (slice_eq(key.text, SLICE("\"exclude\""))) {
			rc = read_list(&value, &list, "exclude", e);
			if (rc == 0)
				audience_exclude(&p->to, list);
		} else if (slice_eq(key.text, SLICE("\"eligible\""))) {
			p->to.flags |= AUDIENCE_ELIGIBLE;
			rc = read_list(&value, &p->to.eligible, "eligible", e);
		} else {
			err_set(e, "unknown member: an answer has event, "
			    "topic, exclude and eligible");
			rc = -1;
		}
	}
	if (rc == 0 && (!event || p->topic == NULL)) {
		err_set(e, "an answer needs \"%s\"", event ? "topic" :
		    "event");
		rc = -1;
	}
	return rc;
}

long
program_answer_deliver(const struct publication *base, struct slice answer,
    struct errbuf *e)
{
	struct publication p = *base;
	long delivered;

	p.newline = true;	/* the program may have added some */
	if (read_answer(&p, answer, e) == -1)
		return PROGRAM_ANSWER_WRONG;
	if (limits_check_event(p.broker, p.topic, p.event, e) == -1)
		return PROGRAM_ANSWER_EXCEEDS;
	if ((delivered = publish_own(&p)) == -1) {
		err_set(e, "out of memory");
		return PROGRAM_ANSWER_EXCEEDS;
	}
	return delivered;
}

/* ---- all answers to one publication ---- */

/* Check an answer.  Each has its own publication, because obtaining the topic
 * of another answer may have freed this one's. */
static int
look_at(const struct request *r, const struct json_elem *answer,
    struct errbuf *e)
{
	struct publication p;

	if (answer->type != JSON_OBJECT) {
		err_set(e, "\"events\" must be a list of objects");
		return PROGRAM_ANSWER_WRONG;
	}
	if (!request_publication(r, &p)) {
		err_set(e, "out of memory");
		return PROGRAM_ANSWER_WRONG;
	}
	if (read_answer(&p, answer->text, e) == -1)
		return PROGRAM_ANSWER_WRONG;
	return limits_check_event(p.broker, p.topic, p.event, e) == -1 ?
	    PROGRAM_ANSWER_EXCEEDS : 0;
}

int
program_answer_look(const struct request *r, struct slice answers, bool forward,
    struct errbuf *e)
{
	struct json_elem answer;
	struct errbuf why;
	int first = 0, rc;

	while (json_next(&answers, &answer)) {
		if (forward && answer.type == JSON_TRUE)
			continue;
		rc = look_at(r, &answer, &why);
		if (rc == PROGRAM_ANSWER_WRONG || (rc != 0 && first == 0))
			*e = why;
		if (rc == PROGRAM_ANSWER_WRONG)
			return rc;
		if (rc != 0)
			first = rc;
	}
	return first;
}

long
program_answer_deliver_all(const struct request *r, struct slice answers,
    struct errbuf *e)
{
	struct json_elem answer;
	struct publication p;
	long n, delivered = 0;

	while (json_next(&answers, &answer)) {
		err_set(e, "out of memory");
		if (!request_publication(r, &p))
			return -1;
		n = answer.type == JSON_TRUE ? publish_own(&p) :
		    program_answer_deliver(&p, answer.text, e);
		if (n < 0)
			return -1;
		delivered += n;
	}
	return delivered;
}
