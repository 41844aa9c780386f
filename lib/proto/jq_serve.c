/*
 * jq_serve.c: the process that runs jq programs for another one.
 *
 * It answers in the order it is asked.  It may end at any moment, by libjq's
 * assertions or for want of memory; the shared page then tells its asker what
 * it was doing.  A timer of its own processor time ends it when one run takes
 * too long: the signal handler needs nothing of libjq.
 */
#include "proto/jq_serve.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/sanitizers.h"
#include "base/syscalls.h"
#include "proto/jq.h"
#include "proto/jq_confine.h"
#include "proto/jq_serve_page.h"
#include "proto/jq_serve_run.h"

#define SERVE_READ	(64u << 10)	/* bytes of a read */
#define SERVE_AROUND	(512u << 20)	/* bytes of address space besides the
				 * memory: libraries, the stack */
#define SERVE_LOOK_EACH	4096	/* runs between looks at the memory used */
#define SERVE_LARGE	(1u << 20)	/* bytes; look behind such an input */
#define SERVE_RETIRE	4	/* at that part of the memory */

const char jq_serve_name[] = JQ_SERVE_NAME;

struct serve {
	struct serve_work work;
	struct buf	in;		/* what was read; at is the next */
	size_t		at;
	unsigned	runs;		/* since the last look at memory */
	size_t		baseline;	/* bytes in use at the start */
};

/* ---- memory ---- */

/* libjq leaks a little where a program fails.  Before that, or a large event,
 * costs another request its memory, a new worker takes over. */
static void
serve_look(struct serve *s)
{
	uint64_t memory = s->work.page->memory;
	struct mallinfo2 use;

	if (s->runs < SERVE_LOOK_EACH)
		return;
	s->runs = 0;
	use = mallinfo2();
	if (use.fordblks > memory / SERVE_RETIRE)
		(void)malloc_trim(0);
	if (memory > 0 && use.uordblks + use.hblkhd > s->baseline +
	    memory / SERVE_RETIRE) {
		serve_flush();
		atomic_store(&s->work.page->end, JQ_END_RETIRED);
		_exit(0);
	}
}
/* ---- the loop ---- */

static void
serve_read(struct serve *s)
{
	ssize_t n;

	buf_consume(&s->in, s->at);
	s->at = 0;
	if (buf_reserve(&s->in, SERVE_READ) == -1)
		serve_out_of_memory();
	do
		n = read(JQ_SERVE_SOCKET, s->in.data + s->in.len,
		    s->in.cap - s->in.len);
	while (n == -1 && errno == EINTR);
	if (n <= 0)
		_exit(0);
	s->in.len += (size_t)n;
}

static void
serve_loop(struct serve *s)
{
	struct slice rest, body;
	struct jq_head head;

	for (;;) {
		rest = slice_of(s->in.data + s->at, s->in.len - s->at);
		if (s->in.len == 0 || jq_frame_next(&rest, JQ_FRAME_MAX, &head,
		    &body) != 1) {
			serve_flush();
			serve_read(s);
			continue;
		}
		if (head.kind == JQ_PROGRAM)
			serve_on_program(&s->work, &head, body);
		else
			serve_on_run(&s->work, &head, body);
		s->runs += body.len > SERVE_LARGE ? SERVE_LOOK_EACH : 1;
		s->at = (size_t)(rest.p - s->in.data);
		if (s->in.cap > SERVE_LARGE && s->at == s->in.len) {
			buf_clear(&s->in);
			s->at = 0;
		}
		serve_look(s);
	}
}
/* ---- the start ---- */

static void
limit(int what, uint64_t most)
{
	const struct rlimit rl = { most, most };

	(void)setrlimit(what, &rl);
}

/* Programs of peers' making get no files, and nobody gets a core dump: it
 * would hold what was published. */
static void
serve_confine(const struct jq_page *page)
{
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	limit(RLIMIT_CORE, 0);
	if (page->bare) {
		limit(RLIMIT_NOFILE, 0);
		limit(RLIMIT_FSIZE, 0);
	}
	if (page->memory > 0 && !SANITIZED) {
		limit(RLIMIT_DATA, page->memory);
		limit(RLIMIT_AS, page->memory + SERVE_AROUND);
	}
}

/* It ends with its asker, even amid a run. */
static void
serve_follow(const struct jq_page *page)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != page->asker)
		_exit(0);
}

/* Before main(), and instead of it. */
__attribute__((constructor)) static void
serve(int argc, char **argv)
{
	static struct serve s;
	struct errbuf e;

	if (argc != 1 || strcmp(argv[0], jq_serve_name) != 0)
		return;
	s.work.page = serve_open();
	serve_follow(s.work.page);
	/* As long as files can be opened; if it fails, programs say so. */
	(void)jq_prepare(&e);
	if (syscalls_confinable())
		(void)syscalls_prepare(&e);
	tzset();
	serve_confine(s.work.page);
	jq_confine(s.work.page->bare);
	s.baseline = mallinfo2().uordblks;
	serve_loop(&s);
}
