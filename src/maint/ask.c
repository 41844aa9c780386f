/*
 * ask.c: asks the server for the state.
 *
 * Only local peers may call the procedures of wampd.  Others subscribe, as
 * browsers do: the last event is the state.
 */
#include "proto/wamp1.h"
#include "maint/maint.h"

#define NOT_PERMITTED	"\"wampd.error.not_permitted\""

enum exit_status
maint_call(struct maint *m, struct slice procedure, struct slice args,
    struct slice *result, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	status = client_call(m->client, procedure, args, &a, e);
	if (status != EXIT_DONE)
		return status;
	if (!a.is_error) {
		*result = a.result;
		return EXIT_DONE;
	}
	m->remote = slice_eq(a.uri, SLICE(NOT_PERMITTED));
	client_explain(e, a.uri, a.desc);
	return EXIT_REFUSED;
}

/* For client_events, except in watch.c. */
void
maint_on_event(void *arg, const struct wamp_msg *msg)
{
	struct maint *m = arg;
	struct notice n;

	if (!notice_read(&n, msg->event.text))
		return;
	buf_reset(&m->heard);
	m->nomem = buf_add_slice(&m->heard, msg->event.text) == -1;
}

void
maint_on_refused(void *arg, const struct wamp_msg *msg)
{
	struct maint *m = arg;

	publisher_refused(&m->publisher, msg);
}

/* Subscribe and wait for the retained event.  wampd answers a session's
 * messages in order, so that event comes before the answer to the call. */
static enum exit_status
listen(struct maint *m, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX], result;
	enum exit_status status;

	status = client_send(m->client, parts, wamp1_subscribe(parts,
	    SLICE("\"" MAINT_TOPIC "\"")), e);
	if (status == EXIT_DONE)
		status = maint_call(m, SLICE("wampd.barrier"), SLICE(""),
		    &result, e);
	if (status == EXIT_DONE && m->publisher.refused.msg[0] != '\0') {
		*e = m->publisher.refused;
		return EXIT_REFUSED;
	}
	return status;
}

enum exit_status
maint_look(struct maint *m, struct state *s, struct slice *json,
    struct errbuf *e)
{
	enum exit_status status;

	status = maint_call(m, SLICE("wampd.maintenance.get"), SLICE(""),
	    json, e);
	if (status == EXIT_REFUSED && m->remote) {
		status = listen(m, e);
		*json = buf_slice(&m->heard);
	}
	if (status != EXIT_DONE)
		return status;
	if (m->nomem) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	/* Without an event, nobody has published yet, or the subscription was
	 * refused. */
	if (json->len == 0 || state_read(s, *json))
		return EXIT_DONE;
	err_set(e, "the broker's answer is not a maintenance state");
	return EXIT_REFUSED;
}
