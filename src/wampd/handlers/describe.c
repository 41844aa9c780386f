/*
 * describe.c: what a handler's program sees and what it answers, as JSON.
 */
#include "wampd/handlers/describe.h"

#include "proto/json.h"
#include "route/table.h"
#include "wampd/core/broker.h"
#include "wampd/core/extra.h"
#include "wampd/core/handler.h"
#include "wampd/core/limits.h"
#include "wampd/core/publish.h"
#include "wampd/core/request.h"

int
describe_who(const struct session *s, struct buf *out)
{
	if (buf_addf(out, "{\"id\":\"%s\",", s->id) == -1 ||
	    principal_describe(s->principal, out) == -1)
		return -1;
	return buf_add_str(out, ",\"attributes\":");
}

int
describe_session(const struct session *s, struct buf *out)
{
	if (s == NULL)
		return buf_add_str(out, "null");
	if (describe_who(s, out) == -1 ||
	    buf_add_slice(out, extra_attributes(s)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
describe_route(const struct topic *t, struct buf *out)
{
	if (t->route == NULL)
		return buf_add_str(out, "null");
	return json_quote(out, slice_str(t->route->name));
}

/* A list of session ids, for an audience. */
static int
read_list(const struct json_elem *value, struct slice *list,
    const char *name, struct errbuf *e)
{
	if (value->type != JSON_ARRAY) {
		err_set(e, "\"%s\" is no list of session ids", name);
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

	if (value->type != JSON_STRING || value->text.len > URI_MAX) {
		err_set(e, "\"topic\" is no string of a topic's length");
		return -1;
	}
	if (json_string(&name, value, &b->scratch_text) == -1 ||
	    (p->topic = topic_obtain(b, name)) == NULL) {
		err_set(e, "out of memory");
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
	struct slice rest = json_inside(answer);
	bool event = false;
	int rc = 0;

	while (rc == 0 && json_next_member(&rest, &key, &value)) {
		if (slice_eq(key.text, SLICE("\"event\""))) {
			p->event = value.text;
			event = true;
		} else if (slice_eq(key.text, SLICE("\"topic\""))) {
			rc = read_topic(p, &value, e);
		} else if (slice_eq(key.text, SLICE("\"exclude\""))) {
			p->exclude = WAMP_EXCLUDE_LIST;
			rc = read_list(&value, &p->exclude_list, "exclude",
			    e);
		} else if (slice_eq(key.text, SLICE("\"eligible\""))) {
			p->has_eligible = true;
			rc = read_list(&value, &p->eligible, "eligible", e);
		} else {
			err_set(e, "an answer has event, topic, exclude and "
			    "eligible, and no other member");
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
describe_deliver(const struct publication *base, struct slice answer,
    struct errbuf *e)
{
	struct publication p = *base;
	long delivered;

	p.newline = true;	/* the program may have put any in */
	if (read_answer(&p, answer, e) == -1)
		return DESCRIBE_WRONG;
	if (limits_check_event(p.broker, p.topic, p.event, e) == -1)
		return DESCRIBE_EXCEEDS;
	if ((delivered = publish_own(&p)) == -1) {
		err_set(e, "out of memory");
		return DESCRIBE_EXCEEDS;
	}
	return delivered;
}

/* ---- all that came of one publication ---- */

/* One of them, as describe_look() and describe_deliver_all() see it.  p is made
 * anew for each: another one's topic may have pushed this one's out. */
static int
look_at(const struct request *r, const struct json_elem *answer,
    struct errbuf *e)
{
	struct publication p;

	if (answer->type != JSON_OBJECT) {
		err_set(e, "\"events\" is a list of objects");
		return DESCRIBE_WRONG;
	}
	if (!request_publication(r, &p)) {
		err_set(e, "out of memory");
		return DESCRIBE_WRONG;
	}
	if (read_answer(&p, answer->text, e) == -1)
		return DESCRIBE_WRONG;
	return limits_check_event(p.broker, p.topic, p.event, e) == -1 ?
	    DESCRIBE_EXCEEDS : 0;
}

int
describe_look(const struct request *r, struct slice answers, bool forward,
    struct errbuf *e)
{
	struct json_elem answer;
	struct errbuf why;
	int first = 0, rc;

	while (json_next(&answers, &answer)) {
		if (forward && answer.type == JSON_TRUE)
			continue;
		rc = look_at(r, &answer, &why);
		if (rc == DESCRIBE_WRONG || (rc != 0 && first == 0))
			*e = why;
		if (rc == DESCRIBE_WRONG)
			return rc;
		if (rc != 0)
			first = rc;
	}
	return first;
}

long
describe_deliver_all(const struct request *r, struct slice answers,
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
		    describe_deliver(&p, answer.text, e);
		if (n < 0)
			return -1;
		delivered += n;
	}
	return delivered;
}
