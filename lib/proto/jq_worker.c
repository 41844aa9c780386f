/*
 * jq_worker.c: a process that runs jq programs for us.
 */
#include "proto/jq_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "proto/jq_spawn.h"

#define WORKER_READ	(32u << 10)	/* bytes of a read */
#define WORKER_IDLE	(1u << 20)	/* bytes of buffer that are kept */
#define WORKER_NICE	10

struct jq_worker {
	struct jq_page *page;		/* mapped */
	pid_t	   pid;			/* -1: it has been waited for */
	int	   fd;
	size_t	   max;			/* bytes of a frame of it */
	struct buf out;			/* requests */
	size_t	   sent;		/* bytes of them */
	struct buf in;			/* answers */
	size_t	   taken;		/* bytes of them */
	uint64_t   received;		/* bytes, ever */
	bool	   ended;
	struct jq_fate fate;		/* once it has */
};

/* ---- the start ---- */

/* The page that we share with it.  Its descriptor, or -1. */
static int
worker_page(struct jq_worker *w, const struct jq_worker_options *o)
{
	int fd = memfd_create("jq", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd == -1 || (fd = jq_spawn_away(fd)) == -1)
		return -1;
	if (ftruncate(fd, sizeof(*w->page)) == -1 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW |
	    F_SEAL_SEAL) == -1)
		goto fail;
	w->page = mmap(NULL, sizeof(*w->page), PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	if (w->page == MAP_FAILED)
		goto fail;
	w->page->memory = o->memory;
	w->page->asker = getpid();
	w->page->bare = o->bare;
	return fd;
fail:
	w->page = NULL;
	(void)close(fd);
	return -1;
}

static int
worker_open(struct jq_worker *w, const struct jq_worker_options *o)
{
	int page, pair[2], rc;

	if ((page = worker_page(w, o)) == -1)
		return errno;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1) {
		rc = errno;
		(void)close(page);
		return rc;
	}
	w->fd = pair[0];
	if ((pair[1] = jq_spawn_away(pair[1])) == -1)
		rc = errno;
	else if (o->spawn != NULL)
		rc = o->spawn(o->spawn_arg, &w->pid, pair[1], page);
	else
		rc = jq_spawn(&w->pid, pair[1], page, o->bare);
	(void)close(pair[1]);
	(void)close(page);
	if (rc == 0 && o->nice)
		(void)setpriority(PRIO_PROCESS, (id_t)w->pid, WORKER_NICE);
	return rc;
}

struct jq_worker *
jq_worker_start(const struct jq_worker_options *o, struct errbuf *e)
{
	struct jq_worker *w;
	int rc;

	if ((w = calloc(1, sizeof(*w))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	w->fd = w->pid = -1;
	w->max = o->answer_max;
	if ((rc = worker_open(w, o)) == 0)
		return w;
	w->pid = -1;
	jq_worker_free(w);
	err_set(e, "cannot start a process for jq programs: %s",
	    strerror(rc));
	return NULL;
}

/* ---- the end ---- */

/* It ends soon, or has ended. */
static int
worker_wait(struct jq_worker *w)
{
	int status = 0;

	if (w->pid == -1)
		return 0;
	jq_worker_kill(w);
	while (waitpid(w->pid, &status, 0) == -1 && errno == EINTR)
		continue;
	w->pid = -1;
	return status;
}

void
jq_worker_free(struct jq_worker *w)
{
	if (w == NULL)
		return;
	(void)worker_wait(w);
	if (w->fd != -1)
		(void)close(w->fd);
	if (w->page != NULL)
		(void)munmap(w->page, sizeof(*w->page));
	buf_clear(&w->out);
	buf_clear(&w->in);
	free(w);
}

void
jq_worker_kill(struct jq_worker *w)
{
	if (w->pid != -1)
		(void)kill(w->pid, SIGKILL);
}

int
jq_worker_fd(const struct jq_worker *w)
{
	return w->fd;
}

long
jq_worker_pid(const struct jq_worker *w)
{
	return w->pid;
}

int64_t
jq_worker_cpu(const struct jq_worker *w)
{
	struct timespec ts = { 0 };
	clockid_t clock;

	if (w->pid != -1 && clock_getcpuclockid(w->pid, &clock) == 0)
		(void)clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* What it had found and not sent goes to what was received. */
static void
worker_salvage(struct jq_worker *w)
{
	const struct jq_page *page = w->page;
	uint64_t base = atomic_load(&page->sent);
	uint32_t filled = atomic_load(&page->filled);

	if (filled > sizeof(page->out) || w->received < base ||
	    w->received - base > filled)
		return;
	(void)buf_add(&w->in, page->out + (w->received - base),
	    filled - (size_t)(w->received - base));
}

void
jq_worker_end(struct jq_worker *w, struct jq_fate *f)
{
	const struct jq_page *page = w->page;
	int status;

	if (w->ended) {
		*f = w->fate;
		return;
	}
	status = worker_wait(w);
	worker_salvage(w);
	*f = (struct jq_fate){
		.end = (enum jq_end)atomic_load(&page->end),
		.busy = atomic_load(&page->busy) != 0,
		.running = atomic_load(&page->running),
	};
	if (f->end == JQ_END_TIME)
		(void)snprintf(f->how, sizeof(f->how), "took too long");
	else if (f->end == JQ_END_MEMORY)
		(void)snprintf(f->how, sizeof(f->how), "took more than %llu "
		    "MiB of memory", (unsigned long long)page->memory >> 20);
	else if (f->end == JQ_END_CRASH || (WIFSIGNALED(status) &&
	    WTERMSIG(status) != SIGKILL))
		(void)snprintf(f->how, sizeof(f->how), "made jq crash");
	else
		(void)snprintf(f->how, sizeof(f->how), "was killed");
	w->ended = true;
	w->fate = *f;
}

/* ---- requests ---- */

/* A request could not be added as a whole: take back what was. */
static int
unwind(struct jq_worker *w, size_t before)
{
	w->out.len = before;
	return -1;
}

int
jq_worker_add_program(struct jq_worker *w, uint32_t id, struct slice text,
    int64_t limit_ms)
{
	size_t head;

	if (jq_frame_begin(&w->out, JQ_PROGRAM, id, (uint32_t)limit_ms,
	    &head) == -1 || buf_add_slice(&w->out, text) == -1 ||
	    jq_frame_end(&w->out, head) == -1)
		return unwind(w, head);
	return 0;
}

int
jq_worker_add_run(struct jq_worker *w, uint32_t seq,
    const struct jq_order *order, const struct jq_part *v, size_t n)
{
	size_t head, i;

	if (jq_frame_begin(&w->out, JQ_RUN, seq, (uint32_t)n, &head) == -1 ||
	    buf_add(&w->out, order, sizeof(*order)) == -1)
		return unwind(w, head);
	for (i = 0; i < n; i++)
		if (jq_frame_text(&w->out, v[i].name, v[i].same ? JQ_SAME :
		    JQ_NEW,
		    v[i].same ? SLICE("") : v[i].text) == -1)
			return unwind(w, head);
	if (jq_frame_end(&w->out, head) == -1)
		return unwind(w, head);
	return 0;
}

uint32_t
jq_worker_running(const struct jq_worker *w)
{
	return atomic_load(&w->page->busy) != 0 ?
	    atomic_load(&w->page->running) : 0;
}

void
jq_worker_recall(struct jq_worker *w, uint32_t after, uint32_t last)
{
	atomic_store(&w->page->recalled, (uint64_t)after << 32 | last);
}

size_t
jq_worker_unsent(const struct jq_worker *w)
{
	return w->out.len - w->sent;
}

int
jq_worker_send(struct jq_worker *w)
{
	struct buf *out = &w->out;
	ssize_t n = 0;

	while (w->sent < out->len && (n = send(w->fd, out->data + w->sent,
	    out->len - w->sent, MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
		w->sent += (size_t)n;
	/* Moving the rest each time would take its square. */
	if (w->sent > out->len / 2) {
		if (w->sent == out->len && out->cap > WORKER_IDLE)
			buf_clear(out);
		else
			buf_consume(out, w->sent);
		w->sent = 0;
	}
	return n == -1 && errno != EAGAIN && errno != EINTR ? -1 : 0;
}

/* ---- answers ---- */

int
jq_worker_receive(struct jq_worker *w)
{
	struct buf *in = &w->in;
	ssize_t n;

	if (w->taken == in->len && in->cap > WORKER_IDLE)
		buf_clear(in);
	else
		buf_consume(in, w->taken);
	w->taken = 0;
	if (buf_reserve(in, WORKER_READ) == -1)
		return -1;
	n = recv(w->fd, in->data + in->len, in->cap - in->len, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	in->len += (size_t)n;
	w->received += (uint64_t)n;
	return 1;
}

/* Take a frame apart.  1 or -1. */
static int
answer_read(struct jq_answer *a, const struct jq_head *head,
    struct slice body)
{
	struct jq_value value;
	uint32_t number = 0;

	*a = (struct jq_answer){ .kind = (enum jq_kind)head->kind,
	    .seq = head->seq };
	if (head->kind == JQ_VALUE) {
		if (!jq_take(&body, &value, sizeof(value)) ||
		    value.type > JSON_OBJECT)
			return -1;
		a->type = (enum json_type)value.type;
		a->parts = body;
		return 1;
	}
	if (!jq_take(&body, &number, sizeof(number)) ||
	    head->kind < JQ_COMPILED || head->kind > JQ_FAILED)
		return -1;
	a->message = body;
	if (head->kind == JQ_REJECTED) {
		a->line = head->n;
		a->column = number;
	} else {
		a->us = head->n;
		a->is_topic = number != 0;
	}
	return 1;
}

int
jq_answer_next(struct slice *rest, size_t max, struct jq_answer *a)
{
	struct slice body;
	struct jq_head head;
	int rc = jq_frame_next(rest, max, &head, &body);

	return rc == 1 ? answer_read(a, &head, body) : rc;
}

int
jq_worker_next(struct jq_worker *w, struct jq_answer *a)
{
	struct slice rest;
	int rc;

	if (w->in.len == w->taken)
		return 0;
	rest = slice_of(w->in.data + w->taken, w->in.len - w->taken);
	if ((rc = jq_answer_next(&rest, w->max, a)) == 1)
		w->taken = (size_t)(rest.p - w->in.data);
	return rc;
}

bool
jq_answer_part(struct slice *parts, enum jq_name *name, struct slice last,
    struct slice *text)
{
	struct jq_text head;

	if (!jq_take_text(parts, &head, text))
		return false;
	*name = (enum jq_name)head.name;
	if (head.from == JQ_LAST)
		*text = last;
	return true;
}

/* ---- waiting ---- */

/* Until an answer is there.  0, or -1 when the worker is gone. */
static int
worker_await(struct jq_worker *w, struct jq_answer *a)
{
	struct pollfd p = { .fd = w->fd };
	int rc;

	while ((rc = jq_worker_next(w, a)) == 0) {
		if (jq_worker_send(w) == -1)
			return -1;
		p.events = jq_worker_unsent(w) > 0 ? POLLIN | POLLOUT :
		    POLLIN;
		if (poll(&p, 1, -1) == -1 && errno != EINTR)
			return -1;
		if (jq_worker_receive(w) == -1)
			return -1;
	}
	return rc == 1 ? 0 : -1;
}

int
jq_worker_compile(struct jq_worker *w, uint32_t id, struct slice text,
    int64_t limit_ms, struct jq_answer *place, bool *lost, struct errbuf *e)
{
	struct jq_fate fate;

	*lost = false;
	*place = (struct jq_answer){ .line = 0 };
	if (jq_worker_add_program(w, id, text, limit_ms) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	if (worker_await(w, place) == 0) {
		if (place->kind == JQ_COMPILED)
			return 0;
		err_set(e, "%.*s", (int)place->message.len,
		    place->message.p);
		return -1;
	}
	*lost = true;
	jq_worker_end(w, &fate);
	err_set(e, "compiling the program %s", fate.how);
	return -1;
}
