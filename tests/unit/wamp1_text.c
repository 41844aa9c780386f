/*
 * wamp1_text.c: shows what the codec has understood.
 */
#include "wamp1_text.h"

#include <stdlib.h>

static const char *const type_names[] = {
	[WAMP_WELCOME] = "WELCOME", [WAMP_PREFIX] = "PREFIX",
	[WAMP_CALL] = "CALL", [WAMP_CALLRESULT] = "CALLRESULT",
	[WAMP_CALLERROR] = "CALLERROR", [WAMP_SUBSCRIBE] = "SUBSCRIBE",
	[WAMP_UNSUBSCRIBE] = "UNSUBSCRIBE", [WAMP_PUBLISH] = "PUBLISH",
	[WAMP_EVENT] = "EVENT",
};

/* ---- to text ---- */

static void
dump_elem(struct buf *out, const char *name, const struct json_elem *el)
{
	if (el->text.len == 0)
		return;
	buf_addf(out, " %s=", name);
	buf_add_slice(out, el->text);
}

static void
dump_list(struct buf *out, const char *name, struct slice inside)
{
	buf_addf(out, " %s=[", name);
	buf_add_slice(out, inside);
	buf_add_char(out, ']');
}

static void
dump_args(struct buf *out, const struct wamp_msg *m)
{
	buf_addf(out, " argc=%zu%s%s args=", m->argc,
	    m->args_named ? " named" : "", m->args_newline ? " newline" : "");
	buf_add_slice(out, m->args);
}

static void
dump_audience(struct buf *out, const struct wamp_msg *m)
{
	if (m->exclude == WAMP_EXCLUDE_LIST)
		dump_list(out, "exclude", m->exclude_list);
	else
		buf_addf(out, " exclude=%s",
		    m->exclude == WAMP_EXCLUDE_ME ? "me" : "none");
	if (m->has_eligible)
		dump_list(out, "eligible", m->eligible);
}

void
wamp1_dump(struct buf *out, const struct wamp_msg *m)
{
	buf_add_str(out, type_names[m->type]);
	dump_elem(out, "id", &m->id);
	dump_elem(out, "prefix", &m->prefix);
	dump_elem(out, "uri", &m->uri);
	dump_elem(out, "event", &m->event);
	dump_elem(out, m->type == WAMP_WELCOME ? "ident" : "desc", &m->desc);
	dump_elem(out, "details", &m->details);
	if (m->retained)
		buf_add_str(out, " retained");
	if (m->type == WAMP_CALL)
		dump_args(out, m);
	if (m->type == WAMP_PUBLISH)
		dump_audience(out, m);
}

/* ---- to a message ---- */

static struct slice
bracket(struct buf *scratch, char open, struct slice inside, char close)
{
	buf_reset(scratch);
	if (buf_add_char(scratch, open) == -1 ||
	    buf_add_slice(scratch, inside) == -1 ||
	    buf_add_char(scratch, close) == -1)
		abort();
	return buf_slice(scratch);
}

static size_t
rebuild_publish(struct slice *parts, const struct wamp_msg *m,
    struct buf *exclude, struct buf *eligible)
{
	struct slice who = SLICE("false"), only = { 0 };

	if (m->exclude == WAMP_EXCLUDE_ME)
		who = SLICE("true");
	else if (m->exclude == WAMP_EXCLUDE_LIST)
		who = bracket(exclude, '[', m->exclude_list, ']');
	if (m->has_eligible)
		only = bracket(eligible, '[', m->eligible, ']');
	return wamp1_publish(parts, m->uri.text, m->event.text, who, only);
}

/* Arguments that were spread, or would be, go back into one. */
static size_t
rebuild_call(struct slice *parts, const struct wamp_msg *m,
    const struct wamp1_rules *rules, struct buf *scratch)
{
	struct slice args = m->args, rest = m->args;
	struct json_elem first;

	if (m->args_named)
		args = bracket(scratch, '{', args, '}');
	else if (rules->compat == WAMP_COMPAT_ORO && m->argc == 1 &&
	    json_next(&rest, &first) && first.type >= JSON_ARRAY)
		args = bracket(scratch, '[', args, ']');
	return wamp1_call(parts, m->id.text, m->uri.text, args);
}

/* With details the broker makes it anew, see retained.c. */
static size_t
rebuild_event(struct slice *parts, const struct wamp_msg *m)
{
	size_t n = wamp1_event(parts, m->uri.text, m->event.text);

	if (m->details.text.len == 0)
		return n;
	parts[n - 1] = SLICE(",");
	parts[n++] = m->details.text;
	parts[n++] = SLICE("]");
	return n;
}

static void
rebuild_welcome(struct buf *out, const struct wamp_msg *m)
{
	struct buf id = { 0 }, ident = { 0 };

	if (json_unquote(&id, &m->id) == -1 || (m->desc.text.len > 0 &&
	    json_unquote(&ident, &m->desc) == -1) ||
	    wamp1_welcome(out, buf_slice(&id), buf_slice(&ident)) == -1)
		abort();
	buf_clear(&id);
	buf_clear(&ident);
}

static size_t
rebuild_parts(struct slice *parts, const struct wamp_msg *m,
    const struct wamp1_rules *rules, struct buf *a, struct buf *b)
{
	switch (m->type) {
	case WAMP_WELCOME:
		break;
	case WAMP_PREFIX:
		return wamp1_prefix(parts, m->prefix.text, m->uri.text);
	case WAMP_CALL:
		return rebuild_call(parts, m, rules, a);
	case WAMP_CALLRESULT:
		return wamp1_callresult(parts, m->id.text, m->event.text);
	case WAMP_CALLERROR:
		return wamp1_callerror(parts, m->id.text, m->uri.text,
		    m->desc.text, m->details.text);
	case WAMP_SUBSCRIBE:
		return wamp1_subscribe(parts, m->uri.text);
	case WAMP_UNSUBSCRIBE:
		return wamp1_unsubscribe(parts, m->uri.text);
	case WAMP_PUBLISH:
		return rebuild_publish(parts, m, a, b);
	case WAMP_EVENT:
		return rebuild_event(parts, m);
	}
	return 0;
}

void
wamp1_rebuild(struct buf *out, const struct wamp_msg *m,
    const struct wamp1_rules *rules)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf a = { 0 }, b = { 0 };
	size_t n = rebuild_parts(parts, m, rules, &a, &b);

	if (m->type == WAMP_WELCOME)
		rebuild_welcome(out, m);
	else if (wamp1_join(out, parts, n) == -1)
		abort();
	buf_clear(&a);
	buf_clear(&b);
}
