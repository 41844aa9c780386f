/*
 * wamp-check.c: check a broker for a monitor, as the monitoring plug-ins'
 * guidelines say.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "check/certificate.h"
#include "check/probe.h"
#include "check/report.h"
#include "client/tool.h"
#include "proto/json.h"

#define CHECK_TIMEOUT	10000	/* ms, for a certificate */

static const char *const states[] = {
	[CHECK_OK] = "ok", [CHECK_WARNING] = "warning",
	[CHECK_CRITICAL] = "critical", [CHECK_UNKNOWN] = "unknown", NULL
};

struct check {
	struct tool tool;
	struct opt_list warning, critical;	/* NAME=RANGE */
	const char *certificate;	/* URL, or NULL */
	const char *probe_topic;	/* or NULL */
	int	    maintenance;	/* enum verdict */
	int	    draining;		/* enum verdict */
	struct probe probe;
	struct figures figures;
	struct report report;
};

/* ---- what is checked ---- */

/* A failure that is not the broker's is unknown. */
static enum verdict
verdict_of(enum exit_status status)
{
	switch (status) {
	case EXIT_DONE:
		return CHECK_OK;
	case EXIT_TIMEOUT:
	case EXIT_CONNECT:
	case EXIT_LOST:
		return CHECK_CRITICAL;
	case EXIT_WORK:
	case EXIT_USAGE:
	case EXIT_REFUSED:
	default:
		return CHECK_UNKNOWN;
	}
}

static int
tell_state(struct check *c, int verdict, const char *what)
{
	return verdict == CHECK_OK ? report_note(&c->report, "%s", what) :
	    report_problem(&c->report, (enum verdict)verdict, "%s", what);
}

/* What the broker says of itself. */
static int
take_answer(struct check *c, struct slice check)
{
	const struct figure *f;

	figures_read(&c->figures, check);
	if ((f = figures_find(&c->figures, "sessions")) != NULL &&
	    report_note(&c->report, "%.0f session%s", f->value,
	    f->value == 1 ? "" : "s") == -1)
		return -1;
	if ((f = figures_find(&c->figures, "topics")) != NULL &&
	    report_note(&c->report, "%.0f topic%s", f->value,
	    f->value == 1 ? "" : "s") == -1)
		return -1;
	if (json_member_is_true(check, "unsaved") && report_problem(&c->report,
	    CHECK_WARNING, "changes could not be written to the disk") == -1)
		return -1;
	if (json_member_is_true(check, "draining") &&
	    tell_state(c, c->draining, "draining") == -1)
		return -1;
	return json_member_is_true(check, "maintenance") ?
	    tell_state(c, c->maintenance, "maintenance is on") : 0;
}

/* Other servers, and wampd from afar, tell nothing of themselves. */
static enum exit_status
check_figures(struct check *c, struct client *client, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	if (!client_is_wampd(client))
		return EXIT_DONE;
	status = client_call(client, SLICE("wampd.check"), SLICE(""), &a, e);
	if (status != EXIT_DONE)
		return status;
	if (a.is_error && c->tool.where.url != NULL &&
	    slice_eq(a.uri, SLICE("\"wampd.error.not_permitted\"")))
		return EXIT_DONE;
	if (a.is_error) {
		client_explain(e, a.uri, a.desc);
		return EXIT_REFUSED;
	}
	if (a.result.len == 0 || a.result.p[0] != '{') {
		err_set(e, "the broker's answer is no object");
		return EXIT_REFUSED;
	}
	if (take_answer(c, a.result) == 0)
		return EXIT_DONE;
	err_set(e, "out of memory");
	return EXIT_WORK;
}

static enum exit_status
check_probe(struct check *c, struct client *client, struct errbuf *e)
{
	double seconds;
	enum exit_status status;

	if (c->probe_topic == NULL)
		return EXIT_DONE;
	status = probe_run(&c->probe, client, c->probe_topic, &seconds, e);
	if (status == EXIT_DONE)
		figures_add(&c->figures, "probe", "s", seconds, 0);
	else
		err_wrap(e, "--probe");
	return status;
}

static enum exit_status
check_broker(struct check *c, struct errbuf *e)
{
	const struct client_events events = { .event = probe_on_event,
	    .refused = probe_on_refused, .arg = &c->probe };
	int64_t began = clock_us();
	struct client *client;
	enum exit_status status;

	status = tool_open(&c->tool, &client, &events, e);
	if (status != EXIT_DONE)
		return status;
	figures_add(&c->figures, "connect", "s",
	    (double)(clock_us() - began) / 1e6, 0);
	if (report_note(&c->report, "%s", client_ident(client)) == -1) {
		err_set(e, "out of memory");
		status = EXIT_WORK;
	}
	if (status == EXIT_DONE)
		status = check_figures(c, client, e);
	if (status == EXIT_DONE)
		status = check_probe(c, client, e);
	tool_leave(&c->tool, client, status);
	return status;
}

static enum exit_status
check_certificate(struct check *c, struct errbuf *e)
{
	int64_t timeout = c->tool.where.timeout_ms;
	enum exit_status status;
	double days;

	if (c->certificate == NULL)
		return EXIT_DONE;
	status = certificate_look(&days, c->certificate, timeout >= 0 ?
	    timeout : CHECK_TIMEOUT, e);
	if (status == EXIT_DONE)
		figures_add(&c->figures, "certificate", "d", days, 0);
	else
		err_wrap(e, "--certificate");
	return status;
}

/* ---- the answer ---- */

static void
check_failed(struct check *c, enum exit_status status, const struct errbuf *e)
{
	if (status != EXIT_DONE)
		(void)report_problem(&c->report, verdict_of(status), "%s",
		    e->msg);
}

/* Check everything.  A failure of one part hides no other. */
static void
check_all(struct check *c)
{
	struct errbuf e = { "" };
	enum exit_status status = check_certificate(c, &e);
	bool whole = status == EXIT_DONE;

	check_failed(c, status, &e);
	status = check_broker(c, &e);
	whole = whole && status == EXIT_DONE;
	check_failed(c, status, &e);
	/* What a failure left out has no thresholds, and is told already. */
	if (figures_judge(&c->figures, &c->warning, &c->critical, &e) == -1) {
		if (whole)
			(void)report_problem(&c->report, CHECK_UNKNOWN, "%s",
			    e.msg);
		return;
	}
	if (report_figures(&c->report, &c->figures) == -1)
		c->report.verdict = CHECK_UNKNOWN;
}

static int
check_finish(struct check *c, bool verbose)
{
	struct buf out = { 0 };
	struct errbuf e = { "" };
	int rc = c->report.verdict;

	if (report_print(&out, &c->report, &c->figures, verbose) == -1) {
		err_set(&e, "out of memory");
		rc = CHECK_UNKNOWN;
	} else if (tool_print(&out, &e) != EXIT_DONE) {
		rc = CHECK_UNKNOWN;
	}
	if (e.msg[0] != '\0')
		tool_say(&c->tool, "%s", e.msg);
	buf_clear(&out);
	return rc;
}

/* ---- the command line ---- */

static int
check_options(const struct check *c, const struct opt_list *operands,
    struct errbuf *e)
{
	if (operands->n > 0)
		err_set(e, "wamp-check takes options only");
	else if (c->probe_topic != NULL &&
	    !utf8_valid(slice_str(c->probe_topic)))
		err_set(e, "--probe is not UTF-8");
	else
		return figures_check_lists(&c->warning, &c->critical, e);
	return -1;
}

/* The guidelines have -w and -c for thresholds, and -t for the time. */
static void
rename_timeout(struct opt *rows)
{
	for (; rows->long_name != NULL || rows->type == OPT_HEADING; rows++)
		if (rows->short_name == 'w' &&
		    strcmp(rows->long_name, "timeout") == 0)
			rows->short_name = 't';
}

int
main(int argc, char **argv)
{
	struct check c = { .tool = TOOL_INIT("wamp-check"),
	    .draining = CHECK_WARNING };
	struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Thresholds" },
		{ 'w', "warning", OPT_LIST, .arg = "NAME=RANGE",
		  .at = &c.warning,
		  .help = "WARNING if it is outside (repeatable)" },
		{ 'c', "critical", OPT_LIST, .arg = "NAME=RANGE",
		  .at = &c.critical,
		  .help = "CRITICAL if it is outside (repeatable)" },
		{ .long_name = "maintenance", .type = OPT_CHOICE,
		  .arg = "STATE", .at = &c.maintenance, .choices = states,
		  .help = "what maintenance is (ok)" },
		{ .long_name = "draining", .type = OPT_CHOICE,
		  .arg = "STATE", .at = &c.draining, .choices = states,
		  .help = "what a broker is that ends (warning)" },
		{ .type = OPT_HEADING, .help = "More checks" },
		{ .long_name = "probe", .type = OPT_STRING, .arg = "TOPIC",
		  .at = &c.probe_topic, .complete = OPT_C_TOPIC,
		  .help = "publish there, and wait for the event" },
		{ .long_name = "certificate", .type = OPT_STRING,
		  .arg = "URL", .at = &c.certificate,
		  .help = "wss://: when its certificate expires" },
		TARGET_ROWS(&c.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-check",
		.synopsis = "[options]",
		.summary = "Check a broker for a monitor: 0 OK, 1 WARNING, "
		    "2 CRITICAL, 3 UNKNOWN.",
		.rows = rows,
	};
	struct opt_list operands = { 0 };
	struct errbuf e = { "" };
	enum exit_status status = EXIT_DONE;
	bool verbose;
	int rc;

	rename_timeout(rows);
	if (!tool_parse(&c.tool, &spec, argc, argv, &operands, &status))
		return status == EXIT_USAGE ? CHECK_UNKNOWN : (int)status;
	/* Here, being verbose is to print more lines. */
	verbose = c.tool.where.verbose;
	c.tool.where.verbose = false;
	if (check_options(&c, &operands, &e) == -1) {
		tool_say(&c.tool, "%s", e.msg);
		rc = CHECK_UNKNOWN;
	} else {
		check_all(&c);
		rc = check_finish(&c, verbose);
	}
	free(operands.v);
	free(c.warning.v);
	free(c.critical.v);
	probe_clear(&c.probe);
	report_clear(&c.report);
	(void)tool_end(&c.tool, EXIT_DONE, &e);
	return rc;
}
