/*
 * subscribe.c: subscribe, and report that it is done.
 */
#include "sub/subscribe.h"

#include <inttypes.h>
#include <unistd.h>

#include "base/io.h"
#include "base/stop.h"
#include "client/suggest.h"
#include "proto/wamp1.h"
#include "sub/sub.h"

#define SIGNAL_STALL	1	/* ms to wait for an answer after a signal */

static enum exit_status
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* Call a procedure of wampd. */
static enum exit_status
subscribe_call(struct sub *s, struct slice uri, struct slice args,
    struct slice *result, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	status = client_call(s->client, uri, args, &a, e);
	if (status == EXIT_DONE && a.is_error) {
		client_explain(e, a.uri, a.desc);
		status = EXIT_REFUSED;
	}
	*result = a.result;
	return status;
}

static enum exit_status
subscribe_topic(struct sub *s, const char *name, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf topic = { 0 };
	enum exit_status status;

	if (old_wanted(&s->opt.old) != NULL)
		return old_subscribe(s, name, e);
	status = tool_quote(&topic, name, "TOPIC", e);
	if (status == EXIT_DONE)
		status = client_send(s->client, parts,
		    wamp1_subscribe(parts, buf_slice(&topic)), e);
	buf_clear(&topic);
	return status;
}

/* Subscribe to all topics with this prefix.  shown: the option. */
static enum exit_status
subscribe_prefix(struct sub *s, const char *prefix, const char *shown,
    struct errbuf *e)
{
	struct buf args = { 0 };
	enum exit_status status;
	struct slice ignored;

	if (!client_is_wampd(s->client)) {
		err_set(e, "the server is not wampd");
		status = EXIT_REFUSED;
	} else if (json_quote(&args, slice_str(prefix)) == -1 ||
	    buf_add_str(&args, ",{\"match\":\"prefix\"}") == -1) {
		status = out_of_memory(e);
	} else {
		status = subscribe_call(s, SLICE("wampd.subscribe"),
		    buf_slice(&args), &ignored, e);
	}
	if (status == EXIT_REFUSED)
		err_wrap(e, "%s", shown);
	buf_clear(&args);
	return status;
}

/* Over a WebSocket, only the barrier reports refused subscriptions.  Report
 * each of them; the last one ends the run, so that nobody waits for events of a
 * mistyped topic. */
static enum exit_status
subscribe_verdict(struct sub *s, struct slice answer, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	struct refused r;

	if (refused_read(&r, answer) == -1)
		return out_of_memory(e);
	/* on_refused() knows less than this answer. */
	if (r.left > 0)
		s->status = EXIT_DONE;
	while (refused_next(&r, s->client, e)) {
		status = EXIT_REFUSED;
		if (r.rest.len > 0)
			tool_say(&s->tool, "%s", e->msg);
	}
	refused_clear(&r);
	return status;
}

static enum exit_status
subscribe_barrier(struct sub *s, struct errbuf *e)
{
	enum exit_status status;
	struct slice answer;

	if (client_is_wampd(s->client)) {
		status = subscribe_call(s, SLICE("wampd.barrier"), SLICE(""),
		    &answer, e);
		return status == EXIT_DONE ? subscribe_verdict(s, answer, e) :
		    status;
	}
	if (s->opt.retained_only) {
		err_set(e, "--retained-only: the server is not wampd and does "
		    "not say when all retained events have come");
		return EXIT_REFUSED;
	}
	return client_flush(s->client, e);
}

/* The option that needs to know which events are retained, or NULL. */
static const char *
marks_needed(const struct sub *s)
{
	if (s->opt.fresh)
		return "--new";
	return s->format != NULL && format_tells_retained(s->format) ?
	    "-F %R" : NULL;
}

/* Have the server mark kept events. */
static enum exit_status
subscribe_marks(struct sub *s, struct errbuf *e)
{
	const char *needed = marks_needed(s);
	enum exit_status status;
	struct slice ignored;

	s->marked = false;
	if (needed == NULL && !s->opt.output.object && !s->opt.retained_only &&
	    old_wanted(&s->opt.old) == NULL)
		return EXIT_DONE;
	if (!client_is_wampd(s->client)) {
		err_set(e, "the server is not wampd and does not say which "
		    "events are retained");
		status = EXIT_REFUSED;
	} else {
		status = subscribe_call(s, SLICE("wampd.mark"),
		    SLICE("true"), &ignored, e);
	}
	s->marked = status == EXIT_DONE;
	if (status != EXIT_REFUSED)
		return status;
	if (needed != NULL) {
		err_wrap(e, "%s", needed);
		return EXIT_REFUSED;
	}
	e->msg[0] = '\0';
	return EXIT_DONE;
}

/* Warn of topics that look like patterns: their subscriber would wait for ever
 * without knowing why.  Warn only once, not after each connection. */
static void
subscribe_hint(struct sub *s)
{
	const struct opt_list *topics = &s->opt.topics;
	struct slice stem;
	size_t i;

	for (i = 0; i < topics->n && !s->hinted; i++) {
		if (!suggest_is_pattern(s->client, slice_str(topics->v[i]),
		    &stem))
			continue;
		if (stem.len > 0)
			tool_say(&s->tool, "%s is one topic, not a pattern: "
			    "use --prefix %.*s for several topics",
			    topics->v[i], (int)stem.len, stem.p);
		else
			tool_say(&s->tool, "%s is one topic, not a pattern: "
			    "use --all for all topics", topics->v[i]);
	}
	s->hinted = true;
}

enum exit_status
subscribe_all(struct sub *s, struct errbuf *e)
{
	const struct sub_options *o = &s->opt;
	enum exit_status status;
	size_t i;

	client_wake(s->client, s->signals, SIGNAL_STALL);
	status = subscribe_marks(s, e);
	for (i = 0; i < o->topics.n && status == EXIT_DONE; i++)
		status = subscribe_topic(s, o->topics.v[i], e);
	if (s->routed.topic != NULL && status == EXIT_DONE)
		status = subscribe_topic(s, s->routed.topic, e);
	for (i = 0; i < o->prefixes.n && status == EXIT_DONE; i++)
		status = subscribe_prefix(s, o->prefixes.v[i], "--prefix", e);
	if (o->all && status == EXIT_DONE)
		status = subscribe_prefix(s, "", "--all", e);
	if (status == EXIT_DONE)
		status = subscribe_barrier(s, e);
	if (status == EXIT_DONE || status == EXIT_REFUSED)
		subscribe_hint(s);
	if (s->signo == 0)
		s->signo = stop_taken(s->signals);
	return status;
}

enum exit_status
subscribe_tell(struct sub *s, struct errbuf *e)
{
	struct sub_options *o = &s->opt;
	struct buf line = { 0 };
	enum exit_status status = EXIT_WORK;

	if (buf_addf(&line, "%s\n", client_session(s->client)) == -1) {
		(void)out_of_memory(e);
		goto out;
	}
	if (o->ready_file != NULL && io_replace_file(o->ready_file,
	    buf_slice(&line), 0644, e) == -1) {
		err_wrap(e, "%s", o->ready_file);
		goto out;
	}
	if (o->ready_fd >= 0 &&
	    (io_write_all((int)o->ready_fd, line.data, line.len) == -1 ||
	    close((int)o->ready_fd) == -1)) {
		err_set_errno(e, "--ready-fd %" PRId64, o->ready_fd);
		goto out;
	}
	o->ready_fd = -1;	/* once; the file, after each connection */
	status = EXIT_DONE;
out:
	buf_clear(&line);
	return status;
}
