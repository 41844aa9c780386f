/*
 * wamp-pub.c: publish JSON events from an argument, a file or a pipe.
 */
#include <stdlib.h>

#include "base/stop.h"
#include "pub/options.h"
#include "pub/run.h"

static enum exit_status
pub_main(struct pub_options *o, struct opt_list *operands, struct errbuf *e)
{
	enum exit_status status;
	int signo = 0;

	if ((status = options_check(o, operands, e)) == EXIT_DONE)
		status = pub_run(o, &signo, e);
	if (signo != 0) {
		(void)tool_end(&o->tool, EXIT_LOST, e);
		stop_die(signo);
	}
	return status;
}

int
main(int argc, char **argv)
{
	struct pub_options o = { .tool = TOOL_INIT("wamp-pub"),
	    .delay_ms = -1, .rate = -1 };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Input" },
		{ 'l', "lines", OPT_FLAG, .at = &o.lines,
		  .help = "each line of the input is an event" },
		{ '0', "null-ended", OPT_FLAG, .at = &o.nul,
		  .help = "each NUL-ended record is an event" },
		{ 'f', "file", OPT_LIST, "FILE", .at = &o.files,
		  .complete = OPT_C_FILE,
		  .help = "read FILE, not stdin (repeatable)" },
		{ 's', "string", OPT_FLAG, .at = &o.string,
		  .help = "the event is text, published as a string" },
		{ 'n', "null", OPT_FLAG, .at = &o.null,
		  .help = "publish null" },
		{ .long_name = "replay", .type = OPT_STRING, .arg = "FILE",
		  .at = &o.replay, .complete = OPT_C_FILE, .rare = true,
		  .help = "publish again what wamp-sub -j has recorded" },
		{ .long_name = "speed", .type = OPT_STRING, .arg = "N",
		  .at = &o.speed_text, .rare = true,
		  .help = "N times as fast as recorded; max: at once" },
		{ .long_name = "skip-invalid", .type = OPT_FLAG,
		  .at = &o.skip_invalid, .rare = true,
		  .help = "report and skip invalid events" },
		{ .long_name = "from-line", .type = OPT_INT, .arg = "N",
		  .at = &o.from, .min = 1, .max = INT64_MAX, .rare = true,
		  .help = "begin with the Nth line or record" },
		{ .long_name = "from-value", .type = OPT_INT, .arg = "N",
		  .at = &o.from_value, .min = 1, .max = INT64_MAX,
		  .rare = true,
		  .help = "begin with the Nth JSON value" },
		{ .type = OPT_HEADING, .help = "Events and topics" },
		{ 'e', "jq", OPT_STRING, "PROGRAM", .at = &o.filter,
		  .help = "publish what jq makes of each event" },
		{ .long_name = "topic-jq", .type = OPT_STRING,
		  .arg = "PROGRAM", .at = &o.topic_filter,
		  .help = "the topic is what jq makes of the event" },
		PROGRAM_ARG_ROWS(&o.args),
		{ .long_name = "retain", .type = OPT_FLAG,
		  .at = &o.how.retain,
		  .help = "later subscribers get the event, too" },
		{ .long_name = "retain-for", .type = OPT_DURATION,
		  .arg = "SECONDS", .at = &o.how.retain_ms, .rare = true,
		  .help = "those within this time do" },
		ROUTED_ROWS(&o.routed),
		{ .long_name = "exclude", .type = OPT_LIST, .arg = "ID",
		  .at = &o.how.exclude, .rare = true,
		  .complete = OPT_C_SESSION,
		  .help = "this session does not get it (repeatable)" },
		{ .long_name = "eligible", .type = OPT_LIST, .arg = "ID",
		  .at = &o.how.eligible, .rare = true,
		  .complete = OPT_C_SESSION,
		  .help = "only this session gets it (repeatable)" },
		{ .long_name = "exclude-me", .type = OPT_FLAG,
		  .at = &o.how.exclude_me, .rare = true,
		  .help = "the publisher does not get it" },
		{ .type = OPT_HEADING, .help = "Pace" },
		{ .long_name = "repeat", .type = OPT_INT, .arg = "N",
		  .at = &o.repeat, .min = 1, .max = INT64_MAX, .rare = true,
		  .help = "publish each event N times" },
		{ .long_name = "delay", .type = OPT_DURATION,
		  .arg = "SECONDS", .at = &o.delay_ms, .rare = true,
		  .help = "wait between events" },
		{ .long_name = "rate", .type = OPT_INT, .arg = "N",
		  .at = &o.rate, .min = 1, .max = 1000000000, .rare = true,
		  .help = "publish at most N events a second" },
		{ .long_name = "dry-run", .type = OPT_FLAG,
		  .at = &o.dry_run, .rare = true,
		  .help = "print the messages, do not connect" },
		TARGET_ROWS(&o.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-pub",
		.synopsis = "[options] TOPIC [JSON]",
		.summary = "Publish JSON events; without JSON, or with -, "
		    "read them from stdin.",
		.rows = rows,
		.operand = OPT_C_TOPIC,
	};
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status status;

	if (!tool_parse(&o.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	status = pub_main(&o, &operands, &e);
	free(operands.v);
	options_clear(&o);
	return tool_end(&o.tool, status, &e);
}
