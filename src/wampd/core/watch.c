/*
 * watch.c: subscriptions to every topic that begins alike.
 */
#include "wampd/core/watch.h"

#include <stdlib.h>

#include "base/log.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/procedure.h"
#include "wampd/core/publish.h"
#include "wampd/core/retained.h"
#include "wampd/wamp1/dispatch.h"

static void
watch_drop_events(struct watch *w)
{
	while (w->sent < w->n)
		frame_unref(w->events[w->sent++].frame, 1);
	free(w->events);
	w->events = NULL;
	w->n = w->cap = w->sent = 0;
	buf_clear(&w->names);
}

static void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	watch_drop_events(w);
	buf_clear(&w->prefix);
	buf_clear(&w->call_id);
	free(w);
}

/* ---- who hears what ---- */

bool
watch_covers(const struct broker *b, struct slice name,
    const struct session *s)
{
	const struct watch *w;

	LIST_FOREACH(w, &b->watches, link)
		if (w->session == s &&
		    slice_starts(name, buf_slice(&w->prefix)))
			return true;
	return false;
}

bool
watch_hears(struct broker *b, struct topic *t, struct session *s)
{
	return topic_has(b, t, s) || watch_covers(b, t->name, s);
}

size_t
watch_count(struct broker *b, struct slice name)
{
	const struct watch *w;
	uint32_t mark;
	size_t n = 0;

	if (LIST_EMPTY(&b->watches))
		return 0;
	mark = publish_mark(b);
	LIST_FOREACH(w, &b->watches, link)
		if (w->session->mark != mark &&
		    slice_starts(name, buf_slice(&w->prefix))) {
			w->session->mark = mark;
			n++;
		}
	return n;
}

/* ---- what topics hold already ---- */

static int
watch_keep(struct watch *w, const struct topic *t)
{
	struct watch_event *grown;
	size_t cap = w->cap > 0 ? w->cap * 2 : 16;

	if (w->n == w->cap) {
		grown = realloc(w->events, cap * sizeof(*grown));
		if (grown == NULL)
			return -1;
		w->events = grown;
		w->cap = cap;
	}
	w->events[w->n] = (struct watch_event){ t->retained, w->names.len,
	    t->name.len };
	if (buf_add_slice(&w->names, t->name) == -1)
		return -1;
	t->retained->refs++;
	w->n++;
	return 0;
}

/* The session has got those of topics that it hears of already. */
static int
watch_keep_all(struct broker *b, struct watch *w)
{
	struct slice prefix = buf_slice(&w->prefix);
	struct topic *t;
	size_t pos = 0;

	while ((t = map_next(&b->topics, &pos)) != NULL)
		if (t->retained != NULL && slice_starts(t->name, prefix) &&
		    !watch_hears(b, t, w->session) && watch_keep(w, t) == -1)
			return -1;
	return 0;
}

/* One that another has replaced meanwhile went by already. */
static bool
watch_is_held(struct broker *b, const struct watch *w,
    const struct watch_event *ev)
{
	struct topic *t = topic_find(b,
	    slice_of(w->names.data + ev->name, ev->len));

	return t != NULL && t->retained != NULL && t->retained == ev->frame;
}

static void
watch_send_next(struct broker *b, struct watch *w)
{
	const struct watch_event *ev = &w->events[w->sent++];

	if (watch_is_held(b, w, ev))
		retained_send(w->session, ev->frame);
	frame_unref(ev->frame, 1);
}

void
watches_trim(struct broker *b)
{
	struct watch *w;
	size_t i;

	LIST_FOREACH(w, &b->watches, link)
		for (i = w->sent; i < w->n; i++)
			if (!watch_is_held(b, w, &w->events[i])) {
				frame_unref(w->events[i].frame, 1);
				w->events[i].frame = NULL;
			}
}

/* As much as the session takes without its queue growing large: all that
 * topics hold may be far more than one session may have queued. */
static void
watch_continue(struct broker *b, struct watch *w)
{
	struct session *s = w->session;

	while (w->sent < w->n && s->state == SESSION_OPEN) {
		if (s->queue.bytes > b->set.limit_queue / 4) {
			session_flush(s);
			if (s->queue.bytes > b->set.limit_queue / 4)
				return;
		}
		watch_send_next(b, w);
	}
	watch_drop_events(w);
	if (s->state == SESSION_OPEN)
		procedure_done(s, buf_slice(&w->call_id));
	buf_clear(&w->call_id);
}

void
watches_continue(struct broker *b)
{
	struct watch *w;

	LIST_FOREACH(w, &b->watches, link)
		if (w->call_id.len > 0)
			watch_continue(b, w);
}

/* ---- beginning and ending ---- */

static struct watch *
watch_new(struct broker *b, struct session *s, struct slice prefix,
    struct slice call_id)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->session = s;
	if (buf_add_slice(&w->prefix, prefix) == -1 ||
	    buf_add_slice(&w->call_id, call_id) == -1 ||
	    watch_keep_all(b, w) == -1) {
		watch_free(w);
		return NULL;
	}
	LIST_INSERT_HEAD(&b->watches, w, link);
	b->nwatches++;
	s->nsubs++;
	return w;
}

static bool
watch_exists(const struct broker *b, const struct session *s,
    struct slice prefix)
{
	const struct watch *w;

	LIST_FOREACH(w, &b->watches, link)
		if (w->session == s && slice_eq(buf_slice(&w->prefix), prefix))
			return true;
	return false;
}

/* {"match":"prefix"}: other ways to match may come, so it must be said. */
static bool
wants_prefix(const struct json_elem *options)
{
	struct slice rest;
	struct json_elem key, value, more;

	if (options->type != JSON_OBJECT)
		return false;
	rest = json_inside(options->text);
	return json_next_member(&rest, &key, &value) &&
	    slice_eq(key.text, SLICE("\"match\"")) &&
	    slice_eq(value.text, SLICE("\"prefix\"")) &&
	    !json_next(&rest, &more);
}

int
watch_call(struct call *c)
{
	struct broker *b = c->broker;
	struct slice prefix;
	struct watch *w;

	if (c->nargs != 2 || c->arg[0].type != JSON_STRING ||
	    !wants_prefix(&c->arg[1]))
		return procedure_bad_argument(c,
		    "arguments: prefix, {\"match\":\"prefix\"}");
	if (json_string(&prefix, &c->arg[0], &b->scratch_text) == -1)
		return procedure_out_of_memory(c);
	if (prefix.len > URI_MAX)
		return procedure_bad_argument(c, "the prefix is too long");
	if (watch_exists(b, c->caller, prefix))
		return 0;
	if (dispatch_room(c->caller, &c->reason) == -1) {
		c->error = "wampd.error.not_permitted";
		return -1;
	}
	if ((w = watch_new(b, c->caller, prefix, c->id)) == NULL)
		return procedure_out_of_memory(c);
	if (log_on(LOG_LEVEL_DEBUG))
		log_debug("session=%s subscribe prefix=%s", c->caller->id,
		    log_quote(prefix).s);
	watch_continue(b, w);
	return 1;
}

void
watches_end(struct session *s)
{
	struct watch *w, *next;

	for (w = LIST_FIRST(&s->broker->watches); w != NULL; w = next) {
		next = LIST_NEXT(w, link);
		if (w->session != s)
			continue;
		LIST_REMOVE(w, link);
		w->session->broker->nwatches--;
		s->nsubs--;
		watch_free(w);
	}
}
