/*
 * program.c: the jq programs in options.
 */
#include "client/program.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "proto/jq_worker.h"

#define AHEAD_BYTES	(256u << 10)	/* of texts without a result */
#define SKIP_MAX	1000	/* unwanted values; after that the process is
				 * ended, because it may yield values without
				 * end */
#define VALUE_MAX	(256u << 20)	/* bytes of a value */

struct program_text {
	const char *text;	/* borrowed */
};

/* A text that was passed to the process. */
struct program_job {
	struct program_job *next;
	struct program_run  how;
	uint32_t	    seq;	/* 0: to be sent */
	size_t		    topic;	/* bytes of it, before the text */
	size_t		    len;	/* of the text */
	char		    bytes[];
};

static int
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return -1;
}

static struct slice
job_text(const struct program_job *job)
{
	return slice_of(job->bytes + job->topic, job->len);
}

/* ---- the process ---- */

static void
worker_drop(struct programs *p)
{
	struct program_job *job;

	jq_worker_free(p->worker);
	p->worker = NULL;
	for (job = p->first; job != NULL; job = job->next)
		job->seq = 0;
}

static int
worker_start(struct programs *p, struct errbuf *e)
{
	const struct jq_worker_options how = {
		.memory = PROGRAM_MEMORY, .answer_max = VALUE_MAX,
	};

	return (p->worker = jq_worker_start(&how, e)) != NULL ? 0 : -1;
}

/* A program after its head.  An empty program passes its input on, but must not
 * follow a head. */
static int
add_program(struct buf *out, const struct programs *p, const char *text)
{
	bool empty = text[strspn(text, " \t\r\n")] == '\0';

	if (p->head.len == 0)
		return buf_add_str(out, text);
	return buf_add_slice(out, buf_slice(&p->head)) == -1 ||
	    buf_add_char(out, '\n') == -1 ? -1 :
	    buf_add_str(out, empty ? "." : text);
}

static int
worker_compile(struct programs *p, uint32_t id, unsigned *line,
    unsigned *column, struct errbuf *e)
{
	struct jq_answer at = { 0 };
	struct buf text = { 0 };
	bool lost = false;
	int rc;

	if (add_program(&text, p, p->texts[id - 1].text) == -1)
		rc = out_of_memory(e);
	else
		rc = jq_worker_compile(p->worker, id, buf_slice(&text),
		    PROGRAM_LIMIT, &at, &lost, e);
	buf_clear(&text);
	*line = p->head.len > 0 && at.line > 0 ? at.line - 1 : at.line;
	*column = *line > 0 ? at.column : 0;
	if (lost)
		worker_drop(p);
	return rc;
}

/* Start a process that has the programs; they have compiled before. */
static int
worker_obtain(struct programs *p, struct errbuf *e)
{
	unsigned line, column;
	uint32_t id;

	if (p->worker != NULL)
		return 0;
	if (worker_start(p, e) == -1)
		return -1;
	for (id = 1; id <= p->n; id++)
		if (worker_compile(p, id, &line, &column, e) == -1) {
			worker_drop(p);
			return -1;
		}
	return 0;
}

/* ---- compiling ---- */

int
programs_bind(struct programs *p, const struct program_args *args,
    bool records, struct errbuf *e)
{
	p->records = records;
	if (records && buf_add_str(&p->head, ".topic as $topic | ") == -1)
		return out_of_memory(e);
	if (args != NULL && program_args_write(args, records ? "topic" : NULL,
	    &p->head, &p->args, e) == -1)
		return -1;
	if ((records || p->args.len > 0) &&
	    buf_add_str(&p->head, ".event | ") == -1)
		return out_of_memory(e);
	return 0;
}

int
program_compile_at(struct programs *p, uint32_t *id, const char *text,
    unsigned *line, unsigned *column, struct errbuf *e)
{
	struct program_text *v;

	*id = *line = *column = 0;
	if (p->worker == NULL && worker_start(p, e) == -1)
		return -1;
	v = realloc(p->texts, (p->n + 1) * sizeof(*v));
	if (v == NULL)
		return out_of_memory(e);
	p->texts = v;
	v[p->n].text = text;
	if (worker_compile(p, p->n + 1, line, column, e) == -1)
		return -1;
	*id = ++p->n;
	return 0;
}

int
program_compile(struct programs *p, uint32_t *id, const char *option,
    const char *text, struct errbuf *e)
{
	unsigned line, column;

	*id = 0;
	if (text == NULL ||
	    program_compile_at(p, id, text, &line, &column, e) == 0)
		return 0;
	if (line > 0)
		err_wrap(e, "%s: line %u, column %u", option, line, column);
	else
		err_wrap(e, "%s", option);
	return -1;
}

/* ---- texts ---- */

static void
job_drop(struct programs *p)
{
	struct program_job *job = p->first;

	p->first = job->next;
	if (p->first == NULL)
		p->last = NULL;
	p->njobs--;
	p->bytes -= job->topic + job->len;
	free(job);
}

void
programs_clear(struct programs *p)
{
	while (p->first != NULL)
		job_drop(p);
	worker_drop(p);
	free(p->texts);
	buf_clear(&p->head);
	buf_clear(&p->args);
	p->texts = NULL;
	p->n = 0;
}

void
programs_wake(struct programs *p, int fd)
{
	p->wake = fd;
	p->wakes = fd != -1;
}

bool
programs_full(const struct programs *p)
{
	return p->njobs >= PROGRAMS_AHEAD || p->bytes >= AHEAD_BYTES;
}

/* Send it to the worker, if it runs. */
static int
job_send(struct programs *p, struct program_job *job)
{
	const struct jq_order order = { .program = job->how.program,
	    .topic = job->how.topic, .first = job->how.first, .refer = 1 };
	struct jq_part v[3];
	size_t n = 0;

	if (p->records)
		v[n++] = (struct jq_part){ .name = JQ_TOPIC,
		    .text = slice_of(job->bytes, job->topic) };
	if (p->args.len > 0)
		v[n++] = (struct jq_part){ .name = JQ_ARGS,
		    .text = buf_slice(&p->args) };
	v[n] = (struct jq_part){ .name = n > 0 ? JQ_EVENT : JQ_WHOLE,
	    .text = job_text(job) };
	if (++p->seq == JQ_COMPILING)
		p->seq++;
	job->seq = p->seq;
	return jq_worker_add_run(p->worker, job->seq, &order, v, n + 1);
}

int
programs_add(struct programs *p, const struct program_run *how,
    struct slice text, struct errbuf *e)
{
	return programs_add_record(p, how, SLICE(""), text, e);
}

int
programs_add_record(struct programs *p, const struct program_run *how,
    struct slice topic, struct slice text, struct errbuf *e)
{
	struct program_job *job = malloc(sizeof(*job) + topic.len + text.len);

	if (job == NULL)
		return out_of_memory(e);
	*job = (struct program_job){ .how = *how, .topic = topic.len,
	    .len = text.len };
	memcpy(job->bytes, topic.p, topic.len);
	memcpy(job->bytes + topic.len, text.p, text.len);
	if (p->worker != NULL && job_send(p, job) == -1) {
		free(job);
		return out_of_memory(e);
	}
	if (p->last != NULL)
		p->last->next = job;
	else
		p->first = job;
	p->last = job;
	p->njobs++;
	p->bytes += topic.len + text.len;
	return 0;
}

/* ---- results ---- */

/* The oldest text has an answer, or the worker was lost because of it. */
static enum program_next
answer_take(struct programs *p, const struct jq_answer *a,
    struct program_value *v, struct errbuf *e)
{
	struct slice last = job_text(p->first);
	struct slice parts = a->parts, text;
	enum jq_name name;

	switch (a->kind) {
	case JQ_VALUE:
		*v = (struct program_value){ .type = a->type };
		while (jq_answer_part(&parts, &name, last, &text)) {
			if (name == JQ_WHOLE)
				v->text = text;
			else if (v->topics < 2)
				v->topic[v->topics++] = text;
		}
		return PROGRAM_VALUE;
	case JQ_DONE:
		job_drop(p);
		return PROGRAM_END;
	case JQ_FAILED:
	case JQ_PROGRAM:
	case JQ_RUN:
	case JQ_COMPILED:
	case JQ_REJECTED:
	default:
		err_set(e, "%.*s", (int)a->message.len, a->message.p);
		job_drop(p);
		return a->is_topic ? PROGRAM_TOPIC_FAILED : PROGRAM_FAILED;
	}
}

/* The worker has ended.  Whether a text is the cause. */
static bool
worker_lost(struct programs *p, struct jq_fate *fate)
{
	jq_worker_end(p->worker, fate);
	return fate->busy && fate->running == p->first->seq;
}

/* Read, write, or see a signal.  1: there may be an answer; 0: stopped; -1: the
 * worker has ended. */
static int
worker_wait(struct programs *p)
{
	struct pollfd v[2] = { { .fd = jq_worker_fd(p->worker) },
	    { .fd = p->wakes ? p->wake : -1, .events = POLLIN } };

	if (jq_worker_send(p->worker) == -1)
		return -1;
	v[0].events = jq_worker_unsent(p->worker) > 0 ? POLLIN | POLLOUT :
	    POLLIN;
	if (poll(v, 2, -1) == -1)
		return errno == EINTR ? 1 : -1;
	if (v[1].revents != 0)
		return 0;
	return v[0].revents == 0 || jq_worker_receive(p->worker) != -1 ? 1 :
	    -1;
}

/* Start a worker if none runs, and send what there is. */
static int
jobs_send(struct programs *p, struct errbuf *e)
{
	struct program_job *job;

	if (p->worker != NULL)
		return 0;
	if (worker_obtain(p, e) == -1)
		return -1;
	for (job = p->first; job != NULL; job = job->next)
		if (job_send(p, job) == -1)
			return out_of_memory(e);
	return 0;
}

static enum program_next
fail(struct programs *p, const char *how, struct errbuf *e)
{
	if (how != NULL)
		err_set(e, "the program %s", how);
	worker_drop(p);
	job_drop(p);
	return PROGRAM_FAILED;
}

/* The worker has ended.  Its earlier results count, and may be all results of
 * the text. */
static enum program_next
next_of_lost(struct programs *p, struct program_value *v, struct errbuf *e)
{
	struct jq_answer a;
	struct jq_fate fate;

	if (jq_worker_next(p->worker, &a) == 1 && a.seq == p->first->seq)
		return answer_take(p, &a, v, e);
	if (worker_lost(p, &fate))
		return fail(p, fate.how, e);
	worker_drop(p);
	return programs_next(p, v, e);
}

enum program_next
programs_next(struct programs *p, struct program_value *v, struct errbuf *e)
{
	struct jq_answer a;
	struct jq_fate fate;
	int rc;

	if (jobs_send(p, e) == -1)
		return fail(p, NULL, e);
	while ((rc = jq_worker_next(p->worker, &a)) == 0) {
		if ((rc = worker_wait(p)) == 0)
			return PROGRAM_STOPPED;
		if (rc == -1) {
			(void)worker_lost(p, &fate);
			return next_of_lost(p, v, e);
		}
	}
	if (rc == -1)
		return fail(p, "has an output that is too large", e);
	return a.seq == p->first->seq ? answer_take(p, &a, v, e) :
	    fail(p, "made jq crash", e);
}

void
programs_skip(struct programs *p)
{
	struct program_job *job = p->first;
	struct program_value v;
	struct errbuf e;
	int i;

	for (i = 0; i < SKIP_MAX; i++)
		if (programs_next(p, &v, &e) != PROGRAM_VALUE)
			break;
	if (p->first == job && job != NULL) {
		worker_drop(p);
		job_drop(p);
	}
}
