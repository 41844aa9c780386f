/*
 * t_jq_worker.c: a process that runs jq programs: what it answers, and what
 * programs cost that would have cost us our lives.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sanitizers.h"
#include "proto/jq_worker.h"
#include "tap.h"

#define MEMORY	(256u << 20)

static struct jq_worker *
start(void)
{
	const struct jq_worker_options how = { .memory = MEMORY,
		.answer_max = 64u << 20, .bare = true };
	struct errbuf e;
	struct jq_worker *w = jq_worker_start(&how, &e);

	if (w == NULL) {
		(void)fprintf(stderr, "%s\n", e.msg);
		abort();
	}
	return w;
}

static void
add_program(struct jq_worker *w, uint32_t id, const char *text, int64_t ms)
{
	struct jq_answer at;
	struct errbuf e;
	bool lost;

	if (jq_worker_compile(w, id, slice_str(text), ms, &at, &lost, &e) ==
	    -1) {
		(void)fprintf(stderr, "%s: %s\n", text, e.msg);
		abort();
	}
}

static void
add_run(struct jq_worker *w, uint32_t seq, uint32_t program,
    struct slice text)
{
	const struct jq_order order = { .program = program, .refer = 1 };
	const struct jq_part part = { .name = JQ_WHOLE, .text = text };

	if (jq_worker_add_run(w, seq, &order, &part, 1) == -1)
		abort();
}

/* Send and receive once.  Whether it is still there. */
static bool
exchange(struct jq_worker *w)
{
	struct pollfd p = { .fd = jq_worker_fd(w) };

	if (jq_worker_send(w) == -1)
		return false;
	p.events = jq_worker_unsent(w) > 0 ? POLLIN | POLLOUT : POLLIN;
	if (poll(&p, 1, -1) == -1 && errno != EINTR)
		abort();
	return jq_worker_receive(w) != -1;
}

/* The answer to a run that is one frame. */
static void
add_answer(struct buf *all, const struct jq_answer *a, struct slice last)
{
	struct slice parts = a->parts, text;
	enum jq_name name;

	if (a->kind == JQ_VALUE)
		while (jq_answer_part(&parts, &name, last, &text))
			(void)buf_addf(all, "%s%s%.*s ", jq_names[name],
			    name != JQ_WHOLE ? "=" : "", (int)text.len,
			    text.p);
	else if (a->kind == JQ_FAILED)
		(void)buf_addf(all, "! %.*s", (int)a->message.len,
		    a->message.p);
	else
		(void)buf_add_str(all, ".");
}

/* All answers until the worker has nothing more to say to these runs. */
static void
hear(struct jq_worker *w, size_t runs, struct slice last, struct buf *all)
{
	struct jq_answer a;
	int rc;

	while (runs > 0) {
		while ((rc = jq_worker_next(w, &a)) == 1) {
			add_answer(all, &a, last);
			if (a.kind != JQ_VALUE)
				runs--;
		}
		if (rc == -1 || (runs > 0 && !exchange(w)))
			break;
	}
}

/* ---- answers ---- */

static void
test_answers(void)
{
	struct jq_worker *w = start();
	struct slice in = SLICE("{ \"n\":12345678901234567890 }");
	struct buf all = { 0 };

	add_program(w, 1, "., .n, empty, {a:1}", 1000);
	add_program(w, 2, "1, error(\"no\")", 1000);
	add_run(w, 1, 1, in);
	add_run(w, 2, 2, in);
	add_run(w, 3, 1, in);
	hear(w, 3, in, &all);
	tap_str(buf_cstr(&all), "{ \"n\":12345678901234567890 } "
	    "12345678901234567890 {\"a\":1} .1 ! no"
	    "{ \"n\":12345678901234567890 } "
	    "12345678901234567890 {\"a\":1} .",
	    "in order, and the input's own bytes");
	buf_clear(&all);
	jq_worker_free(w);
}

static void
test_members(void)
{
	struct jq_worker *w = start();
	struct jq_order order = { .program = 1, .parts = 1u << JQ_EVENT |
	    1u << JQ_TOPIC, .refer = 1, .most = 2 };
	struct jq_part v[] = {
		{ JQ_TOPIC, SLICE("\"t\""), false },
		{ JQ_SESSION, SLICE("{\"id\":\"x\"}"), false },
		{ JQ_EVENT, SLICE("1e1"), false },
	};
	struct buf all = { 0 };

	add_program(w, 1, "{event, topic: \"\\(.topic)\\(.session.id)\"}",
	    1000);
	add_program(w, 2, "range(.event)", 1000);
	(void)jq_worker_add_run(w, 1, &order, v, 3);
	v[0].same = v[1].same = true;
	v[2].text = SLICE("2e0");
	(void)jq_worker_add_run(w, 2, &order, v, 3);
	hear(w, 2, SLICE("LAST"), &all);
	tap_str(buf_cstr(&all), "topic=\"tx\" event=LAST .topic=\"tx\" "
	    "event=LAST .", "members, and what is the same again");
	buf_reset(&all);
	v[0].same = v[1].same = false;
	v[2].text = SLICE("3");
	order.program = 2;
	(void)jq_worker_add_run(w, 3, &order, v, 3);
	order.first = 1;
	(void)jq_worker_add_run(w, 4, &order, v, 3);
	hear(w, 2, SLICE("LAST"), &all);
	tap_str(buf_cstr(&all), "! more than 2 outputs.",
	    "so many, or the first");
	buf_clear(&all);
	jq_worker_free(w);
}

static void
test_rejected(void)
{
	struct jq_worker *w = start();
	struct jq_answer at;
	struct errbuf e;
	bool lost;

	tap_int(jq_worker_compile(w, 1, SLICE(".a |\n nope"), 1000, &at,
	    &lost, &e), -1, "a program that is wrong");
	tap_ok(!lost, "costs nothing");
	tap_int(at.line, 2, "it is told in which line");
	tap_ok(strstr(e.msg, "nope/0 is not defined") != NULL, "and why: %s",
	    e.msg);
	jq_worker_free(w);
}

/* ---- attacks ---- */

#define ANY	NULL

static const struct attack {
	const char *program;
	const char *how;	/* it ends; ANY: some way */
} attacks[] = {
	{ "def f: f; f", "took too long" },
	{ "last(range(1e18))", "took too long" },
	{ "last(repeat(1))", "took too long" },
	{ "[limit(1e9; repeat(\"xxxxxxxxxxxxxxxxxxxx\"))]", ANY },
	{ "reduce range(1e9) as $i (\"x\"; . + .)", ANY },
	{ "1e300 | todate", ANY },
	{ "1e300 | strftime(\"%Y\")", ANY },
	{ "-1e300 | gmtime", ANY },
	{ ". as $x | [] | .[2147483647] = $x", ANY },
	{ "[] | .[1e8] = 1", ANY },
	{ "\"abc\" | indices(\"\")", ANY },
	{ "\"abc\" | index(\"\")", ANY },
	{ "\"=\" * 500000000", ANY },
	{ "def r: [r]; r", ANY },
	{ "reduce range(1e6) as $i (0; [.])", ANY },
	{ "[range(1e9)]", "took too long" },
	{ "[splits(\"\")]", ANY },
	{ "\"x\" | ltrimstr(1) | test(\"(x+x+)+y\"; null)", ANY },
	{ "input", ANY }, { "[inputs]", ANY }, { "input_filename", ANY },
	{ "halt", ANY }, { "\"x\" | halt_error", ANY }, { "debug", ANY },
	{ "stderr", ANY }, { "get_search_list", ANY },
	{ "input_line_number", ANY }, { "$__loc__", ANY },
	{ "[limit(3; repeat(1))] | tojson | fromjson", ANY },
	{ "\"[\" * 100000 | fromjson", ANY },
	{ "[range(200000)] | sort_by(-.) | group_by(. % 7) | length", ANY },
	{ "@base64d", ANY }, { "splits(1)", ANY }, { "ascii", ANY },
	{ "[nan] | sort | implode", ANY }, { "[1e10] | implode", ANY },
	{ "[-1] | implode", ANY }, { "getpath([1e300])", ANY },
	{ "setpath([-1]; 1)", ANY }, { "delpaths([[\"a\",1,{}]])", ANY },
	{ "mktime", ANY }, { "\"x\" | strptime(\"%Z%Z%Z\")", ANY },
	{ "[1,1e308,1,1,1,1e308,1e308,1e308] | mktime", ANY },
	{ "pow(1e300; 1e300) | tostring | tonumber", ANY },
	{ "ltrimstr([])", ANY }, { "tojson * 1e9", ANY },
	{ "limit(-1; 1)", ANY }, { "first(range(1e18; 0; 0))", ANY },
	{ "path(..)", ANY }, { "env, $ENV", ANY },
};

/* Whatever the program does, the worker ends or answers; the next one, new or
 * not, answers. */
static void
attack(const struct attack *a)
{
	struct jq_answer at, answer;
	struct jq_worker *w = start();
	struct jq_fate fate;
	struct errbuf e;
	bool lost, there = true;
	int rc = 0;

	if (jq_worker_compile(w, 1, slice_str(a->program), 100, &at, &lost,
	    &e) == -1) {
		tap_ok(a->how == ANY, "%s: %s", a->program, e.msg);
		jq_worker_free(w);
		return;
	}
	add_run(w, 7, 1, SLICE("null"));
	do {
		while ((rc = jq_worker_next(w, &answer)) == 1)
			if (answer.kind != JQ_VALUE)
				break;
	} while (rc == 0 && (there = exchange(w)));
	if (!there) {
		jq_worker_end(w, &fate);
		tap_ok(fate.busy && fate.running == 7 &&
		    (a->how == ANY || strcmp(fate.how, a->how) == 0),
		    "%s: it %s", a->program, fate.how);
	} else {
		tap_ok(rc == 1 && a->how == ANY, "%s: an answer%s%.*s",
		    a->program, answer.kind == JQ_FAILED ? ": " : "",
		    answer.kind == JQ_FAILED ? (int)answer.message.len : 0,
		    answer.message.p != NULL ? answer.message.p : "");
	}
	jq_worker_free(w);
}

/* The manual's own program on a megabyte of empty objects. */
static void
test_memory(void)
{
	struct buf text = { 0 };
	struct jq_worker *w;
	struct jq_fate fate;
	int i;

	if (SANITIZED) {
		tap_ok(true, "# SKIP sanitizers want all memory");
		return;
	}
	(void)buf_add_char(&text, '[');
	for (i = 0; i < 16 << 20; i += 3)
		(void)buf_add_str(&text, i > 0 ? ",{}" : "{}");
	(void)buf_add_char(&text, ']');
	w = start();
	add_program(w, 1, "select(.level) | .", 60000);
	add_run(w, 9, 1, buf_slice(&text));
	while (exchange(w))
		;
	jq_worker_end(w, &fate);
	tap_int(fate.running, 9, "the run that wanted too much is known");
	tap_str(fate.how, "took more than 256 MiB of memory",
	    "and that it was memory");
	jq_worker_free(w);
	buf_clear(&text);
}

/* What was found before the end is there. */
static void
test_salvage(void)
{
	struct jq_worker *w = start();
	struct slice in = SLICE("5");
	struct buf all = { 0 };
	struct jq_fate fate;

	add_program(w, 1, "if . == 5 then ., (. + 1), last(repeat(1)) "
	    "else . end", 50);
	add_run(w, 1, 1, SLICE("1"));
	add_run(w, 2, 1, in);
	add_run(w, 3, 1, SLICE("2"));
	hear(w, 3, in, &all);
	jq_worker_end(w, &fate);
	hear(w, 3, in, &all);
	tap_ok(fate.busy, "it was lost over a run");
	tap_int(fate.running, 2, "the second");
	tap_str(buf_cstr(&all), "5 .5 6 ", "what came before is not lost");
	buf_clear(&all);
	jq_worker_free(w);
}

/* ---- what it has of ours ---- */

static void
test_bare(void)
{
	struct jq_worker *w;
	struct buf all = { 0 };

	(void)setenv("ORO_SECRET", "s3cret", 1);
	(void)setenv("NOTIFY_SOCKET", "/x", 1);
	w = start();
	add_program(w, 1, "env, $ENV", 1000);
	add_run(w, 1, 1, SLICE("1"));
	hear(w, 1, SLICE("1"), &all);
	tap_ok(strstr(buf_cstr(&all), "s3cret") == NULL &&
	    strstr(buf_cstr(&all), "NOTIFY") == NULL,
	    "programs see no environment: %s", buf_cstr(&all));
	buf_clear(&all);
	jq_worker_free(w);
}

/* One that is killed in between is not to be blamed on a run. */
static void
test_killed(void)
{
	struct jq_worker *w = start();
	struct jq_fate fate;

	add_program(w, 1, ".", 1000);
	(void)kill((pid_t)jq_worker_pid(w), SIGTERM);
	(void)kill((pid_t)jq_worker_pid(w), SIGINT);
	add_program(w, 2, ".", 1000);
	tap_ok(true, "a terminal's signals do not reach it");
	(void)kill((pid_t)jq_worker_pid(w), SIGKILL);
	while (exchange(w))
		;
	jq_worker_end(w, &fate);
	tap_ok(!fate.busy && fate.end == JQ_END_UNKNOWN,
	    "it was idle and %s", fate.how);
	jq_worker_free(w);
}

int
main(void)
{
	size_t i;

	test_answers();
	test_members();
	test_rejected();
	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++)
		attack(&attacks[i]);
	test_memory();
	test_salvage();
	test_bare();
	test_killed();
	return tap_done();
}
