/*
 * wamp-sub.c: print events, one JSON value a line.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/utf8.h"
#include "proto/wamp1.h"
#include "client/output.h"
#include "client/routed.h"
#include "client/tool.h"

#define SUB_GATHER	(64u << 10)	/* bytes of output in one go */
#define SUB_LAST_STALL	1000		/* ms for stdout's reader to go on
					 * once a signal ends us */

struct sub {
	struct tool tool;
	struct routed routed;
	/* options */
	int64_t	    limit;		/* -C; 0: none */
	int64_t	    within_ms, idle_ms;	/* -1: none */
	bool	    exit_ready;
	const char *ready_file;
	int64_t	    ready_fd;		/* -1: none */
	struct output_format format;
	/* work */
	struct client *client;
	int	    signals;		/* signalfd of SIGINT and SIGTERM */
	int	    stall_ms;		/* longest wait for stdout; -1: none */
	int64_t	    end_ms;		/* of clock_ms(), -1: none */
	int64_t	    last_ms;		/* when there was an event */
	int64_t	    count;		/* events taken */
	struct buf  out;
	enum exit_status status;	/* of what went wrong in a callback */
	struct errbuf why;
};

/* ---- output ---- */

/* How much to write next: at most what a pipe that polls writable takes
 * without blocking, and whole records when that holds one. */
static size_t
sub_chunk(const struct sub *s, size_t done)
{
	size_t n = s->out.len - done;
	const char *start = s->out.data + done, *end;

	if (n <= PIPE_BUF)
		return n;
	end = memrchr(start, s->format.nul ? '\0' : '\n', PIPE_BUF);
	return end != NULL ? (size_t)(end - start) + 1 : PIPE_BUF;
}

/* Write out what was gathered.  It never blocks but in poll(), so that a
 * reader that has stopped cannot keep a signal from ending us. */
static enum exit_status
sub_flush(struct sub *s, struct errbuf *e)
{
	struct pollfd p[2] = { { STDOUT_FILENO, POLLOUT, 0 },
	    { s->signals, POLLIN, 0 } };
	size_t done = 0, n;
	int ready;

	while (done < s->out.len) {
		if ((ready = poll(p, 2, s->stall_ms)) == -1) {
			if (errno == EINTR)
				continue;
			return tool_print_failed(e);
		}
		/* A signal: sub_signal() takes it from here. */
		if (ready == 0 || p[0].revents == 0)
			break;
		n = sub_chunk(s, done);
		if (io_write_all(STDOUT_FILENO, s->out.data + done, n) == -1)
			return tool_print_failed(e);
		done += n;
	}
	buf_consume(&s->out, done);
	return EXIT_DONE;
}

static void
sub_failed(struct sub *s, enum exit_status status)
{
	if (s->status == EXIT_DONE)
		s->status = status;
}

static bool
sub_done(const struct sub *s)
{
	return s->status != EXIT_DONE ||
	    (s->limit > 0 && s->count == s->limit);
}

static void
on_event(void *arg, const struct wamp_msg *m)
{
	struct sub *s = arg;

	if (sub_done(s))
		return;
	s->count++;
	if (output_event(&s->out, &s->format, m) == -1) {
		err_set(&s->why, "out of memory");
		sub_failed(s, EXIT_WORK);
	} else if (s->out.len >= SUB_GATHER) {
		sub_failed(s, sub_flush(s, &s->why));
	}
}

static void
on_refused(void *arg, const struct wamp_msg *m)
{
	struct sub *s = arg;

	if (s->status == EXIT_DONE) {
		client_explain(&s->why, m->uri.text, m->desc.text);
		err_wrap(&s->why, "%.*s", (int)m->id.text.len, m->id.text.p);
	}
	sub_failed(s, EXIT_REFUSED);
}

/* ---- subscribing ---- */

static enum exit_status
sub_ready(struct sub *s, struct errbuf *e)
{
	const char *session = client_session(s->client);
	struct buf line = { 0 };
	enum exit_status status = EXIT_WORK;

	if (buf_addf(&line, "%s\n", session) == -1) {
		err_set(e, "out of memory");
		goto out;
	}
	if (s->ready_file != NULL && io_replace_file(s->ready_file,
	    buf_slice(&line), 0644, e) == -1) {
		err_wrap(e, "%s", s->ready_file);
		goto out;
	}
	if (s->ready_fd >= 0 &&
	    (io_write_all((int)s->ready_fd, line.data, line.len) == -1 ||
	    close((int)s->ready_fd) == -1)) {
		err_set_errno(e, "--ready-fd %" PRId64, s->ready_fd);
		goto out;
	}
	status = EXIT_DONE;
out:
	buf_clear(&line);
	return status;
}

/* Subscribe to all.  wampd handles a session's messages in order: its answer
 * to the barrier proves that they stand.  Others give no sign. */
static enum exit_status
sub_subscribe(struct sub *s, const struct opt_list *topics, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	struct buf topic = { 0 };
	struct client_answer a;
	enum exit_status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < topics->n && status == EXIT_DONE; i++) {
		buf_reset(&topic);
		status = tool_quote(&topic, topics->v[i], "TOPIC", e);
		if (status == EXIT_DONE)
			status = client_send(s->client, parts,
			    wamp1_subscribe(parts, buf_slice(&topic)), e);
	}
	buf_clear(&topic);
	if (status != EXIT_DONE)
		return status;
	if (!client_is_wampd(s->client))
		return client_flush(s->client, e);
	return client_call(s->client, SLICE("wampd.barrier"), SLICE(""), &a,
	    e);
}

/* ---- the run ---- */

/* The signal that shall end us, or 0. */
static int
sub_signal(const struct sub *s)
{
	struct signalfd_siginfo info;

	if (read(s->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	return (int)info.ssi_signo;
}

/* Die of it as if it had never been caught, so that a shell sees it too. */
static void
sub_die(int signo)
{
	sigset_t one;

	(void)sigemptyset(&one);
	(void)sigaddset(&one, signo);
	(void)raise(signo);
	(void)sigprocmask(SIG_UNBLOCK, &one, NULL);
}

/* When the next of -W and --idle is due; -1: never. */
static int64_t
sub_deadline(const struct sub *s)
{
	int64_t idle = s->idle_ms < 0 ? -1 : s->last_ms + s->idle_ms;

	if (s->end_ms < 0 || (idle >= 0 && idle < s->end_ms))
		return idle;
	return s->end_ms;
}

static bool
sub_expired(const struct sub *s)
{
	int64_t until = sub_deadline(s);

	return until >= 0 && clock_ms() >= until;
}

/* Time is up: that is the work done, unless a number of events was asked. */
static enum exit_status
sub_time_up(const struct sub *s, struct errbuf *e)
{
	if (s->limit == 0)
		return EXIT_DONE;
	err_set(e, "timed out with %" PRId64 " of %" PRId64 " events",
	    s->count, s->limit);
	return EXIT_TIMEOUT;
}

/* Take in what is there; flush, and wait, only when there is nothing. */
static enum exit_status
sub_step(struct sub *s, struct errbuf *e)
{
	int64_t before = s->count;
	enum exit_status status;

	status = client_wait(s->client, 0, -1, NULL, e);
	if (status == EXIT_DONE && s->count == before && !sub_done(s)) {
		status = sub_flush(s, e);
		if (status == EXIT_DONE)
			status = client_wait(s->client, sub_deadline(s),
			    s->signals, NULL, e);
	}
	if (s->count != before)
		s->last_ms = clock_ms();
	return status;
}

/* Until a limit, a failure or a signal.  The signals are held only here: a
 * connection that does not come about has nothing to flush. */
static enum exit_status
sub_receive(struct sub *s, int *signo, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	sigset_t both;

	(void)sigemptyset(&both);
	(void)sigaddset(&both, SIGINT);
	(void)sigaddset(&both, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &both, NULL) == -1 ||
	    (s->signals = signalfd(-1, &both, SFD_CLOEXEC | SFD_NONBLOCK)) ==
	    -1) {
		err_set_errno(e, "signalfd");
		return EXIT_WORK;
	}
	s->last_ms = clock_ms();
	while (status == EXIT_DONE && !sub_done(s) &&
	    (*signo = sub_signal(s)) == 0) {
		if (sub_expired(s))
			return sub_time_up(s, e);
		status = sub_step(s, e);
	}
	return status;
}

static enum exit_status
sub_run(struct sub *s, struct opt_list *topics, struct errbuf *e)
{
	struct client_events events = { on_event, on_refused, s };
	enum exit_status status, flushed;
	struct errbuf why;
	int signo = 0;

	if (s->within_ms >= 0)
		s->end_ms = clock_ms() + s->within_ms;
	status = routed_open(&s->routed, &s->tool, &s->client, &events, e);
	if (status == EXIT_DONE && s->routed.topic != NULL &&
	    opt_list_add(topics, s->routed.topic) == -1) {
		err_set(e, "out of memory");
		status = EXIT_WORK;
	}
	if (status == EXIT_DONE)
		status = sub_subscribe(s, topics, e);
	if (status == EXIT_DONE && s->status == EXIT_DONE)
		status = sub_ready(s, e);
	if (status == EXIT_DONE && !s->exit_ready)
		status = sub_receive(s, &signo, e);
	if (s->status != EXIT_DONE) {
		*e = s->why;
		status = s->status;
	}
	/* Whatever ended it: what came before is printed. */
	if (signo != 0) {
		s->stall_ms = SUB_LAST_STALL;
		(void)close(s->signals);
		s->signals = -1;
	}
	flushed = sub_flush(s, &why);
	if (flushed != EXIT_DONE && status == EXIT_DONE) {
		*e = why;
		status = flushed;
	}
	if (signo != 0)
		sub_die(signo);
	if (status == EXIT_DONE)
		tool_close(&s->tool, s->client);
	else
		client_free(s->client);
	return status;
}

/* ---- the command line ---- */

static enum exit_status
sub_usage(const struct sub *s, const struct opt_list *topics,
    struct errbuf *e)
{
	const struct output_format *f = &s->format;
	size_t i;

	if (topics->n == 0 && s->routed.route == NULL)
		err_set(e, "need TOPIC");
	else if (f->object && (f->topic || f->raw))
		err_set(e, "-j and -t or -r exclude each other");
	else if (s->exit_ready && (s->limit > 0 || s->within_ms >= 0 ||
	    s->idle_ms >= 0))
		err_set(e, "-E and -C, -W or --idle exclude each other");
	for (i = 0; i < topics->n && e->msg[0] == '\0'; i++)
		if (topics->v[i][0] == '\0')
			err_set(e, "TOPIC is empty");
		else if (!utf8_valid(slice_str(topics->v[i])))
			err_set(e, "TOPIC is not UTF-8");
	return e->msg[0] == '\0' ? EXIT_DONE : EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct sub s = { .tool = { "wamp-sub", TARGET_OPTS_INIT },
	    .within_ms = -1, .idle_ms = -1, .ready_fd = -1, .signals = -1,
	    .stall_ms = -1, .end_ms = -1 };
	const struct opt rows[] = {
		{ 'C', "count", OPT_INT, "N", .at = &s.limit, .min = 1,
		  .max = INT64_MAX, .help = "stop after N events" },
		{ 'W', "within", OPT_DURATION, "SECONDS", .at = &s.within_ms,
		  .help = "stop after SECONDS in all" },
		{ .long_name = "idle", .type = OPT_DURATION, .arg = "SECONDS",
		  .at = &s.idle_ms, .help = "stop after SECONDS of silence" },
		{ 'E', "exit-ready", OPT_FLAG, .at = &s.exit_ready,
		  .help = "stop as soon as subscribed" },
		{ 't', "topic", OPT_FLAG, .at = &s.format.topic,
		  .help = "print topic, tab, event" },
		{ 'j', "json", OPT_FLAG, .at = &s.format.object,
		  .help = "print objects with time, topic and event" },
		{ 'r', "raw", OPT_FLAG, .at = &s.format.raw,
		  .help = "print strings without their quotes" },
		{ '0', "null-ended", OPT_FLAG, .at = &s.format.nul,
		  .help = "end events with NUL, not newline" },
		{ .long_name = "ready-file", .type = OPT_STRING,
		  .arg = "FILE", .at = &s.ready_file, .complete = OPT_C_FILE,
		  .help = "create FILE when subscribed" },
		{ .long_name = "ready-fd", .type = OPT_INT, .arg = "N",
		  .at = &s.ready_fd, .max = INT_MAX,
		  .help = "write a line to descriptor N when subscribed" },
		ROUTED_ROWS(&s.routed),
		TARGET_ROWS(&s.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-sub",
		.synopsis = "[options] TOPIC...",
		.summary = "Print the events of topics, one a line.",
		.rows = rows,
		.operand = OPT_C_TOPIC,
		.each = true,
	};
	struct opt_list topics = { 0 };
	struct errbuf e = { "" };
	enum exit_status status;

	if (!tool_parse(&s.tool, &spec, argc, argv, &topics, &status))
		return (int)status;
	status = routed_take(&s.routed, &topics, &e);
	if (status == EXIT_DONE)
		status = sub_usage(&s, &topics, &e);
	if (status == EXIT_DONE)
		status = sub_run(&s, &topics, &e);
	free(topics.v);
	buf_clear(&s.out);
	routed_clear(&s.routed);
	if (s.signals != -1)
		(void)close(s.signals);
	return tool_end(&s.tool, status, &e);
}
