/*
 * link.c: sends the messages, and does all waiting.
 */
#include "pub/link.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/line.h"
#include "base/stop.h"
#include "client/transport.h"
#include "proto/wamp1.h"

#define STOP_BOUND_MS	2000	/* to wait for the server after a signal */
#define SETTLE_EACH_MS	1000	/* while events are delayed */
#define DRY_GATHER	(64u << 10)	/* bytes of output to write at once */

/* ---- signals and input ---- */

static int
watch_open(struct link *l, struct errbuf *e)
{
	struct epoll_event ready = { .events = EPOLLIN };

	if ((l->signals = stop_open(e)) == -1)
		return -1;
	if ((l->watch = epoll_create1(EPOLL_CLOEXEC)) == -1 ||
	    epoll_ctl(l->watch, EPOLL_CTL_ADD, l->signals, &ready) == -1) {
		err_set_errno(e, "epoll");
		return -1;
	}
	return 0;
}

/* Watch this input instead of the previous one.  false: it is a file, for which
 * nobody has to wait. */
static bool
watch_input(struct link *l, int fd)
{
	struct epoll_event ready = { .events = EPOLLIN };

	/* If it is closed, the kernel has removed it already. */
	if (l->watched != fd && l->watched != -1)
		(void)epoll_ctl(l->watch, EPOLL_CTL_DEL, l->watched, NULL);
	l->watched = fd;
	return epoll_ctl(l->watch, EPOLL_CTL_ADD, fd, &ready) == 0 ||
	    errno == EEXIST;
}

void
link_signal(struct link *l)
{
	if (l->signo != 0 || l->signals == -1)
		return;
	l->signo = stop_taken(l->signals);
	/* The descriptor is not readable any more, so tell the client. */
	if (l->signo != 0 && l->client != NULL)
		client_bound(l->client, STOP_BOUND_MS);
}

/* ---- the connection ---- */

static struct client_events
link_events(struct link *l)
{
	return (struct client_events){ .refused = publisher_refused,
	    .arg = &l->publisher };
}

/* Use a new client. */
static enum exit_status
link_attach(struct link *l, struct errbuf *e)
{
	client_wake(l->client, l->signals, STOP_BOUND_MS);
	return publisher_attach(&l->publisher, l->client, e);
}

enum exit_status
link_open(struct link *l, struct pub_options *o, struct progress *progress,
    bool streams, struct errbuf *e)
{
	struct client_events events = link_events(l);
	enum exit_status status;

	*l = (struct link){ .o = o, .signals = -1, .watch = -1,
	    .watched = -1, .progress = progress,
	    .publisher = { .opts = &o->how } };
	tool_retry_init(&o->tool, &l->retry, 0);
	o->how.keep = l->retry.tries > 0;
	status = o->dry_run ? routed_read(&o->routed, &o->tool, e) :
	    routed_open(&o->routed, &o->tool, &l->client, &events, e);
	if (status != EXIT_DONE)
		return status;
	if (streams && watch_open(l, e) == -1)
		return EXIT_WORK;
	l->settled_ms = clock_ms();
	if (o->dry_run)
		return publisher_address(&l->publisher, "", e);
	l->wampd = client_is_wampd(l->client);
	return link_attach(l, e);
}

static enum exit_status
link_reopen(struct link *l, struct errbuf *e)
{
	struct client_events events = link_events(l);
	enum exit_status status;

	progress_hide(l->progress);
	/* The old client is freed, and the new one may get messages before it
	 * is attached. */
	l->publisher.client = NULL;
	status = tool_reopen(&l->o->tool, &l->client, &events, &l->retry,
	    l->signals, e);
	if (l->client == NULL) {
		link_signal(l);
		/* In any case the work is not done. */
		return EXIT_LOST;
	}
	if (!client_is_wampd(l->client)) {
		err_set(e, "the server is not wampd any more");
		return EXIT_REFUSED;
	}
	if (l->publisher.unacked > 0)
		tool_say(&l->o->tool, "sending %" PRIu64 " event%s again that "
		    "%s not acknowledged", l->publisher.unacked,
		    l->publisher.unacked == 1 ? "" : "s",
		    l->publisher.unacked == 1 ? "was" : "were");
	return status == EXIT_DONE ? link_attach(l, e) : status;
}

/* If status says that the connection was lost, open a new one and send the
 * events in doubt again. */
static enum exit_status
link_mend(struct link *l, enum exit_status status, struct errbuf *e)
{
	while ((status == EXIT_LOST || status == EXIT_TIMEOUT) &&
	    l->wampd && l->retry.tries > 0 && l->client != NULL) {
		link_signal(l);
		if (l->signo != 0)
			break;
		if (l->publisher.accepted > l->lost_at)
			retry_reset(&l->retry);
		l->lost_at = l->publisher.accepted;
		status = link_reopen(l, e);
	}
	return status;
}

/* Wait until fd is readable or clock_ms() reaches until_ms, and handle messages
 * of the server in the meantime. */
static enum exit_status
link_wait(struct link *l, int64_t until_ms, int fd, bool *ready,
    struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;

	*ready = false;
	if (l->client != NULL)
		status = link_mend(l, client_wait(l->client, until_ms, fd,
		    ready, e), e);
	else
		(void)transport_poll(-1, 0, until_ms, fd, ready);
	if (*ready)
		link_signal(l);
	return status;
}

/* ---- events ---- */

/* Print one message a line. */
static enum exit_status
link_print(struct link *l, struct slice topic_json, struct slice event,
    struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	size_t start = l->out.len;

	if (wamp1_join(&l->out, parts, publisher_message(&l->publisher,
	    parts, topic_json, event)) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	line_blank(l->out.data + start, l->out.len - start);
	if (buf_add_char(&l->out, '\n') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return l->out.len < DRY_GATHER ? EXIT_DONE :
	    tool_print_text(&l->out, e);
}

enum exit_status
link_settle(struct link *l, struct errbuf *e)
{
	enum exit_status status;

	l->settled_ms = clock_ms();
	if (l->o->dry_run)
		return tool_print_text(&l->out, e);
	do
		status = link_mend(l, publisher_acknowledge(&l->publisher,
		    e), e);
	while (status == EXIT_DONE && l->publisher.unacked > 0);
	return status;
}

enum exit_status
link_send(struct link *l, struct slice topic_json, struct slice event,
    struct errbuf *e)
{
	enum exit_status status;

	if (l->o->dry_run)
		return link_print(l, topic_json, event, e);
	/* Acknowledge before an event, not after it: by now the record of the
	 * last event is marked as done. */
	if (publisher_due(&l->publisher) &&
	    (status = link_settle(l, e)) != EXIT_DONE)
		return status;
	return link_mend(l, publisher_send(&l->publisher, topic_json, event,
	    e), e);
}

enum exit_status
link_finish(struct link *l, struct errbuf *e)
{
	struct client *c = l->client;

	l->client = NULL;
	return c == NULL ? EXIT_DONE : publisher_finish(&l->publisher, e);
}

void
link_clear(struct link *l)
{
	client_free(l->client);
	publisher_clear(&l->publisher);
	buf_clear(&l->out);
	if (l->watch != -1)
		(void)close(l->watch);
	if (l->signals != -1)
		(void)close(l->signals);
}

/* ---- waiting ---- */

/* When to ask whether the server is still there.  A server that hangs is
 * silent, and we may have to wait for hours. */
static int64_t
link_patience(const struct link *l)
{
	int64_t ms = l->client != NULL ? client_timeout(l->client) : 0;

	return ms > 0 ? clock_ms() + ms : -1;
}

/* A long wait until fd is readable or clock_ms() reaches until_ms (-1:
 * never). */
static enum exit_status
link_idle(struct link *l, int64_t until_ms, int fd, bool *ready,
    struct errbuf *e)
{
	enum exit_status status;
	int64_t ask_ms;

	do {
		ask_ms = link_patience(l);
		if (ask_ms == -1 || (until_ms >= 0 && until_ms <= ask_ms))
			ask_ms = until_ms;
		status = link_wait(l, ask_ms, fd, ready, e);
		if (status == EXIT_DONE && !*ready && ask_ms != until_ms)
			status = link_mend(l, publisher_probe(&l->publisher,
			    e), e);
	} while (status == EXIT_DONE && !*ready &&
	    !transport_expired(until_ms));
	return status;
}

enum exit_status
link_await(struct link *l, int fd, struct errbuf *e)
{
	bool pollable = watch_input(l, fd), ready;
	enum exit_status status;

	status = link_wait(l, 0, pollable ? l->watch : l->signals, &ready, e);
	if (!pollable || ready || status != EXIT_DONE)
		return status;
	status = link_settle(l, e);
	return status == EXIT_DONE ? link_idle(l, -1, l->watch, &ready, e) :
	    status;
}

enum exit_status
link_pause(struct link *l, int64_t us, struct errbuf *e)
{
	int64_t until = (clock_us() + us + 999) / 1000;
	enum exit_status status = EXIT_DONE;
	bool ready;

	/* Not after each event: the answer of a distant server takes time. */
	if (until - l->settled_ms >= SETTLE_EACH_MS)
		status = link_settle(l, e);
	return status == EXIT_DONE ? link_idle(l, until, l->signals, &ready,
	    e) : status;
}
