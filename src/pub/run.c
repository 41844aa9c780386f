/*
 * run.c: the run of wamp-pub: makes events from texts, and publishes them at
 * their time.
 */
#include "pub/run.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/pace.h"
#include "base/tempo.h"
#include "base/utf8.h"
#include "client/progress.h"
#include "client/suggest.h"
#include "pub/event.h"
#include "pub/input.h"
#include "pub/link.h"

struct run {
	struct pub_options *o;		/* borrowed */
	struct input	   input;
	struct event_maker maker;
	struct pace	   pace;
	struct tempo	   tempo;		/* --replay */
	struct link	   link;
	struct buf	   topic_json;	/* of all events, or empty */
	uint64_t	   skipped;	/* --skip-invalid */
	struct progress	   progress;
	int64_t		   began_us;
	size_t		   unlooked;	/* bytes since look_around() */
	/* Places of the records that programs have got; a ring. */
	struct input_place ahead[PROGRAMS_AHEAD];
	size_t		   ahead_at;	/* the oldest */
	size_t		   nahead;
};

/* Looking for a signal is a system call, so it is not done for each event.
 * EVENT_COST stands for the cost of an event in addition to its bytes. */
#define LOOK_EACH	(64u << 10)	/* bytes */
#define EVENT_COST	64

/* ---- progress ---- */

/* 1234567 as "1.2 M". */
static const char *
abbreviate(char *out, size_t size, double n)
{
	static const char *const units[] = { "", "k", "M", "G", "T" };
	size_t unit = 0;

	/* A number that would be rounded to 1000 gets the next unit. */
	for (; n >= 999.5 && unit < 4; unit++)
		n /= 1000;
	(void)snprintf(out, size, "%.*f %s", unit > 0 && n < 9.95 ? 1 : 0, n,
	    units[unit]);
	return out;
}

static void
run_progress(struct run *r)
{
	const struct publisher *sum = &r->link.publisher;
	char rate[32], bytes[32];
	double seconds;

	if (!progress_due(&r->progress))
		return;
	seconds = (double)(clock_us() - r->began_us) / 1e6;
	progress_line(&r->progress, "%" PRIu64 " events, %sevents/s, %sB",
	    sum->sent, abbreviate(rate, sizeof(rate),
	    (double)sum->sent / seconds),
	    abbreviate(bytes, sizeof(bytes), (double)sum->bytes));
}

/* ---- events ---- */

/* Look for a signal and show the progress.  One text may yield events without
 * end, between which nothing else does that.  Call it before an event: a signal
 * after an event would keep it from being marked as sent. */
static void
look_around(struct run *r, size_t bytes)
{
	r->unlooked += bytes + EVENT_COST;
	if (r->unlooked < LOOK_EACH)
		return;
	r->unlooked = 0;
	link_signal(&r->link);
	run_progress(r);
}

/* Wait us microseconds, or until a signal comes. */
static enum exit_status
run_pause(struct run *r, int64_t us, struct errbuf *e)
{
	run_progress(r);
	return link_pause(&r->link, us, e);
}

/* Publish one event at its time, unless a signal comes first. */
static enum exit_status
run_event(struct run *r, struct slice topic_json, struct slice event,
    struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	int64_t us;

	look_around(r, event.len);
	if (r->link.signo != 0)
		return EXIT_DONE;
	while (r->pace.gap_ns > 0 &&
	    (us = pace_take(&r->pace, clock_us())) > 0) {
		status = run_pause(r, us, e);
		if (status != EXIT_DONE || r->link.signo != 0)
			return status;
	}
	return link_send(&r->link, topic_json, event, e);
}

/* Publish the events of the text that was begun first.  *invalid: it failed
 * because no event could be made from the text. */
static enum exit_status
run_events(struct run *r, bool *invalid, struct errbuf *e)
{
	struct slice topic = buf_slice(&r->topic_json), event;
	enum exit_status status = EXIT_DONE;
	bool stopped = false;
	int rc = 0;

	while (status == EXIT_DONE && r->link.signo == 0 &&
	    (rc = event_next(&r->maker, &event, &topic, &stopped, e)) == 1)
		status = run_event(r, topic, event, e);
	if (stopped)
		link_signal(&r->link);
	*invalid = rc == -1;
	return *invalid ? EXIT_WORK : status;
}

/* A record is invalid, and *e says why: end, or skip it.  text is the record if
 * it is the last one of the input, else empty. */
static enum exit_status
run_invalid(struct run *r, const struct input_place *at, struct slice text,
    struct errbuf *e)
{
	if (text.len > 0 && r->maker.fault.what != NULL)
		input_blame(&r->input, text, &r->maker.fault, e);
	else
		input_locate(&r->input, at, e);
	if (!r->o->skip_invalid)
		return EXIT_WORK;
	progress_hide(&r->progress);
	tool_say(&r->o->tool, "%s, skipped", e->msg);
	r->skipped++;
	return EXIT_DONE;
}

/* Wait until a record is due, before programs run: they may read the clock. */
static enum exit_status
run_tempo(struct run *r, bool *invalid, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	int64_t us;

	if (r->tempo.speed <= 0)
		return EXIT_DONE;
	*invalid = r->maker.record.time_ms == -1;
	if (*invalid) {
		err_set(e, "no time (--speed max needs none)");
		return EXIT_WORK;
	}
	tempo_next(&r->tempo, r->maker.record.time_ms, clock_us());
	while (status == EXIT_DONE && r->link.signo == 0 &&
	    (us = tempo_left(&r->tempo, clock_us())) > 0)
		status = run_pause(r, us, e);
	return status;
}

static enum exit_status
run_record(struct run *r, struct slice text, struct errbuf *e)
{
	const struct input_place at = input_place(&r->input);
	enum exit_status status = EXIT_DONE;
	bool invalid = event_check(&r->maker, text, e) == -1;
	int64_t i;

	for (i = 0; i < r->o->repeat && !invalid && status == EXIT_DONE &&
	    r->link.signo == 0; i++) {
		status = run_tempo(r, &invalid, e);
		if (status != EXIT_DONE || r->link.signo != 0)
			break;
		invalid = event_begin(&r->maker, e) == -1;
		status = invalid ? EXIT_WORK : run_events(r, &invalid, e);
	}
	if (invalid)
		status = run_invalid(r, &at, text, e);
	if (r->link.signo == 0)
		r->link.publisher.mark = at.count;
	return status;
}

/* ---- records ahead ---- */

/* Programs run in a process of their own.  It gets records ahead of their turn
 * while we publish the results of earlier ones, unless events wait for their
 * time: programs may read the clock. */
static bool
run_is_ahead(const struct run *r)
{
	return event_runs(&r->maker) && r->pace.gap_ns == 0 &&
	    r->o->replay == NULL && r->o->repeat == 1 &&
	    input_unit(&r->input) != NULL;
}

/* Publish the results of the records that programs have got, until at most
 * `left` of them remain. */
static enum exit_status
run_ahead(struct run *r, size_t left, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	struct input_place at;
	bool invalid;

	while (r->nahead > left && status == EXIT_DONE &&
	    r->link.signo == 0) {
		at = r->ahead[r->ahead_at];
		r->ahead_at = (r->ahead_at + 1) % PROGRAMS_AHEAD;
		r->nahead--;
		status = run_events(r, &invalid, e);
		if (invalid)
			status = run_invalid(r, &at, SLICE(""), e);
		if (r->link.signo == 0)
			r->link.publisher.mark = at.count;
	}
	return status;
}

static enum exit_status
run_hand_over(struct run *r, struct slice text, struct errbuf *e)
{
	const struct input_place at = input_place(&r->input);
	enum exit_status status;
	struct errbuf why;

	if (programs_full(&r->maker.programs)) {
		status = run_ahead(r, r->nahead / 2, e);
		if (status != EXIT_DONE || r->link.signo != 0)
			return status;
	}
	if (event_check(&r->maker, text, &why) == 0 &&
	    event_begin(&r->maker, &why) == 0) {
		r->ahead[(r->ahead_at + r->nahead++) % PROGRAMS_AHEAD] = at;
		return EXIT_DONE;
	}
	/* First publish, or report, what came before it. */
	status = run_ahead(r, 0, e);
	if (status != EXIT_DONE || r->link.signo != 0)
		return status;
	*e = why;
	status = run_invalid(r, &at, text, e);
	r->link.publisher.mark = at.count;
	return status;
}

static enum exit_status
run_more(struct run *r, struct errbuf *e)
{
	enum exit_status status;

	run_progress(r);
	status = link_await(&r->link, input_fd(&r->input), e);
	if (status != EXIT_DONE || r->link.signo != 0)
		return status;
	return input_read(&r->input, e) == 0 ? EXIT_DONE : EXIT_WORK;
}

/* Publish the whole input, or until a signal comes. */
static enum exit_status
run_input(struct run *r, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	struct errbuf why;
	struct slice text;

	while (status == EXIT_DONE && r->link.signo == 0)
		switch (input_next(&r->input, &text, &why)) {
		case INPUT_RECORD:
			status = run_is_ahead(r) ?
			    run_hand_over(r, text, e) :
			    run_record(r, text, e);
			break;
		case INPUT_MORE:
			status = run_ahead(r, 0, e);
			if (status == EXIT_DONE && r->link.signo == 0)
				status = run_more(r, e);
			break;
		case INPUT_END:
			return run_ahead(r, 0, e);
		case INPUT_FAULT:
		default:
			status = run_ahead(r, 0, e);
			if (status == EXIT_DONE && r->link.signo == 0) {
				*e = why;
				status = EXIT_WORK;
			}
			return status;
		}
	return status;
}

/* ---- the run ---- */

/* Check everything that needs no server, before connecting. */
static enum exit_status
run_prepare(struct run *r, struct errbuf *e)
{
	const struct pub_options *o = r->o;

	r->maker.string = o->string;
	r->maker.replay = o->replay != NULL;
	r->tempo = (struct tempo)TEMPO_INIT(o->speed);
	if (event_compile(&r->maker, &o->args, o->filter, o->topic_filter,
	    e) == -1)
		return EXIT_USAGE;
	r->input = (struct input){ .text = o->text, .files = &o->files,
	    .opened = -1, .from = (uint64_t)o->from, .string = o->string,
	    .replay = o->replay != NULL, .end = o->lines ? RECORDS_LINES :
	    o->nul ? RECORDS_NUL : o->string ? RECORDS_WHOLE : RECORDS_CUT };
	if (o->text != NULL &&
	    event_check(&r->maker, slice_str(o->text), e) == -1) {
		if (r->maker.fault.what != NULL)
			input_blame(&r->input, slice_str(o->text),
			    &r->maker.fault, e);
		return EXIT_WORK;
	}
	if (o->rate > 0)
		pace_rate(&r->pace, o->rate);
	else if (o->delay_ms > 0)
		pace_delay(&r->pace, o->delay_ms);
	return input_open(&r->input, e) == 0 ? EXIT_DONE : EXIT_WORK;
}

static enum exit_status
run_open(struct run *r, struct errbuf *e)
{
	struct pub_options *o = r->o;
	enum exit_status status;
	const char *topic;

	status = link_open(&r->link, o, &r->progress,
	    o->text == NULL || o->repeat > 1, e);
	programs_wake(&r->maker.programs, r->link.signals);
	/* The records before it were acknowledged in an earlier run. */
	if (o->from > 0)
		r->link.publisher.mark = r->link.publisher.acked_mark =
		    (uint64_t)o->from - 1;
	topic = o->topic != NULL ? o->topic : o->routed.topic;
	r->maker.keep_topic = o->replay != NULL && topic == NULL;
	if (status != EXIT_DONE || topic == NULL)
		return status;
	return tool_quote(&r->topic_json, topic, "TOPIC", e);
}

/* Warn of a topic that looks like a pattern: only subscribers to that very name
 * get its events. */
static void
run_hint(const struct run *r)
{
	const char *topic = r->o->topic;
	struct slice stem;

	if (topic != NULL && r->link.wampd && r->link.client != NULL &&
	    r->link.publisher.delivered == 0 &&
	    suggest_is_pattern(r->link.client, slice_str(topic), &stem))
		tool_say(&r->o->tool, "%s is one topic, not a pattern: nobody "
		    "has subscribed to it", topic);
}

/* Publish all events and have them acknowledged, also those before an invalid
 * line. */
static enum exit_status
run_all(struct run *r, struct errbuf *e)
{
	enum exit_status status, settled;
	struct errbuf why;

	status = run_input(r, e);
	if (status != EXIT_DONE && status != EXIT_WORK)
		return status;
	if ((settled = link_settle(&r->link, &why)) == EXIT_DONE) {
		run_hint(r);
		settled = link_finish(&r->link, &why);
	}
	if (settled != EXIT_DONE) {
		*e = why;
		return settled;
	}
	if (status == EXIT_DONE && r->skipped > 0) {
		err_set(e, "%" PRIu64 " invalid event%s skipped", r->skipped,
		    r->skipped == 1 ? "" : "s");
		return EXIT_WORK;
	}
	return status;
}

/* ---- the report ---- */

/* How many events were published, and where to continue if not all were. */
static void
describe(const struct run *r, bool cut, char *out, size_t size)
{
	const struct publisher *sum = &r->link.publisher;
	const char *unit = input_unit(&r->input);
	int n;

	if (!r->link.wampd) {
		(void)snprintf(out, size, "%" PRIu64 " event%s sent; this "
		    "server does not acknowledge events", sum->sent,
		    sum->sent == 1 ? "" : "s");
		return;
	}
	n = snprintf(out, size, "%" PRIu64 " of %" PRIu64 " events "
	    "acknowledged, %" PRIu64 " deliver%s", sum->accepted, sum->sent,
	    sum->delivered, sum->delivered == 1 ? "y" : "ies");
	if (cut && unit != NULL)
		(void)snprintf(out + n, size - (size_t)n,
		    "; continue with --from-%s %" PRIu64,
		    r->input.end == RECORDS_CUT ? "value" : "line",
		    sum->acked_mark + 1);
}

static void
run_report(const struct run *r, enum exit_status status, struct errbuf *e)
{
	struct errbuf why = *e;
	char text[256];

	describe(r, status != EXIT_DONE || r->link.signo != 0, text,
	    sizeof(text));
	if (r->link.signo != 0)
		err_set(e, "%s (%s)", r->link.signo == SIGINT ?
		    "interrupted" : "terminated", text);
	else if (status == EXIT_LOST || status == EXIT_TIMEOUT ||
	    (status == EXIT_REFUSED && input_unit(&r->input) != NULL &&
	    (r->input.end != RECORDS_CUT || r->link.publisher.sent > 1)))
		err_set(e, "%.*s (%s)", (int)utf8_fit(slice_str(why.msg),
		    sizeof(why.msg) - sizeof(text)), why.msg, text);
	else if (r->o->tool.where.verbose)
		tool_say(&r->o->tool, "%s", text);
}

enum exit_status
pub_run(struct pub_options *o, int *signo, struct errbuf *e)
{
	struct run r = { .o = o, .link = { .signals = -1, .watch = -1 } };
	enum exit_status status;

	progress_start(&r.progress, o->tool.where.quiet ||
	    o->tool.where.trace);
	r.began_us = clock_us();
	if ((status = run_prepare(&r, e)) == EXIT_DONE &&
	    (status = run_open(&r, e)) == EXIT_DONE) {
		status = run_all(&r, e);
		if (status != EXIT_DONE)
			link_signal(&r.link);
		progress_end(&r.progress);
		if (!o->dry_run)
			run_report(&r, status, e);
	}
	*signo = r.link.signo;
	link_clear(&r.link);
	event_clear(&r.maker);
	input_clear(&r.input);
	buf_clear(&r.topic_json);
	return status;
}
