/*
 * bench_jq.c: how fast jq programs compile, and run on what a handler gives.
 *
 * No test: it prints what it measured and judges nothing.
 */
#include <stdio.h>

#include "base/clock.h"
#include "proto/jq.h"

#define BENCH_US	500000	/* time spent on each program */
#define COMPILES	10

static int
fail(const char *program, const struct errbuf *e)
{
	fprintf(stderr, "%s: %s\n", program, e->msg);
	return -1;
}

static int
measure_compile(const char *program)
{
	struct jq_program *p;
	struct errbuf e;
	int64_t start = clock_us();

	for (int i = 0; i < COMPILES; i++) {
		if ((p = jq_program_new(program, NULL, NULL, &e)) == NULL)
			return fail(program, &e);
		jq_program_free(p);
	}
	printf("%-52s %8.1f ms to compile\n", program,
	    (double)(clock_us() - start) / 1e3 / COMPILES);
	return 0;
}

/* One run to its end, every event taken out. */
static int
run(struct jq_program *p, struct slice event, struct buf *room,
    struct errbuf *e)
{
	const struct jq_member members[] = {
		{ "session", SLICE("{\"id\":\"5f2a9c01\",\"user\":\"anna\","
		    "\"user_id\":7,\"roles\":[\"ROLE_USER\"]}"), false },
		{ "topic", SLICE("\"app/errors/7\""), false },
		{ "route", SLICE("\"app.errors\""), false },
		{ "attributes", SLICE("{\"user_id\":\"7\"}"), false },
		{ "event", event, false },
	};
	enum jq_outcome next;
	struct slice text;

	if (jq_run_start_members(p, members, 5, e) == -1)
		return -1;
	while ((next = jq_run_next(p, e)) == JQ_OUTPUT)
		(void)jq_output_member(p, "event", room, &text);
	return next == JQ_END ? 0 : -1;
}

static int
measure(const char *program, struct slice event)
{
	struct errbuf e;
	struct jq_program *p = jq_program_new(program, NULL, NULL, &e);
	struct buf room = { 0 };
	int64_t start = clock_us(), spent;
	size_t runs = 0;
	int rc = p != NULL ? 0 : -1;

	while (rc == 0 && (spent = clock_us() - start) < BENCH_US) {
		rc = run(p, event, &room, &e);
		runs++;
	}
	if (rc == 0)
		printf("%-52s %8.0f runs/s, event of %zu bytes\n", program,
		    (double)runs * 1e6 / (double)spent, event.len);
	else
		(void)fail(program, &e);
	buf_clear(&room);
	jq_program_free(p);
	return rc;
}

int
main(void)
{
	static const char filter[] =
	    "select(.event.level == \"error\") | {event}";
	static const char rewrite[] = "{event: (.event | {level, text})}";
	const struct slice small = SLICE("{\"level\":\"error\",\"text\":"
	    "\"disk full\",\"host\":\"web1\",\"at\":1700000000}");
	const struct slice other = SLICE("{\"level\":\"info\",\"text\":"
	    "\"started\",\"host\":\"web1\",\"at\":1700000000}");

	return measure_compile(filter) == 0 && measure(filter, small) == 0 &&
	    measure(filter, other) == 0 && measure(rewrite, small) == 0 ?
	    0 : 1;
}
