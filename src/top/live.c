/*
 * live.c: the table of wamp-top on a terminal: looking again and again, and
 * connecting again.
 */
#include "top/live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/stop.h"
#include "client/transport.h"
#include "top/screen.h"

#define WAKE_MS	1000	/* longest wait for the broker after a signal */

/* ---- what it waits for ---- */

static int
watch(int events, int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(events, EPOLL_CTL_ADD, fd, &ev);
}

static int
events_open(struct live *l, struct errbuf *e)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGWINCH);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	l->resized = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	l->events = epoll_create1(EPOLL_CLOEXEC);
	if (l->resized != -1 && l->events != -1 &&
	    watch(l->events, STDIN_FILENO) == 0 &&
	    watch(l->events, l->top->signals) == 0 &&
	    watch(l->events, l->resized) == 0)
		return 0;
	err_set_errno(e, "the terminal cannot be watched");
	return -1;
}

/* ---- the connection ---- */

static void
lose(struct live *l, const struct errbuf *why)
{
	int64_t now = clock_ms(), wait = retry_next(&l->retry, now);

	client_free(l->top->client);
	l->top->client = NULL;
	answer_forget(&l->top->answer);
	l->lost = true;
	l->due = now + wait;
	err_set(&l->said, "connection lost, reconnecting in %.1f s: %s",
	    (double)wait / 1e3, why->msg);
	if (wait == -1)
		l->quit = true;
}

static bool
may_come_back(enum exit_status status)
{
	return status == EXIT_LOST || status == EXIT_TIMEOUT ||
	    status == EXIT_CONNECT;
}

/* One attempt to connect, which a key or a signal ends. */
static enum exit_status
reconnect(struct live *l, struct errbuf *e)
{
	static const struct client_events none;
	static const struct retry_opts once = { .tries = 1, .delay_ms = 0,
	    .max_time_ms = 0 };
	struct top *t = l->top;
	struct retry retry = l->retry;
	enum exit_status status;

	retry_init(&retry, &once, 1, l->retry.dice);
	status = tool_reopen(&t->tool, &t->client, &none, &retry, l->events,
	    e);
	if (status == EXIT_DONE && t->client != NULL) {
		client_wake(t->client, t->signals, WAKE_MS);
		l->lost = false;
		l->said.msg[0] = '\0';
	}
	return status;
}

/* ---- looking ---- */

/* The row that was chosen may be elsewhere now. */
static void
find_chosen(struct live *l)
{
	const struct rows *r = &l->top->answer.rows;
	size_t i;

	for (i = 0; l->key.len > 0 && i < r->n; i++)
		if (slice_eq(row_key(r, &r->v[i]), buf_slice(&l->key))) {
			l->chosen = i;
			return;
		}
}

static enum exit_status
look(struct live *l, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	int64_t now;

	l->wanted = false;
	if (l->lost)
		status = reconnect(l, e);
	if (status != EXIT_DONE || l->top->client == NULL)
		return status;
	if ((status = top_ask(l->top, e)) != EXIT_DONE)
		return status;
	retry_reset(&l->retry);
	l->asked = true;
	find_chosen(l);
	now = clock_ms();
	l->due += l->top->interval_ms;
	if (l->due <= now)
		l->due = now + l->top->interval_ms;
	return EXIT_DONE;
}

/* Nothing is due while it is paused; but what the user asks for is. */
static bool
is_due(const struct live *l)
{
	return l->paused && !l->lost ? l->wanted : clock_ms() >= l->due;
}

/* ---- the user ---- */

static enum exit_status
read_keys(struct live *l, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	int key;

	while (status == EXIT_DONE && !l->quit &&
	    (key = screen_key()) != SCREEN_NONE)
		status = keys_obey(l, key, e);
	return status;
}

static void
drop_resizes(int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		;
	screen_resize();
}

static enum exit_status
hear(struct live *l, struct errbuf *e)
{
	struct epoll_event ev[3];
	enum exit_status status = EXIT_DONE;
	int i, n = epoll_wait(l->events, ev, 3, 0);

	for (i = 0; i < n && status == EXIT_DONE; i++) {
		if (ev[i].data.fd == l->top->signals) {
			l->top->signo = stop_taken(l->top->signals);
			l->quit = l->quit || l->top->signo != 0;
		} else if (ev[i].data.fd == l->resized) {
			drop_resizes(l->resized);
		} else if (ev[i].events & (EPOLLHUP | EPOLLERR)) {
			err_set(e, "the terminal is gone");
			status = EXIT_WORK;
		} else {
			status = read_keys(l, e);
		}
	}
	return status;
}

/* Wait until something is due, or the user has done something. */
static enum exit_status
wait_for_user(struct live *l, struct errbuf *e)
{
	int64_t until = l->paused && !l->lost ? -1 : l->due;
	struct pollfd p = { .fd = l->events, .events = POLLIN };
	bool woken = false;

	if (l->top->client != NULL)
		return client_wait(l->top->client, until, l->events, &woken,
		    e);
	(void)poll(&p, 1, transport_timeout(until));
	return EXIT_DONE;
}

static enum exit_status
step(struct live *l, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;

	if (is_due(l))
		status = look(l, e);
	if (status == EXIT_DONE && draw(l) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	if (status == EXIT_DONE)
		status = wait_for_user(l, e);
	return status == EXIT_DONE ? hear(l, e) : status;
}

static void
live_clear(struct live *l)
{
	if (l->events != -1)
		close(l->events);
	if (l->resized != -1)
		close(l->resized);
	buf_clear(&l->line);
	buf_clear(&l->key);
	buf_clear(&l->details);
}

enum exit_status
live_run(struct top *t, struct errbuf *e)
{
	const struct look_opts look = { .color = t->opt.color };
	struct live l = { .top = t, .events = -1, .resized = -1 };
	bool quiet = t->tool.where.quiet;
	enum exit_status status = EXIT_WORK;

	tool_retry_init(&t->tool, &l.retry, RETRY_FOREVER);
	client_wake(t->client, t->signals, WAKE_MS);
	l.due = clock_ms();
	/* The first answer may be a refusal, which needs no screen. */
	if ((status = top_ask(t, e)) != EXIT_DONE)
		return status;
	l.asked = true;
	if (events_open(&l, e) == -1 ||
	    screen_begin(look_resolve(&look).colour, e) == -1) {
		live_clear(&l);
		return EXIT_WORK;
	}
	t->tool.where.quiet = true;	/* lines would spoil the screen */
	while (!l.quit && (status == EXIT_DONE || may_come_back(status))) {
		status = step(&l, e);
		if (may_come_back(status))
			lose(&l, e);
	}
	screen_end();
	t->tool.where.quiet = quiet;
	live_clear(&l);
	return t->signo != 0 ? EXIT_DONE : status;
}
