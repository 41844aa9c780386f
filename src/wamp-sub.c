/*
 * wamp-sub.c: print events, one JSON value a line.
 *
 * This file reads the command line; sub/ does the work.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "sub/receive.h"
#include "sub/sub.h"
#include "sub/take.h"

/* Why the options cannot be combined, or NULL. */
static const char *
sub_conflict(const struct sub_options *o)
{
	const struct output_format *f = &o->output;
	bool waits = o->within_ms >= 0 || o->idle_ms >= 0;

	if (f->object && (f->topic || f->raw))
		return "-j and -t or -r exclude each other";
	if (o->format != NULL && (f->object || f->topic || f->raw || f->nul))
		return "-F and -j, -t, -r or -0 exclude each other";
	if (o->format != NULL &&
	    (o->look.pretty || o->look.color == LOOK_ALWAYS))
		return "-F and --pretty or --color exclude each other";
	if (o->exit_ready && o->retained_only)
		return "-E and --retained-only exclude each other";
	if (o->exit_ready && (waits || o->limit > 0))
		return "-E and -C, -W or --idle exclude each other";
	if (program_args_given(&o->args) && o->program == NULL &&
	    o->format == NULL)
		return "--arg and --argjson need -e or -F";
	if (o->fresh && o->retained_only)
		return "--new and --retained-only exclude each other";
	if (old_wanted(&o->old) != NULL && (o->exit_ready || o->fresh))
		return "--last and --since exclude -E and --new";
	if (old_wanted(&o->old) != NULL && (o->all || o->prefixes.n > 0))
		return "--last and --since exclude --prefix and --all";
	if (o->retained_only && waits)
		return "--retained-only and -W or --idle exclude each other";
	return NULL;
}

/* Check the descriptor before we open any of our own, which could get the same
 * number.  Children must not inherit it. */
static int
sub_hold_ready_fd(const struct sub_options *o, struct errbuf *e)
{
	if (o->ready_fd < 0 ||
	    fcntl((int)o->ready_fd, F_SETFD, FD_CLOEXEC) == 0)
		return 0;
	err_set_errno(e, "--ready-fd %" PRId64, o->ready_fd);
	return -1;
}

static enum exit_status
sub_usage(struct sub *s, struct errbuf *e)
{
	const struct sub_options *o = &s->opt;
	const char *conflict = sub_conflict(o);
	size_t i;

	if (o->topics.n == 0 && o->prefixes.n == 0 && !o->all &&
	    s->routed.route == NULL)
		err_set(e, "need TOPIC");
	else if (conflict != NULL)
		err_set(e, "%s", conflict);
	else if (old_read(&s->opt.old, e) == -1 ||
	    sub_hold_ready_fd(o, e) == -1)
		return EXIT_USAGE;
	for (i = 0; i < o->topics.n && e->msg[0] == '\0'; i++)
		if (o->topics.v[i][0] == '\0')
			err_set(e, "TOPIC is empty");
		else if (!utf8_valid(slice_str(o->topics.v[i])))
			err_set(e, "TOPIC is not UTF-8");
	return e->msg[0] == '\0' ? EXIT_DONE : EXIT_USAGE;
}

/* Read the command line into *s.  false: main() returns *status. */
static bool
sub_parse(struct sub *s, int argc, char **argv, enum exit_status *status)
{
	struct sub_options *o = &s->opt;
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Topics", .rare = true },
		{ .long_name = "prefix", .type = OPT_LIST, .arg = "PREFIX",
		  .at = &o->prefixes, .complete = OPT_C_TOPIC,
		  .help = "all topics that begin with PREFIX" },
		{ .long_name = "all", .type = OPT_FLAG, .at = &o->all,
		  .help = "all topics", .rare = true },
		{ 'T', "without", OPT_LIST, "PATTERN", .at = &o->without,
		  .complete = OPT_C_TOPIC,
		  .help = "ignore topics like PATTERN: * ? [...]",
		  .rare = true },
		ROUTED_ROWS(&s->routed),
		{ .long_name = "new", .type = OPT_FLAG, .at = &o->fresh,
		  .rare = true,
		  .help = "do not print retained events" },
		{ .long_name = "last", .type = OPT_INT, .arg = "N",
		  .at = &o->old.last, .min = 1, .max = 1000000000,
		  .rare = true,
		  .help = "begin with the last N events of each topic" },
		{ .long_name = "since", .type = OPT_STRING, .arg = "TIME",
		  .at = &o->old.since, .rare = true,
		  .help = "begin with its events since TIME, such as 10m" },
		{ .type = OPT_HEADING, .help = "When to stop" },
		{ 'C', "count", OPT_INT, "N", .at = &o->limit, .min = 1,
		  .max = INT64_MAX, .help = "after N events" },
		{ 'W', "within", OPT_DURATION, "SECONDS", .at = &o->within_ms,
		  .help = "after SECONDS" },
		{ .long_name = "idle", .type = OPT_DURATION, .arg = "SECONDS",
		  .at = &o->idle_ms, .help = "after SECONDS without an event",
		  .rare = true },
		{ 'E', "exit-ready", OPT_FLAG, .at = &o->exit_ready,
		  .help = "when subscribed; print nothing",
		  .rare = true },
		{ .long_name = "retained-only", .type = OPT_FLAG,
		  .at = &o->retained_only, .rare = true,
		  .help = "after the retained and old events" },
		{ .long_name = "no-reconnect", .type = OPT_FLAG,
		  .at = &o->no_reconnect, .rare = true,
		  .help = "when the connection is lost" },
		{ .type = OPT_HEADING, .help = "Output" },
		{ 't', "topic", OPT_FLAG, .at = &o->output.topic,
		  .help = "topic, tab, event" },
		{ 'j', "json", OPT_FLAG, .at = &o->output.object,
		  .help = "objects with time, topic and event" },
		{ 'r', "raw", OPT_FLAG, .at = &o->output.raw,
		  .help = "strings without their quotes" },
		{ 'F', "format", OPT_STRING, "FORMAT", .at = &o->format,
		  .help = "in this format: %t %p %r %n %l %I %U %R %{.path}" },
		{ '0', "null-ended", OPT_FLAG, .at = &o->output.nul,
		  .help = "end events with NUL, not newline", .rare = true },
		LOOK_ROWS(&o->look),
		{ 'e', "jq", OPT_STRING, "PROGRAM", .at = &o->program,
		  .help = "what the jq program makes of each event" },
		PROGRAM_ARG_ROWS(&o->args),
		{ .long_name = "exec", .type = OPT_STRING, .arg = "COMMAND",
		  .at = &o->command, .complete = OPT_C_COMMAND,
		  .help = "run COMMAND in a shell for each event" },
		{ .long_name = "ready-file", .type = OPT_STRING,
		  .arg = "FILE", .at = &o->ready_file, .complete = OPT_C_FILE,
		  .help = "create FILE when subscribed", .rare = true },
		{ .long_name = "ready-fd", .type = OPT_INT, .arg = "N",
		  .at = &o->ready_fd, .min = STDERR_FILENO + 1,
		  .max = INT_MAX, .rare = true,
		  .help = "write a line to descriptor N when subscribed" },
		TARGET_ROWS(&s->tool.where),
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

	return tool_parse(&s->tool, &spec, argc, argv, &o->topics, status);
}

int
main(int argc, char **argv)
{
	struct sub s = { .tool = TOOL_INIT("wamp-sub"),
	    .opt = { .within_ms = -1, .idle_ms = -1, .ready_fd = -1,
	    .old = { .age_ms = -1, .at_ms = -1 } },
	    .sink = { .signals = -1, .stall_ms = -1 },
	    .signals = -1, .end_ms = -1 };
	struct errbuf e = { "" };
	enum exit_status status;

	if (!sub_parse(&s, argc, argv, &status))
		return (int)status;
	status = routed_take(&s.routed, &s.opt.topics, &e);
	if (status == EXIT_DONE)
		status = sub_usage(&s, &e);
	if (status == EXIT_DONE)
		status = take_prepare(&s, &e);
	if (status == EXIT_DONE)
		status = receive_run(&s, &e);
	free(s.opt.topics.v);
	free(s.opt.prefixes.v);
	free(s.opt.without.v);
	program_args_clear(&s.opt.args);
	take_clear(&s);
	routed_clear(&s.routed);
	return tool_end(&s.tool, status, &e);
}
