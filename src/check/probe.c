/*
 * probe.c: an event that goes to the broker and must come back.
 */
#include "check/probe.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/clock.h"
#include "proto/json.h"
#include "proto/wamp1.h"

void
probe_on_event(void *arg, const struct wamp_msg *m)
{
	struct probe *p = arg;

	if (slice_eq(m->event.text, buf_slice(&p->event)))
		p->back = true;
}

void
probe_on_refused(void *arg, const struct wamp_msg *m)
{
	struct probe *p = arg;

	p->refused = true;
	client_explain(&p->why, m->uri.text, m->desc.text);
}

/* Over a WebSocket, only the barrier tells that something was refused, and only
 * wampd has it. */
static enum exit_status
ask_barrier(struct client *c, struct errbuf *e)
{
	struct json_elem refused;
	struct client_answer a;
	enum exit_status status;

	status = client_call(c, SLICE("wampd.barrier"), SLICE(""), &a, e);
	if (status != EXIT_DONE || a.is_error ||
	    !json_member(a.result, "refusals", &refused) ||
	    json_inside(refused.text).len == 0)
		return status;
	err_set(e, "the broker refused the subscription or the event");
	return EXIT_REFUSED;
}

static enum exit_status
wait_for_event(struct probe *p, struct client *c, struct errbuf *e)
{
	int64_t bound = client_timeout(c), until = -1;
	enum exit_status status = EXIT_DONE;

	if (bound > 0)
		until = clock_ms() + bound;
	while (status == EXIT_DONE && !p->back && !p->refused) {
		if (until != -1 && clock_ms() >= until) {
			err_set(e, "the event did not come back in %.1f s",
			    (double)bound / 1e3);
			return EXIT_TIMEOUT;
		}
		status = client_wait(c, until, -1, NULL, e);
	}
	return status;
}

enum exit_status
probe_run(struct probe *p, struct client *c, const char *topic,
    double *seconds, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	int64_t began = clock_us();
	enum exit_status status;

	if (json_quote(&p->topic, slice_str(topic)) == -1 ||
	    buf_addf(&p->event, "{\"probe\":\"%ld-%" PRId64 "\"}",
	    (long)getpid(), clock_wall_us()) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	status = client_send(c, parts, wamp1_subscribe(parts,
	    buf_slice(&p->topic)), e);
	if (status == EXIT_DONE)
		status = client_send(c, parts, wamp1_publish(parts,
		    buf_slice(&p->topic), buf_slice(&p->event), SLICE("false"),
		    SLICE("")), e);
	if (status == EXIT_DONE)
		status = client_is_wampd(c) ? ask_barrier(c, e) :
		    client_flush(c, e);
	if (status == EXIT_DONE)
		status = wait_for_event(p, c, e);
	if (status == EXIT_DONE && p->refused) {
		*e = p->why;
		status = EXIT_REFUSED;
	}
	*seconds = (double)(clock_us() - began) / 1e6;
	return status;
}

void
probe_clear(struct probe *p)
{
	buf_clear(&p->topic);
	buf_clear(&p->event);
}
