/*
 * wamp-bench.c: load generator and latency probe.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "client/tool.h"
#include "bench/bench.h"
#include "bench/event.h"

#define CLIENTS_MAX	1000000
#define MESSAGES_MAX	1000000000
#define EVENT_SIZE_MAX	(64 << 20)
#define RATE_MAX	1000000
#define DURATION_MAX	(10LL * 86400 * 1000)	/* milliseconds */

#define UNSET		(-1)	/* not given; in a row of modes: not allowed */

struct mode {
	const char  *name;
	bench_fn     run;
	bool	     connects;	/* to the server of -S or -u */
	bool	     peers;	/* the server may be a broker without WAMP */
	bool	     lockstep;	/* takes --lockstep */
	bool	     waits;	/* for other programs: takes --ready-file */
	struct bench defaults;	/* of the numbers below, and the procedure;
				 * NULL: nothing is called */
};

static const struct mode modes[] = {
	{ "pub", bench_pub, .connects = true,
	  .defaults = { .clients = 1, .topics = 1, .messages = 0, .size = 64,
	    .rate = 0, .window = 1000, .duration_ms = 0,
	    .procedure = "wampd.barrier" } },
	{ "sub", bench_sub, .connects = true, .waits = true,
	  .defaults = { .clients = 1, .topics = 1, .messages = 0,
	    .size = 65536, .rate = UNSET, .window = UNSET, .duration_ms = 0,
	    .procedure = "wampd.barrier" } },
	{ "fan", bench_fan, .connects = true, .peers = true, .lockstep = true,
	  .defaults = { .clients = 100, .topics = 1, .messages = 10000,
	    .size = 64,
	    .rate = UNSET, .window = UNSET, .duration_ms = UNSET,
	    .procedure = "wampd.echo" } },
	{ "latency", bench_latency, .connects = true, .peers = true,
	  .defaults = { .clients = 200, .topics = 1, .messages = UNSET,
	    .size = 64, .rate = 500, .window = UNSET,
	    .duration_ms = 10000, .procedure = "wampd.echo" } },
	{ "call", bench_call, .connects = true,
	  .defaults = { .clients = 1, .topics = UNSET, .messages = 100000,
	    .size = 64, .rate = UNSET, .window = 50, .duration_ms = UNSET,
	    .procedure = "wampd.echo" } },
	{ "idle", bench_idle, .connects = true, .peers = true,
	  .defaults = { .clients = 1000, .topics = UNSET, .messages = UNSET,
	    .size = UNSET, .rate = UNSET, .window = 64, .duration_ms = 0 } },
	{ "storm", bench_storm, .connects = true, .peers = true,
	  .defaults = { .clients = 1000, .topics = UNSET, .messages = UNSET,
	    .size = UNSET, .rate = UNSET, .window = CLIENTS_MAX,
	    .duration_ms = UNSET } },
	{ "sendloop", bench_sendloop, .lockstep = true,
	  .defaults = { .clients = 100, .topics = UNSET, .messages = 10000,
	    .size = 64, .rate = UNSET, .window = UNSET,
	    .duration_ms = UNSET } },
};

#define MODES	(sizeof(modes) / sizeof(modes[0]))

/* The numbers for which a mode has a default, or which it does not allow. */
static const struct {
	const char *option;
	size_t	    at;		/* an int64_t in struct bench */
} numbers[] = {
	{ "--clients", offsetof(struct bench, clients) },
	{ "--topics", offsetof(struct bench, topics) },
	{ "--messages", offsetof(struct bench, messages) },
	{ "--size", offsetof(struct bench, size) },
	{ "--rate", offsetof(struct bench, rate) },
	{ "--window", offsetof(struct bench, window) },
	{ "--duration", offsetof(struct bench, duration_ms) },
};

#define NUMBERS	(sizeof(numbers) / sizeof(numbers[0]))

struct command {
	struct tool	tool;
	struct bench	bench;
	struct report	report;
	struct progress	progress;
	const struct mode *mode;
};

/* The modes' names, ended by NULL. */
static void
mode_words(const char *words[MODES + 1])
{
	size_t i;

	for (i = 0; i < MODES; i++)
		words[i] = modes[i].name;
	words[MODES] = NULL;
}

/* TARGET_ROWS() has more options than this tool needs. */
static bool
command_parse(struct command *c, int argc, char **argv,
    struct opt_list *operands, enum exit_status *status)
{
	struct target_opts *where = &c->tool.where;
	struct bench *b = &c->bench;
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Server", .rare = true },
		{ .short_name = 'S', .long_name = "control",
		  .type = OPT_STRING, .arg = "PATH", .at = &where->control,
		  .help = "the broker's Unix socket",
		  .complete = OPT_C_FILE },
		{ .short_name = 'u', .long_name = "url",
		  .type = OPT_STRING, .arg = "URL", .at = &where->url,
		  .help = "a server, ws://, wss:// or another broker's" },
		{ .long_name = "insecure",
		  .type = OPT_FLAG, .at = &where->insecure,
		  .help = "wss: accept any certificate" },
		{ .short_name = 'w', .long_name = "timeout",
		  .type = OPT_DURATION, .arg = "SECONDS",
		  .at = &where->timeout_ms,
		  .help = "give up after this time without an answer" },
		TARGET_KEEPALIVE_ROW(where),
		{ .long_name = "procedure",
		  .type = OPT_STRING, .arg = "URI", .at = &b->procedure,
		  .help = "procedure to call, if the server is not wampd",
		  .complete = OPT_C_PROCEDURE },
		{ .long_name = "pid",
		  .type = OPT_INT, .arg = "PID", .at = &b->pid,
		  .help = "process of the server, to measure it",
		  .min = 1, .max = INT32_MAX },
		{ .type = OPT_HEADING, .help = "Load", .rare = true },
		{ .long_name = "clients",
		  .type = OPT_INT, .arg = "N", .at = &b->clients,
		  .help = "number of sessions",
		  .min = 1, .max = CLIENTS_MAX },
		{ .long_name = "topic",
		  .type = OPT_STRING, .arg = "NAME", .at = &b->topic,
		  .help = "the topic, or the beginning of each topic",
		  .complete = OPT_C_TOPIC },
		{ .long_name = "topics",
		  .type = OPT_INT, .arg = "N", .at = &b->topics,
		  .help = "number of topics",
		  .min = 1, .max = CLIENTS_MAX },
		{ .long_name = "messages",
		  .type = OPT_INT, .arg = "N", .at = &b->messages,
		  .help = "number of events or calls",
		  .min = 1, .max = MESSAGES_MAX },
		{ .long_name = "size",
		  .type = OPT_INT, .arg = "BYTES", .at = &b->size,
		  .help = "size of an event or an argument",
		  .min = EVENT_SIZE_MIN, .max = EVENT_SIZE_MAX },
		{ .long_name = "rate",
		  .type = OPT_INT, .arg = "N", .at = &b->rate,
		  .help = "events a second",
		  .min = 1, .max = RATE_MAX },
		{ .long_name = "window",
		  .type = OPT_INT, .arg = "N", .at = &b->window,
		  .help = "pending events, calls or handshakes",
		  .min = 1, .max = CLIENTS_MAX },
		{ .long_name = "duration",
		  .type = OPT_DURATION, .arg = "SECONDS", .at = &b->duration_ms,
		  .help = "how long to publish, listen or wait" },
		{ .long_name = "lockstep",
		  .type = OPT_FLAG, .at = &b->lockstep,
		  .help = "publish when all have got the last event" },
		{ .type = OPT_HEADING, .help = "Output", .rare = true },
		{ .short_name = 'j', .long_name = "json",
		  .type = OPT_FLAG, .at = &c->report.json,
		  .help = "print one JSON object" },
		{ .long_name = "csv",
		  .type = OPT_FLAG, .at = &c->report.csv,
		  .help = "print a line of names and a line of values" },
		{ .long_name = "ready-file",
		  .type = OPT_STRING, .arg = "FILE", .at = &b->ready_file,
		  .help = "create FILE when all have subscribed",
		  .complete = OPT_C_FILE },
		{ .short_name = 'q', .long_name = "quiet",
		  .type = OPT_FLAG, .at = &where->quiet,
		  .help = "print nothing on stderr" },
		{ .long_name = NULL }
	};
	const char *words[MODES + 1];
	const struct opt_spec spec = {
		.name = c->tool.name,
		.synopsis = "[options] "
		    "pub|sub|fan|latency|call|idle|storm|sendloop",
		.summary = "Put load on a WAMP server and measure it.",
		.rows = rows,
		.operand = OPT_C_WORDS,
		.words = words,
	};

	mode_words(words);
	return tool_parse(&c->tool, &spec, argc, argv, operands, status);
}

static const struct mode *
mode_find(const struct opt_list *operands, struct errbuf *e)
{
	const char *words[MODES + 1];
	int i;

	if (operands->n != 1) {
		err_set(e, "need one mode, see wamp-bench -h");
		return NULL;
	}
	mode_words(words);
	if ((i = opt_word(words, operands->v[0], e)) != -1)
		return &modes[i];
	err_wrap(e, "mode");
	return NULL;
}

static int64_t *
number_at(struct bench *b, size_t i)
{
	return (void *)((char *)b + numbers[i].at);
}

static int
refuse(const struct mode *mode, const char *option, struct errbuf *e)
{
	err_set(e, "%s does not use %s", mode->name, option);
	return -1;
}

/* Options with defaults: refuse those that the mode does not allow, and fill in
 * those that are not given. */
static int
command_default(struct bench *b, const struct mode *mode, struct errbuf *e)
{
	struct bench defaults = mode->defaults;
	int64_t *given, value;
	size_t i;

	for (i = 0; i < NUMBERS; i++) {
		given = number_at(b, i);
		value = *number_at(&defaults, i);
		if (*given != UNSET && value == UNSET)
			return refuse(mode, numbers[i].option, e);
		if (*given == UNSET)
			*given = value;
	}
	if (b->topic != NULL && defaults.topics == UNSET)
		return refuse(mode, "--topic", e);
	if (b->topic == NULL)
		b->topic = "bench";
	if (b->procedure != NULL && defaults.procedure == NULL)
		return refuse(mode, "--procedure", e);
	if (b->procedure == NULL)
		b->procedure = defaults.procedure;
	return 0;
}

static int
command_check(struct command *c, struct errbuf *e)
{
	const struct mode *mode = c->mode;
	struct bench *b = &c->bench;

	if (command_default(b, mode, e) == -1)
		return -1;
	if (b->lockstep && !mode->lockstep)
		return refuse(mode, "--lockstep", e);
	if (b->ready_file != NULL && !mode->waits)
		return refuse(mode, "--ready-file", e);
	if (!mode->connects && (c->tool.where.control != NULL ||
	    c->tool.where.url != NULL))
		return refuse(mode, "--control or --url", e);
	if (c->report.json && c->report.csv) {
		err_set(e, "--json and --csv exclude each other");
		return -1;
	}
	if (b->duration_ms > DURATION_MAX) {
		err_set(e, "--duration: more than 10 days");
		return -1;
	}
	return 0;
}

/* Find the server.  A mode without a server only needs the timeouts. */
static enum exit_status
command_server(struct command *c, struct errbuf *e)
{
	struct server *server = &c->bench.server;
	const struct mode *mode = c->mode;
	struct target target;
	enum exit_status st;

	st = target_resolve(&target, &c->tool.where, e);
	c->bench.timeout_ms = target.client.timeout_ms;
	c->bench.keepalive_ms = target.client.keepalive_ms;
	if (st == EXIT_DONE && mode->connects)
		st = server_init(server, &target.client, e);
	target_clear(&target);
	if (st != EXIT_DONE || !mode->connects)
		return st;
	if (protocol_is_wamp(server->protocol))
		return EXIT_DONE;
	if (mode->peers && c->bench.procedure == mode->defaults.procedure)
		return EXIT_DONE;
	err_set(e, "%s is for WAMP only",
	    mode->peers ? "--procedure" : mode->name);
	return EXIT_USAGE;
}

static enum exit_status
command_run(struct command *c, struct errbuf *e)
{
	struct errbuf unwritten;
	enum exit_status st, end;

	if (command_check(c, e) == -1)
		return EXIT_USAGE;
	if ((st = command_server(c, e)) != EXIT_DONE)
		return st;
	progress_start(&c->progress, c->tool.where.quiet);
	st = c->mode->run(&c->bench, &c->report, e);
	progress_end(&c->progress);	/* after a failure it is still shown */
	end = report_end(&c->report, &unwritten);
	if (st != EXIT_DONE || end == EXIT_DONE)
		return st;
	*e = unwritten;
	return end;
}

int
main(int argc, char **argv)
{
	struct command c = { .tool = TOOL_INIT("wamp-bench") };
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status st = EXIT_USAGE;
	size_t i;

	for (i = 0; i < NUMBERS; i++)
		*number_at(&c.bench, i) = UNSET;
	if (!command_parse(&c, argc, argv, &operands, &st))
		return (int)st;
	if ((c.mode = mode_find(&operands, &e)) != NULL) {
		c.report.tool = &c.tool;
		c.report.mode = c.mode->name;
		c.report.progress = c.bench.progress = &c.progress;
		st = command_run(&c, &e);
	}
	server_clear(&c.bench.server);
	free(operands.v);
	return tool_end(&c.tool, st, &e);
}
