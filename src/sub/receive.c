/*
 * receive.c: the run: wait, stop, connect again.
 */
#include "sub/receive.h"

#include <inttypes.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "client/transport.h"
#include "sub/sub.h"
#include "sub/subscribe.h"
#include "sub/take.h"

#define LAST_STALL	1000	/* ms to wait for stdout's reader after a
				 * signal */

static void
on_event(void *arg, const struct wamp_msg *m)
{
	take_event(arg, m);
}

static void
on_refused(void *arg, const struct wamp_msg *m)
{
	struct sub *s = arg;
	struct slice topic;

	if (s->status == EXIT_DONE) {
		topic = json_inside(m->id.text);
		client_explain(&s->why, m->uri.text, m->desc.text);
		err_wrap(&s->why, "%.*s", (int)topic.len, topic.p);
	}
	sub_failed(s, EXIT_REFUSED);
}

static void
on_skipped(void *arg, const char *what)
{
	struct sub *s = arg;

	tool_say(&s->tool, "skipped an event: %s", what);
	s->faulty = true;
}

/* ---- stops ---- */

/* When -W or --idle ends the run; -1: never. */
static int64_t
run_deadline(const struct sub *s)
{
	int64_t idle = s->opt.idle_ms < 0 ? -1 : s->last_ms + s->opt.idle_ms;

	if (s->end_ms < 0 || (idle >= 0 && idle < s->end_ms))
		return idle;
	return s->end_ms;
}

/* Time is up: success, unless -C asked for more events. */
static enum exit_status
run_time_up(const struct sub *s, struct errbuf *e)
{
	if (s->opt.limit == 0)
		return EXIT_DONE;
	err_set(e, "timed out with %" PRId64 " of %" PRId64 " events",
	    s->count, s->opt.limit);
	return EXIT_TIMEOUT;
}

static bool
run_is_over(const struct sub *s)
{
	return sub_done(s) || transport_expired(run_deadline(s));
}

/* ---- receiving ---- */

/* Take the events that are there.  If there are none, flush and wait. */
static enum exit_status
run_step(struct sub *s, struct errbuf *e)
{
	int64_t before = s->count;
	enum exit_status status;

	status = client_wait(s->client, 0, -1, NULL, e);
	take_settle(s);
	if (status == EXIT_DONE && s->count == before && !sub_done(s)) {
		status = sink_flush(&s->sink, e);
		if (status == EXIT_DONE)
			status = client_wait(s->client, run_deadline(s),
			    s->signals, NULL, e);
	}
	if (s->count != before) {
		s->last_ms = clock_ms();
		s->heard_ms = clock_boot_ms();
	}
	return status;
}

static enum exit_status
run_receive(struct sub *s, struct retry *r, struct errbuf *e)
{
	int64_t before = s->count;
	enum exit_status status = EXIT_DONE;

	while (status == EXIT_DONE && !run_is_over(s)) {
		status = run_step(s, e);
		if (s->signo == 0)
			s->signo = stop_taken(s->signals);
		if (s->count != before)
			retry_reset(r);
	}
	return status;
}

/* Subscribe, and take events until the connection is lost or the run is
 * over. */
static enum exit_status
run_connection(struct sub *s, struct retry *r, struct errbuf *e)
{
	enum exit_status status = subscribe_all(s, e);

	s->heard_ms = clock_boot_ms();
	if (status == EXIT_DONE && s->status == EXIT_DONE && s->signo == 0)
		status = subscribe_tell(s, e);
	if (status != EXIT_DONE || s->opt.exit_ready || s->opt.retained_only)
		return status;
	/* The server has answered, so the connection works. */
	if (client_is_wampd(s->client))
		retry_reset(r);
	return run_receive(s, r, e);
}

/* ---- connecting again ---- */

static int
watch(int epoll, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev);
}

/* A descriptor that becomes readable when a signal comes or the run is over,
 * for use while there is no connection.  *timer belongs to it. */
static int
wake_open(const struct sub *s, int *timer, struct errbuf *e)
{
	int64_t due = run_deadline(s), left = due - clock_ms();
	struct itimerspec when = { 0 };
	int fd;

	if (left < 1)
		left = 1;
	when.it_value.tv_sec = left / 1000;
	when.it_value.tv_nsec = left % 1000 * 1000000;
	*timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	fd = epoll_create1(EPOLL_CLOEXEC);
	if (*timer != -1 && fd != -1 && watch(fd, *timer) == 0 &&
	    watch(fd, s->signals) == 0 &&
	    (due < 0 || timerfd_settime(*timer, 0, &when, NULL) == 0))
		return fd;
	err_set_errno(e, "cannot wait for a connection");
	if (fd != -1)
		(void)close(fd);
	if (*timer != -1)
		(void)close(*timer);
	return -1;
}

/* *e says how the connection was lost.  EXIT_DONE: there is a new one, or the
 * run is over. */
static enum exit_status
run_reconnect(struct sub *s, const struct client_events *events,
    struct retry *r, struct errbuf *e)
{
	int64_t lost_ms = client_lost_at(s->client);
	enum exit_status status;
	struct errbuf why;
	int wake, timer;

	if ((status = sink_flush(&s->sink, &why)) != EXIT_DONE) {
		*e = why;
		return status;
	}
	if ((wake = wake_open(s, &timer, &why)) == -1) {
		*e = why;
		return EXIT_WORK;
	}
	status = tool_reopen(&s->tool, &s->client, events, r, wake, e);
	(void)close(wake);
	(void)close(timer);
	s->signo = stop_taken(s->signals);
	s->again = true;
	if (s->client != NULL)
		tool_say(&s->tool, "had no connection for %.1f s: events may "
		    "have been missed",
		    (double)(clock_boot_ms() - lost_ms) / 1000);
	return status;
}

/* Whether to connect again. */
static bool
run_goes_on(const struct sub *s)
{
	return !s->opt.no_reconnect && !s->opt.exit_ready &&
	    !s->opt.retained_only && !run_is_over(s);
}

static enum exit_status
run_all(struct sub *s, const struct client_events *events, struct errbuf *e)
{
	enum exit_status status;
	struct retry r;

	tool_retry_init(&s->tool, &r, RETRY_FOREVER);
	status = run_connection(s, &r, e);
	while (status == EXIT_LOST && run_goes_on(s)) {
		status = run_reconnect(s, events, &r, e);
		if (status != EXIT_DONE || s->client == NULL)
			break;
		status = run_connection(s, &r, e);
		/* A server that does not answer may recover, too. */
		if (status == EXIT_TIMEOUT)
			status = EXIT_LOST;
	}
	/* A connection that is lost when the run is over does not matter. */
	return status == EXIT_LOST && run_is_over(s) ? EXIT_DONE : status;
}

/* ---- the ends ---- */

/* Report the number of events, with -v. */
static void
run_count(struct sub *s)
{
	if (!s->tool.where.verbose)
		return;
	if (s->opt.fresh)
		tool_say(&s->tool, "%" PRId64 " event%s, %" PRId64
		    " retained skipped", s->count, s->count == 1 ? "" : "s",
		    s->left_out);
	else
		tool_say(&s->tool, "%" PRId64 " event%s", s->count,
		    s->count == 1 ? "" : "s");
}

/* Die of the signal, as if it had not been caught. */
static void
run_die(struct sub *s)
{
	run_count(s);
	stop_die(s->signo);
}

/* However the run ended: print all earlier events. */
static enum exit_status
run_end(struct sub *s, enum exit_status status, struct errbuf *e)
{
	enum exit_status flushed;
	struct errbuf why;

	take_settle(s);
	if (s->status != EXIT_DONE) {
		*e = s->why;
		status = s->status;
	} else if (status == EXIT_DONE && s->signo == 0 && !sub_done(s) &&
	    !s->opt.exit_ready && !s->opt.retained_only) {
		status = run_time_up(s, e);
	}
	if (s->signo != 0) {
		s->sink.signals = -1;
		s->sink.stall_ms = LAST_STALL;
	}
	flushed = sink_flush(&s->sink, &why);
	if (flushed != EXIT_DONE && status == EXIT_DONE) {
		*e = why;
		status = flushed;
	}
	if (s->signo != 0)
		run_die(s);
	return status;
}

enum exit_status
receive_run(struct sub *s, struct errbuf *e)
{
	const struct client_events events = { on_event, on_refused, s,
	    on_skipped };
	enum exit_status status;

	s->last_ms = clock_ms();
	if (s->opt.within_ms >= 0)
		s->tool.open_by_ms = s->end_ms =
		    s->last_ms + s->opt.within_ms;
	status = routed_open(&s->routed, &s->tool, &s->client, &events, e);
	if (status != EXIT_DONE)
		return status;
	/* Catch signals only now: before, there is nothing to print at the
	 * end. */
	if ((s->signals = stop_open(e)) == -1)
		return EXIT_WORK;
	s->sink.signals = s->signals;
	take_wake(s);
	s->last_ms = clock_ms();
	status = run_end(s, run_all(s, &events, e), e);
	run_count(s);
	if (status == EXIT_DONE)
		tool_close(&s->tool, s->client);
	else
		client_free(s->client);
	(void)close(s->signals);
	if (status == EXIT_DONE && s->faulty) {
		e->msg[0] = '\0';	/* each fault was reported */
		status = EXIT_WORK;
	}
	return status;
}
