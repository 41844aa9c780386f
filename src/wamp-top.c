/*
 * wamp-top.c: watch a broker, as top(1) watches a machine.
 *
 * This file reads the command line; top/ does the work.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stop.h"
#include "base/utf8.h"
#include "top/top.h"

#define TOP_INTERVAL_MIN	100	/* ms */

/* ---- the command line ---- */

/* The view, and what is shown of it. */
static int
top_choose(struct top *t, const struct opt_list *operands, struct errbuf *e)
{
	const struct view *v;
	size_t i;
	int n = 0;

	for (i = 0; i < VIEWS; i++)
		t->chosen[i].sort = (size_t)view_column(&views[i],
		    views[i].sort, strlen(views[i].sort), e);
	if (operands->n > 1) {
		err_set(e, "need one VIEW, or none");
		return -1;
	}
	if (operands->n == 1 &&
	    (n = opt_word(view_names, operands->v[0], e)) == -1)
		return -1;
	t->view = t->columns_view = (size_t)n;
	v = &views[t->view];
	if (t->opt.sort != NULL) {
		if ((n = view_column(v, t->opt.sort, strlen(t->opt.sort),
		    e)) == -1) {
			err_wrap(e, "--sort");
			return -1;
		}
		t->chosen[t->view].sort = (size_t)n;
	}
	t->chosen[t->view].reverse = t->opt.reverse;
	if (t->opt.columns != NULL &&
	    layout_parse(&t->columns, v, t->opt.columns, e) == -1) {
		err_wrap(e, "--columns");
		return -1;
	}
	return 0;
}

static int
top_check(struct top *t, const struct opt_list *operands, struct errbuf *e)
{
	struct top_options *o = &t->opt;

	if (o->once) {
		if (o->iterations > 1) {
			err_set(e, "-1 and -n exclude each other");
			return -1;
		}
		o->iterations = 1;
	}
	o->batch = o->batch || o->once;
	if (!o->batch && (o->json || o->iterations > 0))
		err_set(e, "--json and -n need -b or -1");
	else if (!o->batch && (t->tool.where.trace || t->tool.where.verbose))
		err_set(e, "-v and --trace need -b or -1");
	else if (o->interval_ms < TOP_INTERVAL_MIN)
		err_set(e, "--delay: must be at least 0.1 s");
	else if (o->filter != NULL && !utf8_valid(slice_str(o->filter)))
		err_set(e, "--filter is not UTF-8");
	else if (o->filter != NULL &&
	    filter_set(&t->filter, slice_str(o->filter), e) == -1)
		err_wrap(e, "--filter");
	else
		return top_choose(t, operands, e);
	return -1;
}

/* Without a terminal that can be drawn on there are only lists. */
static int
top_check_terminal(const struct top *t, struct errbuf *e)
{
	const char *term = getenv("TERM");

	if (t->opt.batch)
		return 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		err_set(e, "stdin and stdout must be a terminal; -b prints "
		    "lists instead");
	else if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0)
		err_set(e, "this terminal is too simple (TERM=%s); -b prints "
		    "lists instead", term != NULL ? term : "");
	else
		return 0;
	return -1;
}

static enum exit_status
top_run(struct top *t, struct errbuf *e)
{
	const struct client_events none = { 0 };
	enum exit_status status;

	if ((t->signals = stop_open(e)) == -1)
		return EXIT_WORK;
	status = tool_open(&t->tool, &t->client, &none, e);
	if (status == EXIT_DONE)
		status = t->opt.batch ? batch_run(t, e) : live_run(t, e);
	tool_leave(&t->tool, t->client, status);
	close(t->signals);
	return status;
}

int
main(int argc, char **argv)
{
	struct top t = { .tool = TOOL_INIT("wamp-top"), .signals = -1,
	    .opt = { .interval_ms = 2000, .rows = 100 } };
	struct top_options *o = &t.opt;
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "What is shown" },
		{ 'd', "delay", OPT_DURATION, .arg = "SECONDS",
		  .at = &o->interval_ms, .help = "between two looks (2)" },
		{ 's', "sort", OPT_STRING, .arg = "COLUMN", .at = &o->sort,
		  .help = "sort by that column" },
		{ 'r', "reverse", OPT_FLAG, .at = &o->reverse,
		  .help = "the other way round" },
		{ 'f', "filter", OPT_STRING, .arg = "TEXT", .at = &o->filter,
		  .help = "only rows with this text; ~ begins a regex" },
		{ 'o', "columns", OPT_STRING, .arg = "NAME,...",
		  .at = &o->columns, .help = "only these columns" },
		{ .long_name = "rows", .type = OPT_INT, .arg = "N",
		  .at = &o->rows, .min = 1, .max = ASK_LIMIT,
		  .help = "at most so many rows (100)" },
		{ .long_name = "color", .type = OPT_CHOICE, .arg = "WHEN",
		  .at = &o->color, .choices = look_colors, .rare = true,
		  .help = "colours: auto (on a terminal), always, never" },
		{ .type = OPT_HEADING, .help = "For scripts" },
		{ 'b', "batch", OPT_FLAG, .at = &o->batch,
		  .help = "print lists instead" },
		{ 'n', "iterations", OPT_INT, .arg = "N",
		  .at = &o->iterations, .min = 1, .max = INT64_MAX,
		  .help = "so many lists, then end" },
		{ '1', "once", OPT_FLAG, .at = &o->once,
		  .help = "-b -n 1" },
		{ .long_name = "json", .type = OPT_FLAG, .at = &o->json,
		  .help = "print JSON, one object a list" },
		TARGET_ROWS(&t.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-top",
		.synopsis = "[options] [sessions | topics | slow | handlers | "
		    "counters]",
		.summary = "Watch wampd: its sessions, topics and handlers.",
		.rows = rows,
		.operand = OPT_C_WORDS,
		.words = view_names,
	};
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status status = EXIT_USAGE;

	if (!tool_parse(&t.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	t.interval_ms = o->interval_ms;
	if (top_check(&t, &operands, &e) == -1 ||
	    top_check_terminal(&t, &e) == -1)
		status = EXIT_USAGE;
	else
		status = top_run(&t, &e);
	free(operands.v);
	answer_clear(&t.answer);
	filter_clear(&t.filter);
	status = (enum exit_status)tool_end(&t.tool, status, &e);
	if (t.signo != 0)
		stop_die(t.signo);
	return (int)status;
}
