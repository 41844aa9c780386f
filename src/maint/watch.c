/*
 * watch.c: printing each change of the maintenance state.
 *
 * Output is not buffered, so a signal may end the process at any time.
 */
#include "base/clock.h"
#include "client/suggest.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "maint/maint.h"

struct watch {
	struct maint *m;
	struct retry retry;
	struct buf   said;	/* the state that was last printed, as event */
	struct buf   topic;	/* JSON */
	enum exit_status status;	/* a failure in a callback */
	struct errbuf why;
};

/* Print a state unless it was the last one printed: each subscription yields
 * the retained event again. */
static enum exit_status
watch_print(struct watch *w, const struct state *s, struct errbuf *e)
{
	struct maint *m = w->m;
	struct buf now = { 0 };

	if (notice_write(&now, &s->is) == -1)
		goto nomem;
	if (slice_eq(buf_slice(&now), buf_slice(&w->said))) {
		buf_clear(&now);
		return EXIT_DONE;
	}
	buf_clear(&w->said);
	w->said = now;
	now = (struct buf){ 0 };
	buf_reset(&m->text);
	if ((m->json ? state_json : state_text)(&m->text, s) == -1)
		goto nomem;
	return tool_print_text(&m->text, e);
nomem:
	buf_clear(&now);
	err_set(e, "out of memory");
	return EXIT_WORK;
}

static void
on_event(void *arg, const struct wamp_msg *msg)
{
	struct watch *w = arg;
	struct state s = { .since = clock_wall_ms() };

	retry_reset(&w->retry);
	if (w->status != EXIT_DONE || !notice_read(&s.is, msg->event.text))
		return;
	state_ahead(&s);
	w->status = watch_print(w, &s, &w->why);
}

static void
on_refused(void *arg, const struct wamp_msg *msg)
{
	struct watch *w = arg;

	client_explain(&w->why, msg->uri.text, msg->desc.text);
	w->status = EXIT_REFUSED;
}

/* Print the current state, and get the topic. */
static enum exit_status
watch_get(struct watch *w, struct errbuf *e)
{
	struct json_elem topic;
	enum exit_status status;
	struct slice result;
	struct state s;

	status = maint_call(w->m, SLICE("wampd.maintenance.get"), SLICE(""),
	    &result, e);
	if (status == EXIT_REFUSED && w->m->remote)
		return EXIT_DONE;	/* the retained event has it */
	if (status != EXIT_DONE)
		return status;
	retry_reset(&w->retry);
	buf_reset(&w->topic);
	if (!state_read(&s, result) || !json_member(result, "topic", &topic)) {
		err_set(e, "the broker's answer is not a maintenance state");
		return EXIT_REFUSED;
	}
	if (buf_add_slice(&w->topic, topic.text) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return watch_print(w, &s, e);
}

/* Over a WebSocket, only the barrier reports a refused subscription. */
static enum exit_status
watch_check(struct watch *w, struct errbuf *e)
{
	enum exit_status status;
	struct slice answer;
	struct refused r;

	status = maint_call(w->m, SLICE("wampd.barrier"), SLICE(""), &answer,
	    e);
	if (status != EXIT_DONE)
		return status;
	if (refused_read(&r, answer) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (refused_next(&r, w->m->client, e))
		status = EXIT_REFUSED;
	refused_clear(&r);
	return status;
}

/* Print changes until something fails. */
static enum exit_status
watch_follow(struct watch *w, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX], topic;
	struct client *c = w->m->client;
	enum exit_status status = EXIT_DONE;

	if (client_is_wampd(c))
		status = watch_get(w, e);
	topic = w->topic.len > 0 ? buf_slice(&w->topic) :
	    SLICE("\"" MAINT_TOPIC "\"");
	if (status == EXIT_DONE)
		status = client_send(c, parts, wamp1_subscribe(parts, topic),
		    e);
	if (status == EXIT_DONE)
		status = client_is_wampd(c) ? watch_check(w, e) :
		    client_flush(c, e);
	while (status == EXIT_DONE && w->status == EXIT_DONE)
		status = client_wait(c, -1, -1, NULL, e);
	if (w->status != EXIT_DONE) {
		*e = w->why;
		return w->status;
	}
	/* A server that does not answer may recover, too. */
	return status == EXIT_TIMEOUT ? EXIT_LOST : status;
}

enum exit_status
maint_watch(struct maint *m, struct errbuf *e)
{
	struct watch w = { .m = m };
	const struct client_events events = { .event = on_event,
	    .refused = on_refused, .arg = &w };
	enum exit_status status;

	tool_retry_init(&m->tool, &w.retry, RETRY_FOREVER);
	status = tool_open(&m->tool, &m->client, &events, e);
	while (status == EXIT_DONE) {
		status = watch_follow(&w, e);
		if (status == EXIT_LOST)
			status = tool_reopen(&m->tool, &m->client, &events,
			    &w.retry, -1, e);
	}
	client_free(m->client);
	m->client = NULL;
	buf_clear(&w.said);
	buf_clear(&w.topic);
	return status;
}
