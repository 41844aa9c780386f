/*
 * take.c: what happens to an event: it is ignored, filtered, printed or passed
 * on to a command.
 */
#include "sub/take.h"

#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "sub/command.h"
#include "sub/sub.h"

/* An event that the program has got. */
struct sub_ahead {
	struct sub_ahead *next;
	struct event	  event;	/* without its value */
	char		  topic[];
};

static void
ahead_drop(struct sub *s)
{
	struct sub_ahead *a = s->first;

	s->first = a->next;
	if (s->first == NULL)
		s->last = NULL;
	free(a);
}

enum exit_status
take_prepare(struct sub *s, struct errbuf *e)
{
	struct sub_options *o = &s->opt;

	if (o->format != NULL) {
		if ((s->format = format_new(o->format, &o->args, e)) == NULL) {
			err_wrap(e, "-F");
			return EXIT_USAGE;
		}
		o->output.format = s->format;
	}
	if (programs_bind(&s->programs, &o->args, false, e) == -1 ||
	    program_compile(&s->programs, &s->program.program, "-e",
	    o->program, e) == -1)
		return EXIT_USAGE;
	o->output.look = look_resolve(&o->look);
	o->output.terminal = o->command == NULL && isatty(STDOUT_FILENO) == 1;
	/* By default, commands and formats get no colours. */
	if ((o->command != NULL || s->format != NULL) &&
	    o->look.color == LOOK_AUTO)
		o->output.look.colour = false;
	s->sink.end = o->output.nul ? '\0' : '\n';
	return EXIT_DONE;
}

void
take_clear(struct sub *s)
{
	format_free(s->format);
	while (s->first != NULL)
		ahead_drop(s);
	programs_clear(&s->programs);
	(void)unsetenv("WAMP_TOPIC");
	buf_clear(&s->exported);
	buf_clear(&s->sink.out);
	buf_clear(&s->scratch);
}

static void
out_of_memory(struct sub *s)
{
	err_set(&s->why, "out of memory");
	sub_failed(s, EXIT_WORK);
}

/* Report that the event is skipped. */
static void
take_fault(struct sub *s, const struct event *ev, const char *why)
{
	struct slice topic = json_inside(ev->topic.text);

	tool_say(&s->tool, "%.*s: %s", (int)topic.len, topic.p, why);
	s->faulty = true;
}

/* Whether -T ignores the topic. */
static bool
is_left_out(struct sub *s, const struct json_elem *topic)
{
	const char *name;
	size_t i;

	if (s->opt.without.n == 0)
		return false;
	buf_reset(&s->scratch);
	if (json_unquote(&s->scratch, topic) == -1 ||
	    (name = buf_cstr(&s->scratch)) == NULL) {
		out_of_memory(s);
		return true;
	}
	for (i = 0; i < s->opt.without.n; i++)
		if (fnmatch(s->opt.without.v[i], name, 0) == 0)
			return true;
	return false;
}

/* Whether --new or --retained-only skips the event. */
static bool
is_of_another_kind(struct sub *s, const struct wamp_msg *m)
{
	if (s->opt.fresh && m->retained)
		s->left_out++;
	return s->opt.fresh ? m->retained : s->opt.retained_only &&
	    s->marked && !m->retained && !m->history;
}

/* ---- the command ---- */

/* The reader of stdout, to which the command writes, may have gone.  That ends
 * us as if we wrote to it ourselves. */
static bool
is_reader_gone(void)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

/* Not by setenv(), which never frees old values: it would keep a copy of every
 * topic. */
static int
export_topic(struct sub *s, const struct event *ev)
{
	(void)unsetenv("WAMP_TOPIC");
	buf_reset(&s->exported);
	return buf_add_str(&s->exported, "WAMP_TOPIC=") == -1 ||
	    event_add_topic(&s->exported, ev, 0) == -1 ||
	    buf_cstr(&s->exported) == NULL ? -1 : putenv(s->exported.data);
}

static void
hand_on(struct sub *s, const struct event *ev)
{
	struct errbuf e;

	if (export_topic(s, ev) != 0) {
		out_of_memory(s);
		return;
	}
	switch (command_run(s->opt.command, buf_slice(&s->sink.out),
	    s->signals, s->end_ms, &e)) {
	case COMMAND_FAILED:
		if (is_reader_gone()) {
			errno = EPIPE;
			sub_failed(s, tool_print_failed(&s->why));
			break;
		}
		take_fault(s, ev, e.msg);
		break;
	case COMMAND_NONE:
		s->why = e;
		sub_failed(s, EXIT_WORK);
		break;
	case COMMAND_ENDED:
		s->signo = stop_taken(s->signals);
		break;
	case COMMAND_OK:
	default:
		break;
	}
	buf_reset(&s->sink.out);
}

/* ---- printing ---- */

/* Print the event or pass it on.  false: it was skipped. */
static bool
emit(struct sub *s, const struct event *ev)
{
	struct errbuf e;

	switch (output_event(&s->sink.out, &s->opt.output, ev, &e)) {
	case EVENT_OK:
		break;
	case EVENT_FAULT:
		take_fault(s, ev, e.msg);
		return false;
	case EVENT_MEMORY:
	default:
		out_of_memory(s);
		return false;
	}
	if (s->opt.command != NULL) {
		hand_on(s, ev);
	} else if (s->sink.out.len >= SINK_GATHER) {
		sub_failed(s, sink_flush(&s->sink, &s->why));
		/* A signal may have interrupted the flush. */
		s->signo = stop_taken(s->signals);
	}
	return true;
}

/* ---- the program ---- */

/* Put the program's next result in place of the event. */
static bool
read_result(struct sub *s, struct slice text, struct event *ev)
{
	struct json_error je;

	if (json_scan_value(text, JSON_DEPTH_MAX, &ev->value, &je) == 0)
		return true;
	take_fault(s, ev, je.what);
	return false;
}

/* Print the results of the oldest event that the program has got.  Whether
 * there was any. */
static bool
emit_results(struct sub *s, const struct event *ev)
{
	enum program_next next = PROGRAM_VALUE;
	struct event result = *ev;
	struct program_value v;
	struct errbuf e;
	bool printed = false;

	while (next == PROGRAM_VALUE && !sub_done(s)) {
		next = programs_next(&s->programs, &v, &e);
		if (next == PROGRAM_VALUE && read_result(s, v.text, &result))
			printed |= emit(s, &result);
	}
	if (next == PROGRAM_STOPPED)
		s->signo = stop_taken(s->signals);
	else if (next != PROGRAM_VALUE && next != PROGRAM_END)
		take_fault(s, ev, e.msg);
	return printed;
}

/* Pass the event to the program. */
static void
take_ahead(struct sub *s, const struct event *ev)
{
	struct sub_ahead *a = malloc(sizeof(*a) + ev->topic.text.len);

	if (a == NULL || programs_add(&s->programs, &s->program,
	    ev->value.text, &s->why) == -1) {
		free(a);
		out_of_memory(s);
		return;
	}
	a->event = *ev;
	memcpy(a->topic, ev->topic.text.p, ev->topic.text.len);
	a->event.topic.text.p = a->topic;
	a->next = NULL;
	if (s->last != NULL)
		s->last->next = a;
	else
		s->first = a;
	s->last = a;
	if (programs_full(&s->programs))
		take_settle(s);
}

void
take_settle(struct sub *s)
{
	while (s->first != NULL && !sub_done(s)) {
		s->first->event.number = s->count + 1;
		if (emit_results(s, &s->first->event))
			s->count++;
		ahead_drop(s);
	}
}

void
take_wake(struct sub *s)
{
	programs_wake(&s->programs, s->signals);
	if (s->format != NULL)
		format_wake(s->format, s->signals);
}

/* The time of an event, in microseconds since 1970.  Old events that were asked
 * for have their own, others that of receipt: a recording of them is published
 * again in the same rhythm. */
static int64_t
time_of(const struct sub *s, const struct wamp_msg *m)
{
	return m->at != 0 && old_wanted(&s->opt.old) != NULL ?
	    m->at * 1000 : clock_wall_us();
}

void
take_event(struct sub *s, const struct wamp_msg *m)
{
	struct event ev = { .topic = m->uri, .value = m->event,
	    .retained = m->retained, .history = m->history,
	    .number = s->count + 1 };

	/* Read the clock only if needed: it costs as much as printing. */
	if (s->opt.output.object || s->format != NULL)
		ev.time_us = time_of(s, m);
	if (sub_done(s) || s->opt.exit_ready || is_left_out(s, &m->uri) ||
	    is_of_another_kind(s, m))
		return;
	if (s->program.program != 0)
		take_ahead(s, &ev);
	else if (emit(s, &ev))
		s->count++;
}
