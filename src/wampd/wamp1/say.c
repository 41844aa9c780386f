/*
 * say.c: the messages of WAMP v1 that a server sends.
 */
#include "wampd/wamp1/say.h"

#include "proto/close_code.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "wampd/core/broker.h"
#include "wampd/core/event.h"
#include "wampd/core/reply.h"

static bool
is_oro(const struct session *s)
{
	return s->broker->set.compat == WAMP_COMPAT_ORO;
}

int
wamp1_say_welcome(struct session *s)
{
	struct buf *out = &s->broker->scratch_out;
	struct slice text;

	buf_reset(out);
	if (wamp1_welcome(out, slice_str(s->id),
	    slice_str(s->broker->set.ident)) == -1)
		return -1;
	text = buf_slice(out);
	session_send_parts(s, &text, 1, false);
	return s->state == SESSION_OPEN ? 0 : -1;
}

/* ---- events ---- */

struct frame *
wamp1_say_event(struct broker *b, const struct topic *t, struct slice event,
    bool newline, const struct event *mark)
{
	struct slice parts[WAMP1_PARTS_MAX];
	size_t n = wamp1_event(parts, t->json, event);
	char text[WAMP1_MARK_SIZE];

	if (mark != NULL)	/* instead of the closing bracket */
		parts[n - 1] = wamp1_mark(text, mark == t->retained,
		    (mark->kept & KEEP_HISTORY) != 0, mark->at);
	return frame_new(&b->pressure.frame_bytes, parts, n, newline);
}

/* ---- errors ---- */

const char *
wamp1_say_error_uri(enum failure_kind kind)
{
	static const char *const uris[] = {
		[FAILURE_NO_ROUTE] = "wampd.error.no_route",
		[FAILURE_FORBIDDEN] = "wampd.error.not_permitted",
		[FAILURE_BAD_ARGUMENT] = "wampd.error.invalid_argument",
		[FAILURE_INTERNAL] = "wampd.error.internal",
		/* As in the server by the author of the specification. */
		[FAILURE_NO_PROCEDURE] =
		    "http://api.wamp.ws/error#NoSuchRPCEndpoint",
		[FAILURE_HANDLER] = "http://api.wamp.ws/error#generic",
	};

	return uris[kind];
}

/* CALLERROR [4, id, uri, desc] or, with details, [4, id, uri, desc,
 * details]. */
static void
say_error(struct session *s, struct slice id_json, struct slice uri,
    struct slice desc, struct slice details_json, bool newline)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf text = { 0 };
	size_t uri_len;

	if (json_quote(&text, uri) == -1)
		goto nomem;
	uri_len = text.len;
	if (json_quote(&text, desc) == -1)
		goto nomem;
	session_send_parts(s, parts, wamp1_callerror(parts, id_json,
	    slice_of(text.data, uri_len),
	    slice_of(text.data + uri_len, text.len - uri_len), details_json),
	    newline);
	buf_clear(&text);
	return;
nomem:
	buf_clear(&text);
	session_doom(s, 0, "out of memory");
}

void
wamp1_say_refusal(struct session *s, struct slice id_json, const char *uri,
    const char *desc)
{
	say_error(s, id_json, slice_str(uri), slice_str(desc),
	    slice_of(NULL, 0), false);
}

/* There is no such procedure.  The text is that of the server by the author of
 * the specification, and of Gos and BabDev. */
static void
say_unknown(const struct reply_to *to)
{
	struct session *s = to->session;
	struct buf desc = { 0 }, details = { 0 };

	if (buf_add_str(&desc, "No RPC endpoint registered for ") == -1 ||
	    buf_add_slice(&desc, to->uri) == -1 ||
	    buf_add_char(&desc, '.') == -1 ||
	    buf_add_str(&details, "{\"code\":404,\"uri\":") == -1 ||
	    json_quote(&details, to->uri) == -1 ||
	    buf_add_char(&details, '}') == -1)
		session_doom(s, 0, "out of memory");
	else if (is_oro(s))
		say_error(s, to->id, to->uri, buf_slice(&desc),
		    buf_slice(&details), true);
	else
		say_error(s, to->id,
		    slice_str(wamp1_say_error_uri(FAILURE_NO_PROCEDURE)),
		    buf_slice(&desc), slice_of(NULL, 0), true);
	buf_clear(&desc);
	buf_clear(&details);
}

/* A handler has failed.  The error has the URI that the handler names, or else
 * that of the mode. */
static void
say_handler_failed(const struct reply_to *to, const struct failure *f)
{
	struct slice uri = slice_str(wamp1_say_error_uri(f->kind));
	struct slice details = f->details;

	if (f->uri != NULL)
		uri = slice_str(f->uri);
	else if (is_oro(to->session))
		uri = to->uri;
	if (details.len == 0 && is_oro(to->session))
		details = SLICE("{\"code\":500}");
	say_error(to->session, to->id, uri, slice_str(failure_text(f)), details,
	    true);
}

void
wamp1_say_failed(const struct reply_to *to, const struct failure *f)
{
	/* Gos adds a code if the caller may not call the handler. */
	bool denied = f->kind == FAILURE_FORBIDDEN && to->from_handler;

	if (f->kind == FAILURE_NO_PROCEDURE)
		say_unknown(to);
	else if (f->kind == FAILURE_HANDLER)
		say_handler_failed(to, f);
	else
		say_error(to->session, to->id, slice_str(f->uri != NULL ?
		    f->uri : wamp1_say_error_uri(f->kind)),
		    slice_str(failure_text(f)), denied ?
		    SLICE("{\"code\":401}") : slice_of(NULL, 0), true);
}

/* EVENT [8, topic, {error}] to the requester only, as BabDev answers. */
static void
say_unroutable(struct session *s, const struct topic *t)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf event = { 0 }, message = { 0 };

	if (buf_add_str(&message,
	    "Could not find a message handler for URI \"") == -1 ||
	    buf_add_slice(&message, t->name) == -1 ||
	    buf_add_str(&message, "\".") == -1 ||
	    buf_add_str(&event, "{\"error\":true,\"message\":") == -1 ||
	    json_quote(&event, buf_slice(&message)) == -1 ||
	    buf_add_str(&event, ",\"code\":404,\"uri\":") == -1 ||
	    buf_add_slice(&event, t->json) == -1 ||
	    buf_add_char(&event, '}') == -1)
		session_doom(s, 0, "out of memory");
	else
		session_send_parts(s, parts, wamp1_event(parts, t->json,
		    buf_slice(&event)), false);
	buf_clear(&message);
	buf_clear(&event);
}

/* WAMP v1 has no reply to a refused SUBSCRIBE or PUBLISH.  A peer of the
 * control socket is told.  A WebSocket peer is told only if there is no route,
 * and if the configuration says so. */
void
wamp1_say_refused(struct session *s, const struct topic *t,
    const struct failure *f)
{
	int unroutable = s->broker->set.unroutable;

	if (s->ops->trusted)
		wamp1_say_refusal(s, t->json, wamp1_say_error_uri(f->kind),
		    failure_text(f));
	else if (f->kind != FAILURE_NO_ROUTE)
		return;
	else if (unroutable == UNROUTABLE_EVENT)
		say_unroutable(s, t);
	else if (unroutable == UNROUTABLE_CLOSE)
		session_doom(s, CLOSE_INVALID,
		    "no route matches the topic");
}

/* ---- results ---- */

/* Whether PHP code would take it for no result. */
static bool
is_nothing(struct slice result)
{
	return slice_eq(result, SLICE("null")) ||
	    slice_eq(result, SLICE("false"));
}

static void
say_result(const struct reply_to *to, struct slice result, bool newline)
{
	struct slice parts[WAMP1_PARTS_MAX];

	session_send_parts(to->session, parts,
	    wamp1_callresult(parts, to->id, result), newline);
}

/* Send the result of a handler as Gos does: no result is an error, and a result
 * that is neither a list nor an object becomes a list of one element. */
static void
say_wrapped(const struct reply_to *to, struct slice result)
{
	struct failure f = { .kind = FAILURE_HANDLER };
	struct buf list = { 0 };

	err_set(&f.reason, "RPC Error");
	if (is_nothing(result))
		say_handler_failed(to, &f);
	else if (buf_add_char(&list, '[') == -1 ||
	    buf_add_slice(&list, result) == -1 ||
	    buf_add_char(&list, ']') == -1)
		session_doom(to->session, 0, "out of memory");
	else
		say_result(to, buf_slice(&list), true);
	buf_clear(&list);
}

void
wamp1_say_result(const struct reply_to *to, struct slice result, bool newline)
{
	if (!to->from_handler || !is_oro(to->session) || result.p[0] == '[' ||
	    result.p[0] == '{')
		say_result(to, result, newline);
	else
		say_wrapped(to, result);
}
