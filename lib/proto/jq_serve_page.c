/*
 * jq_serve_page.c: what a jq worker and its asker share: answers on their way,
 * and what the worker is doing.
 */
#include "proto/jq_serve_page.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "proto/jq_serve.h"

#define SERVE_FLUSH_US	500	/* an answer waits no longer for others */
#define SERVE_PERIOD	5	/* ms of processor time between looks at it */
#define SERVE_STACK	(64u << 10)	/* bytes */
#define SERVE_SAID_MAX	4096	/* bytes that a program prints, gathered */

/* ---- the end ---- */

/* What signal handlers see. */
static struct {
	struct jq_page *page;
	volatile sig_atomic_t turn;	/* counts what is done */
	volatile sig_atomic_t seen;	/* turn, when the timer last fired */
	volatile sig_atomic_t spent;	/* periods since then */
	volatile sig_atomic_t limit;	/* periods */
	volatile sig_atomic_t writing;	/* the page is being changed */
	/* What they do not. */
	int64_t		flushed;	/* us */
	struct buf	frame;		/* scratch */
} now;

/* libjq aborts where it fails an assertion, and worse where it has none. */
static void
on_crash(int signo)
{
	(void)signo;
	atomic_store(&now.page->end, JQ_END_CRASH);
	(void)kill(getpid(), SIGKILL);
}

/* It does so, too, when it gets no memory, but asks first. */
void
serve_no_memory(void *arg)
{
	(void)arg;
	atomic_store(&now.page->end, JQ_END_MEMORY);
	(void)kill(getpid(), SIGKILL);
}

/* ---- what programs print ---- */

/* A program's words for stderr are gathered while it runs.  What libjq writes
 * there before it aborts is lost with it: the asker has words of its own. */
static char said[SERVE_SAID_MAX];
static size_t said_len;

static void
said_flush(void)
{
	if (said_len > 0)
		(void)io_write_all(STDERR_FILENO, said, said_len);
	said_len = 0;
}

static ssize_t
on_said(void *cookie, const char *text, size_t len)
{
	(void)cookie;
	if (len > sizeof(said) - said_len)
		said_flush();
	if (len > sizeof(said))
		(void)io_write_all(STDERR_FILENO, text, len);
	else
		memcpy(said + said_len, text, len);
	said_len += len > sizeof(said) ? 0 : len;
	return (ssize_t)len;
}
/* ---- what goes out ---- */

static void
serve_write(const void *p, size_t len)
{
	if (io_write_all(JQ_SERVE_SOCKET, p, len) == -1)
		_exit(0);	/* nobody wants it any more */
}

/* Also from within a signal handler.  filled first: what has been written must
 * never seem to follow. */
static void
page_flush(struct jq_page *page)
{
	uint32_t len = atomic_load(&page->filled);

	if (len == 0)
		return;
	serve_write(page->out, len);
	atomic_store(&page->filled, 0);
	atomic_fetch_add(&page->sent, len);
}

void
serve_flush(void)
{
	now.writing = 1;
	page_flush(now.page);
	now.writing = 0;
	now.flushed = clock_us();
}

void
serve_flush_due(int64_t us)
{
	if (us - now.flushed > SERVE_FLUSH_US)
		serve_flush();
}

void
serve_put(struct slice frame)
{
	struct jq_page *page = now.page;
	uint32_t filled;

	now.writing = 1;
	if (frame.len > sizeof(page->out) - atomic_load(&page->filled))
		page_flush(page);
	filled = atomic_load(&page->filled);
	if (frame.len > sizeof(page->out)) {
		serve_write(frame.p, frame.len);
		atomic_fetch_add(&page->sent, frame.len);
	} else {
		memcpy(page->out + filled, frame.p, frame.len);
		atomic_store(&page->filled, filled + (uint32_t)frame.len);
	}
	now.writing = 0;
}

void
serve_out_of_memory(void)
{
	serve_no_memory(NULL);
	abort();
}

void
serve_say(enum jq_kind kind, uint32_t seq, uint32_t n, uint32_t number,
    const char *text)
{
	struct buf *frame = &now.frame;
	size_t at;

	buf_reset(frame);
	if (jq_frame_begin(frame, kind, seq, n, &at) == -1 ||
	    buf_add(frame, &number, sizeof(number)) == -1 ||
	    buf_add_str(frame, text) == -1 ||
	    jq_frame_end(frame, at) == -1)
		serve_out_of_memory();
	serve_put(buf_slice(frame));
}
/* ---- time ---- */

/*
 * A period of the timer is over.  Whoever has worked all through it is slow:
 * what was found before him must not wait for him.  In the end he has taken too
 * long.
 */
static void
on_period(int signo, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)signo;
	(void)context;
	if (atomic_load(&now.page->busy) == 0 || now.turn != now.seen) {
		now.seen = now.turn;
		now.spent = 0;
		return;
	}
	now.spent += 1 + info->si_overrun;
	if (now.spent >= now.limit) {
		atomic_store(&now.page->end, JQ_END_TIME);
		(void)kill(getpid(), SIGKILL);
	}
	if (!now.writing)
		page_flush(now.page);
	errno = saved;
}

void
serve_begin(uint32_t what, uint32_t limit)
{
	now.turn = (now.turn + 1) & 0xffff;
	now.limit = (int)(limit / SERVE_PERIOD + 1);
	atomic_store_explicit(&now.page->running, what, memory_order_relaxed);
	atomic_store_explicit(&now.page->end, JQ_END_UNKNOWN,
	    memory_order_relaxed);
	atomic_store(&now.page->busy, 1);
}

void
serve_end(void)
{
	said_flush();
	atomic_store(&now.page->busy, 0);
}

/* ---- the start ---- */

static void
serve_signals(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	static const int crashes[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE,
	    SIGILL };
	static char room[SERVE_STACK];	/* the stack may be used up */
	const stack_t stack = { .ss_sp = room, .ss_size = sizeof(room) };
	const struct sigaction crash = { .sa_handler = on_crash,
	    .sa_flags = SA_ONSTACK };
	struct sigaction action = { .sa_sigaction = on_period,
	    .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
	    .sigev_signo = SIGPROF };
	const struct timespec period = { .tv_nsec = SERVE_PERIOD * 1000000L };
	const struct itimerspec timer = { period, period };
	timer_t id;
	size_t i;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN);
	for (i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		(void)sigaction(crashes[i], &crash, NULL);
	(void)sigaltstack(&stack, NULL);
	(void)sigemptyset(&action.sa_mask);
	if (sigaction(SIGPROF, &action, NULL) == -1 ||
	    timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &id) == -1 ||
	    timer_settime(id, 0, &timer, NULL) == -1)
		_exit(1);
}

static void
serve_hear(void)
{
	FILE *f = fopencookie(NULL, "w",
	    (cookie_io_functions_t){ .write = on_said });

	if (f == NULL)
		_exit(1);
	(void)setvbuf(f, NULL, _IONBF, 0);
	stderr = f;
}

struct jq_page *
serve_open(void)
{
	now.page = mmap(NULL, sizeof(*now.page), PROT_READ | PROT_WRITE,
	    MAP_SHARED, JQ_SERVE_PAGE, 0);
	if (now.page == MAP_FAILED)
		_exit(1);
	(void)close_range(JQ_SERVE_PAGE, ~0u, 0);
	serve_signals();
	serve_hear();
	return now.page;
}
