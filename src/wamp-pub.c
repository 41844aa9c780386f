/*
 * wamp-pub.c: publish JSON events from an argument, a file or a pipe.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/records.h"
#include "base/utf8.h"
#include "proto/json.h"
#include "client/publisher.h"
#include "client/routed.h"
#include "client/tool.h"

#define PUB_EVENT_MAX	(64u << 20)	/* bytes; a server's limit is lower */

struct pub {
	struct tool tool;
	/* options and operands */
	const char *topic;	/* NULL: with --route, not known yet */
	struct routed routed;
	const char *json;	/* the operand; NULL: none */
	const char *file;
	bool	    lines, nul, string, null, skip_invalid;
	struct publisher_audience audience;
	/* work */
	struct client *client;
	struct publisher publisher;
	struct records in;
	struct slice event;	/* the only one, without a stream */
	struct buf   quoted;	/* the event of -s */
	uint64_t     skipped;	/* --skip-invalid */
};

/* ---- events ---- */

/* The event that a text stands for: itself, or with -s a string of it.  0 or
 * -1. */
static int
pub_convert(struct pub *p, struct slice text, struct slice *event,
    struct errbuf *e)
{
	struct json_elem elem;
	struct json_error je;

	if (p->string) {
		if (!utf8_valid(text)) {
			err_set(e, "not UTF-8");
			return -1;
		}
		buf_reset(&p->quoted);
		if (json_quote(&p->quoted, text) == -1) {
			err_set(e, "out of memory");
			return -1;
		}
		*event = buf_slice(&p->quoted);
		return 0;
	}
	/* One level is the message's own array. */
	if (json_scan_value(text, JSON_DEPTH_DEFAULT - 1, &elem, &je) == -1) {
		err_set(e, "invalid JSON: %s at byte %zu (-s takes text as a "
		    "string)", je.what, je.offset + 1);
		return -1;
	}
	*event = elem.text;
	return 0;
}

static const char *
pub_source(const struct pub *p)
{
	return p->file != NULL ? p->file : "stdin";
}

/* Put the place before the message: "line 7: …". */
static void
pub_locate(const struct pub *p, uint64_t number, struct errbuf *e)
{
	if (p->lines || p->nul)
		err_wrap(e, "%s %" PRIu64, p->lines ? "line" : "record",
		    number);
	else
		err_wrap(e, "%s", pub_source(p));
}

/* ---- the stream ---- */

static enum exit_status
pub_record(struct pub *p, struct slice record, struct errbuf *e)
{
	struct slice event;

	if (pub_convert(p, record, &event, e) == 0)
		return publisher_send(&p->publisher, event, e);
	pub_locate(p, p->in.count, e);
	if (!p->skip_invalid)
		return EXIT_WORK;
	tool_say(&p->tool, "%s, skipped", e->msg);
	p->skipped++;
	return EXIT_DONE;
}

/* Read on.  When there is nothing to read the input pauses: what is queued
 * leaves, and is acknowledged, before we wait. */
static enum exit_status
pub_more(struct pub *p, struct errbuf *e)
{
	enum exit_status status;
	bool ready;

	status = client_wait(p->client, 0, p->in.fd, &ready, e);
	if (status == EXIT_DONE && !ready)
		status = publisher_acknowledge(&p->publisher, e);
	while (status == EXIT_DONE && !ready)
		status = client_wait(p->client, -1, p->in.fd, &ready, e);
	if (status != EXIT_DONE)
		return status;
	if (records_read(&p->in, e) == 0)
		return EXIT_DONE;
	err_wrap(e, "%s", pub_source(p));
	return EXIT_WORK;
}

static enum exit_status
pub_stream(struct pub *p, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	struct slice record;

	while (status == EXIT_DONE)
		switch (records_next(&p->in, &record)) {
		case RECORDS_GOT:
			status = pub_record(p, record, e);
			break;
		case RECORDS_MORE:
			status = pub_more(p, e);
			break;
		case RECORDS_TOO_LONG:
			err_set(e, "longer than %u bytes", PUB_EVENT_MAX);
			pub_locate(p, p->in.count + 1, e);
			return EXIT_WORK;
		case RECORDS_DONE:
			return EXIT_DONE;
		}
	return status;
}

/* ---- the run ---- */

static bool
pub_streams(const struct pub *p)
{
	return p->json == NULL && !p->null;
}

/* Open the input, or check the one event, before there is a connection. */
static enum exit_status
pub_prepare(struct pub *p, struct errbuf *e)
{
	int fd = STDIN_FILENO;

	if (p->null) {
		p->event = SLICE("null");
		return EXIT_DONE;
	}
	if (p->json != NULL)
		return pub_convert(p, slice_str(p->json), &p->event, e) == 0 ?
		    EXIT_DONE : EXIT_WORK;
	if (p->file != NULL &&
	    (fd = open(p->file, O_RDONLY | O_CLOEXEC)) == -1) {
		err_set_errno(e, "%s", p->file);
		return EXIT_WORK;
	}
	records_init(&p->in, fd, p->lines ? RECORDS_LINES :
	    p->nul ? RECORDS_NUL : RECORDS_WHOLE, PUB_EVENT_MAX);
	return EXIT_DONE;
}

/* Publish all, and have it acknowledged: before an invalid line, too. */
static enum exit_status
pub_all(struct pub *p, struct errbuf *e)
{
	enum exit_status status, finished;
	struct errbuf why;

	status = publisher_init(&p->publisher, p->client, p->topic,
	    &p->audience, e);
	if (status == EXIT_DONE)
		status = pub_streams(p) ? pub_stream(p, e) :
		    publisher_send(&p->publisher, p->event, e);
	if (status != EXIT_DONE && status != EXIT_WORK) {
		client_free(p->client);
		return status;
	}
	if ((finished = publisher_finish(&p->publisher, &why)) != EXIT_DONE) {
		*e = why;
		status = finished;
	}
	return status;
}

/* Add to a failure what became of the events, or say it with -v. */
static void
pub_report(const struct pub *p, enum exit_status status, bool wampd,
    struct errbuf *e)
{
	const struct publisher *sum = &p->publisher;
	char text[128];

	if (wampd)
		(void)snprintf(text, sizeof(text), "%" PRIu64 " of %" PRIu64
		    " events acknowledged, %" PRIu64 " deliveries",
		    sum->accepted, sum->sent, sum->delivered);
	else
		(void)snprintf(text, sizeof(text), "%" PRIu64 " events sent "
		    "to a server that acknowledges none", sum->sent);
	if (status == EXIT_LOST || status == EXIT_TIMEOUT) {
		struct errbuf why = *e;

		err_set(e, "%.300s (%s)", why.msg, text);
	} else if (p->tool.where.verbose) {
		tool_say(&p->tool, "%s", text);
	}
}

static enum exit_status
pub_run(struct pub *p, struct errbuf *e)
{
	struct client_events events = { .refused = publisher_refused,
	    .arg = &p->publisher };
	enum exit_status status;
	bool wampd;

	if ((status = pub_prepare(p, e)) != EXIT_DONE)
		return status;
	status = routed_open(&p->routed, &p->tool, &p->client, &events, e);
	if (status != EXIT_DONE)
		return status;
	if (p->routed.topic != NULL)
		p->topic = p->routed.topic;
	wampd = client_is_wampd(p->client);
	status = pub_all(p, e);
	pub_report(p, status, wampd, e);
	if (status == EXIT_DONE && p->skipped > 0) {
		err_set(e, "%" PRIu64 " invalid event%s skipped",
		    p->skipped, p->skipped == 1 ? "" : "s");
		status = EXIT_WORK;
	}
	return status;
}

/* ---- the command line ---- */

static enum exit_status
pub_operands(struct pub *p, const struct opt_list *operands,
    struct errbuf *e)
{
	bool input = p->lines || p->nul || p->file != NULL;
	bool routed = p->routed.route != NULL;
	const char *topic = routed || operands->n == 0 ? NULL :
	    operands->v[0];
	size_t events = operands->n - (topic != NULL);

	if (routed && events > 1)
		err_set(e, "with --route need name=value, no TOPIC, and at "
		    "most one event");
	else if (!routed && (topic == NULL || events > 1))
		err_set(e, "need TOPIC, and at most one event");
	else if (topic != NULL && topic[0] == '\0')
		err_set(e, "TOPIC is empty");
	else if (topic != NULL && !utf8_valid(slice_str(topic)))
		err_set(e, "TOPIC is not UTF-8");
	else if (events == 1 && (input || p->null))
		err_set(e, "an event on the command line and -l, -0, -f or -n "
		    "exclude each other");
	else if (p->null && (input || p->string))
		err_set(e, "-n and -l, -0, -f or -s exclude each other");
	else if (p->lines && p->nul)
		err_set(e, "-l and -0 exclude each other");
	else if (p->skip_invalid && !p->lines && !p->nul)
		err_set(e, "--skip-invalid needs -l or -0");
	else {
		p->topic = topic;
		p->json = events == 1 ? operands->v[operands->n - 1] : NULL;
		return EXIT_DONE;
	}
	return EXIT_USAGE;
}

static void
pub_clear(struct pub *p)
{
	publisher_clear(&p->publisher);
	records_clear(&p->in);
	buf_clear(&p->quoted);
	routed_clear(&p->routed);
	free(p->audience.exclude.v);
	free(p->audience.eligible.v);
}

int
main(int argc, char **argv)
{
	struct pub p = { .tool = { "wamp-pub", TARGET_OPTS_INIT } };
	const struct opt rows[] = {
		{ 'l', "lines", OPT_FLAG, .at = &p.lines,
		  .help = "each line of the input is an event" },
		{ '0', "null-ended", OPT_FLAG, .at = &p.nul,
		  .help = "each NUL-ended record is an event" },
		{ 'f', "file", OPT_STRING, "FILE", .at = &p.file,
		  .complete = OPT_C_FILE, .help = "read FILE, not stdin" },
		{ 's', "string", OPT_FLAG, .at = &p.string,
		  .help = "the event is text, published as a string" },
		{ 'n', "null", OPT_FLAG, .at = &p.null,
		  .help = "publish null" },
		{ .long_name = "skip-invalid", .type = OPT_FLAG,
		  .at = &p.skip_invalid,
		  .help = "report invalid events and go on" },
		ROUTED_ROWS(&p.routed),
		{ .long_name = "exclude", .type = OPT_LIST, .arg = "ID",
		  .at = &p.audience.exclude,
		  .help = "not this session (repeatable)" },
		{ .long_name = "eligible", .type = OPT_LIST, .arg = "ID",
		  .at = &p.audience.eligible,
		  .help = "only this session (repeatable)" },
		{ .long_name = "exclude-me", .type = OPT_FLAG,
		  .at = &p.audience.exclude_me,
		  .help = "not the publisher itself" },
		TARGET_ROWS(&p.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-pub",
		.synopsis = "[options] TOPIC [JSON]",
		.summary = "Publish JSON events; without JSON, stdin is the "
		    "event.",
		.rows = rows,
		.operand = OPT_C_TOPIC,
	};
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status status;

	if (!tool_parse(&p.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	status = routed_take(&p.routed, &operands, &e);
	if (status == EXIT_DONE)
		status = pub_operands(&p, &operands, &e);
	if (status == EXIT_DONE)
		status = pub_run(&p, &e);
	free(operands.v);
	pub_clear(&p);
	return tool_end(&p.tool, status, &e);
}
