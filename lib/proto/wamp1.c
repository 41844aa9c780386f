/*
 * wamp1.c: messages of WAMP version 1 taken apart (the wire's grammar is in
 * wamp(7)).
 *
 * A message type is a row of shapes[] and a function that fills a wamp_msg
 * from the scanned elements.  The rows say who takes the type and how many
 * elements it has, so that the functions can rely on the least number.
 */
#include "proto/wamp1.h"

#include <stdbool.h>

#include "base/when.h"
#include "proto/close_code.h"

#define ELEMS_MAX	5	/* of a PUBLISH or CALLERROR; CALL has more */
#define ARGS_AT		3	/* where a CALL's arguments begin */

struct parse {
	struct slice		  text;
	const struct wamp1_rules *rules;
	struct wamp1_error	 *e;
	struct json_elem	  elem[ELEMS_MAX];
	size_t			  count;	/* of the message's elements */
	size_t			  last_end;	/* offset behind the last */
};

struct shape {
	enum wamp1_role role;	/* who takes it */
	size_t		min;	/* elements, the type included */
	size_t		max;	/* what follows is refused by clients, and
				 * ignored by servers */
	const char     *few;	/* what is wrong with fewer than min */
	int (*fill)(struct wamp_msg *, const struct parse *);
};

static int
refuse(const struct parse *in, uint16_t code, size_t offset, const char *what)
{
	*in->e = (struct wamp1_error){ code, offset, what,
		    false };
	return -1;
}

static int
refuse_elem(const struct parse *in, uint16_t code, const struct json_elem *el,
    const char *what)
{
	return refuse(in, code, (size_t)(el->text.p - in->text.p), what);
}

/* Element i, which has to be a string. */
static int
take_string(struct json_elem *out, const struct parse *in, size_t i,
    const char *what)
{
	*out = in->elem[i];
	if (out->type == JSON_STRING)
		return 0;
	return refuse_elem(in, CLOSE_INVALID, out, what);
}

/* ---- what a server takes ---- */

/* [1, prefix, uri] */
static int
fill_prefix(struct wamp_msg *m, const struct parse *in)
{
	if (take_string(&m->prefix, in, 1,
	    "PREFIX: the prefix is not a string") == -1)
		return -1;
	return take_string(&m->uri, in, 2, "PREFIX: the URI is not a string");
}

/* A byte up to ' ' outside of a value can only be white space. */
static struct slice
trim(struct slice s)
{
	while (s.len > 0 && *s.p <= ' ')
		s = slice_of(s.p + 1, s.len - 1);
	while (s.len > 0 && s.p[s.len - 1] <= ' ')
		s.len--;
	return s;
}

/*
 * PHP has one parameter list, so Ratchet and Gos take a single list or object
 * for the whole of it.  Everybody else sees one argument.
 */
static void
spread_args(struct wamp_msg *m, const struct json_elem *only)
{
	struct json_elem ignored;
	struct slice rest;

	if (only->type != JSON_ARRAY && only->type != JSON_OBJECT)
		return;
	m->args = rest = trim(json_inside(only->text));
	m->args_named = only->type == JSON_OBJECT;
	for (m->argc = 0; json_next(&rest, &ignored); m->argc++)
		continue;
}

static bool
has_line_end(struct slice s)
{
	return s.len > 0 && (memchr(s.p, '\n', s.len) != NULL ||
	    memchr(s.p, '\r', s.len) != NULL);
}

/* Autobahn's server closes with 1002 for a call id that is no string;
 * Ratchet echoes numbers. */
static int
take_call_id(struct json_elem *out, const struct parse *in)
{
	bool oro = in->rules->compat == WAMP_COMPAT_ORO;

	*out = in->elem[1];
	if (out->type == JSON_STRING || (oro && out->type == JSON_NUMBER))
		return 0;
	return refuse_elem(in, oro ? CLOSE_INVALID : CLOSE_PROTOCOL, out,
	    "CALL: the call id is not a string");
}

/* [2, id, procedure, argument...] */
static int
fill_call(struct wamp_msg *m, const struct parse *in)
{
	const struct json_elem *first = &in->elem[ARGS_AT];

	if (take_call_id(&m->id, in) == -1 || take_string(&m->uri, in, 2,
	    "CALL: the procedure is not a string") == -1)
		return -1;
	if ((m->argc = in->count - ARGS_AT) == 0)
		return 0;
	m->args = slice_of(first->text.p, (size_t)(in->text.p + in->last_end -
	    first->text.p));
	if (m->argc == 1 && in->rules->compat == WAMP_COMPAT_ORO)
		spread_args(m, first);
	m->args_newline = has_line_end(m->args);
	return 0;
}

/* [5, topic] */
static int
fill_subscribe(struct wamp_msg *m, const struct parse *in)
{
	return take_string(&m->uri, in, 1,
	    "SUBSCRIBE: the topic is not a string");
}

/* [6, topic] */
static int
fill_unsubscribe(struct wamp_msg *m, const struct parse *in)
{
	return take_string(&m->uri, in, 1,
	    "UNSUBSCRIBE: the topic is not a string");
}

/* PUBLISH's 4th element: a list of sessions, or whether the publisher hears
 * its own event.  Autobahn's server leaves the publisher out unless told
 * otherwise, Ratchet sends the event to it unless told otherwise. */
static void
take_exclude(struct wamp_msg *m, const struct parse *in)
{
	bool oro = in->rules->compat == WAMP_COMPAT_ORO;
	const struct json_elem *el = &in->elem[3];
	bool me;

	if (in->count > 3 && el->type == JSON_ARRAY) {
		m->exclude = WAMP_EXCLUDE_LIST;
		m->exclude_list = json_inside(el->text);
		return;
	}
	if (in->count > 3)
		me = oro ? json_truthy(el) : el->type != JSON_FALSE;
	else
		me = !oro;
	m->exclude = me ? WAMP_EXCLUDE_ME : WAMP_EXCLUDE_NONE;
}

/* PUBLISH's 5th element.  Ratchet dies of one that is no list, and takes an
 * empty list for no list. */
static int
take_eligible(struct wamp_msg *m, const struct parse *in)
{
	const struct json_elem *el = &in->elem[4];
	bool oro = in->rules->compat == WAMP_COMPAT_ORO;

	if (in->count < 5)
		return 0;
	if (el->type != JSON_ARRAY)
		return !oro ? 0 : refuse_elem(in, CLOSE_INVALID, el,
		    "PUBLISH: eligible is not a list");
	m->eligible = json_inside(el->text);
	m->has_eligible = !oro || json_truthy(el);
	return 0;
}

/* [7, topic, event(, excludeMe or exclude(, eligible))] */
static int
fill_publish(struct wamp_msg *m, const struct parse *in)
{
	if (take_string(&m->uri, in, 1,
	    "PUBLISH: the topic is not a string") == -1)
		return -1;
	m->event = in->elem[2];
	take_exclude(m, in);
	return take_eligible(m, in);
}

/* ---- what a client takes ---- */

/* [0, session id(, version(, ident))] */
static int
fill_welcome(struct wamp_msg *m, const struct parse *in)
{
	int64_t version;

	if (take_string(&m->id, in, 1,
	    "WELCOME: the session id is not a string") == -1)
		return -1;
	if (in->count > 2 && (!json_int(&version, &in->elem[2]) ||
	    version != WAMP1_VERSION))
		return refuse_elem(in, CLOSE_INVALID, &in->elem[2],
		    "WELCOME: the protocol version is not 1");
	return in->count < 4 ? 0 : take_string(&m->desc, in, 3,
	    "WELCOME: the server's ident is not a string");
}

/* [3, id, result] */
static int
fill_callresult(struct wamp_msg *m, const struct parse *in)
{
	m->event = in->elem[2];
	return take_string(&m->id, in, 1,
	    "CALLRESULT: the call id is not a string");
}

/* [4, id, uri, description(, details)] */
static int
fill_callerror(struct wamp_msg *m, const struct parse *in)
{
	if (take_string(&m->id, in, 1,
	    "CALLERROR: the call id is not a string") == -1 ||
	    take_string(&m->uri, in, 2,
	    "CALLERROR: the error's URI is not a string") == -1 ||
	    take_string(&m->desc, in, 3,
	    "CALLERROR: the description is not a string") == -1)
		return -1;
	if (in->count > 4)
		m->details = in->elem[4];
	return 0;
}

static bool
is_true(struct slice object, const char *name)
{
	struct json_elem elem;

	return json_member(object, name, &elem) && elem.type == JSON_TRUE;
}

/* What the details say about an event that a topic has kept. */
static void
read_mark(struct wamp_msg *m)
{
	struct json_elem time;

	m->retained = is_true(m->details.text, "retained");
	m->history = is_true(m->details.text, "history");
	if (!json_member(m->details.text, "time", &time) ||
	    time.type != JSON_STRING ||
	    when_parse_iso(&m->at, json_inside(time.text)) == -1)
		m->at = 0;
}

/* [8, topic, event(, details)] */
static int
fill_event(struct wamp_msg *m, const struct parse *in)
{
	m->event = in->elem[2];
	if (in->count > 3) {
		m->details = in->elem[3];
		if (m->details.type != JSON_OBJECT)
			return refuse_elem(in, CLOSE_INVALID, &m->details,
			    "EVENT: the details are not an object");
		read_mark(m);
	}
	return take_string(&m->uri, in, 1,
	    "EVENT: the topic is not a string");
}

/* ---- all of them ---- */

static const struct shape shapes[] = {
	[WAMP_WELCOME] = { WAMP1_CLIENT, 2, 4,
	    "WELCOME without a session id", fill_welcome },
	[WAMP_PREFIX] = { WAMP1_SERVER, 3, 3,
	    "PREFIX without prefix and URI", fill_prefix },
	[WAMP_CALL] = { WAMP1_SERVER, ARGS_AT, SIZE_MAX,
	    "CALL without call id and procedure", fill_call },
	[WAMP_CALLRESULT] = { WAMP1_CLIENT, 3, 3,
	    "CALLRESULT without call id and result", fill_callresult },
	[WAMP_CALLERROR] = { WAMP1_CLIENT, 4, 5,
	    "CALLERROR without call id, URI and description",
	    fill_callerror },
	[WAMP_SUBSCRIBE] = { WAMP1_SERVER, 2, 2,
	    "SUBSCRIBE without a topic", fill_subscribe },
	[WAMP_UNSUBSCRIBE] = { WAMP1_SERVER, 2, 2,
	    "UNSUBSCRIBE without a topic", fill_unsubscribe },
	[WAMP_PUBLISH] = { WAMP1_SERVER, 3, 5,
	    "PUBLISH without topic and event", fill_publish },
	[WAMP_EVENT] = { WAMP1_CLIENT, 3, 4,
	    "EVENT without topic and event", fill_event },
};

/* The type is one digit: 5.0, "5" and true, which PHP would take, are not. */
static const struct shape *
find_shape(enum wamp_type *type, const struct json_elem *el)
{
	size_t i;

	if (el->type != JSON_NUMBER || el->text.len != 1)
		return NULL;
	i = (size_t)(*el->text.p - '0');
	if (i >= sizeof(shapes) / sizeof(shapes[0]))
		return NULL;
	*type = (enum wamp_type)i;
	return &shapes[i];
}

int
wamp1_parse(struct wamp_msg *m, struct slice text,
    const struct wamp1_rules *rules, struct wamp1_error *e)
{
	struct parse in = { .text = text, .rules = rules, .e = e };
	const struct shape *shape;
	struct json_error je;

	if (json_scan_array(text, rules->depth, in.elem, ELEMS_MAX, &in.count,
	    &in.last_end, &je) == -1) {
		(void)refuse(&in, CLOSE_INVALID, je.offset, je.what);
		e->deep = je.deep;
		return -1;
	}
	*m = (struct wamp_msg){ 0 };
	if (in.count == 0)
		return refuse(&in, CLOSE_INVALID, 0,
		    "an empty array is not a message");
	if ((shape = find_shape(&m->type, &in.elem[0])) == NULL)
		return refuse_elem(&in, CLOSE_INVALID, &in.elem[0],
		    "unknown message type");
	if (shape->role != rules->role)
		return refuse_elem(&in, CLOSE_INVALID, &in.elem[0],
		    "this message type is only for the other direction");
	if (in.count < shape->min)
		return refuse(&in, CLOSE_INVALID, in.last_end, shape->few);
	/* Servers look at the elements they know, Ratchet and Autobahn alike;
	 * Autobahn's clients drop the connection. */
	if (in.count > shape->max && rules->role == WAMP1_CLIENT)
		return refuse(&in, CLOSE_INVALID, in.last_end,
		    "too many elements");
	return shape->fill(m, &in);
}
