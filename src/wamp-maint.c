/*
 * wamp-maint.c: turn the maintenance notice on and off.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/stop.h"
#include "maint/maint.h"
#include "maint/run.h"

#define MAINT_EXIT_ON	10	/* status: maintenance is on */

/* ---- status ---- */

static enum exit_status
maint_status(struct maint *m, bool *on, struct errbuf *e)
{
	enum exit_status status;
	struct slice json;
	struct state s;

	if (!client_is_wampd(m->client)) {
		err_set(e, "%s keeps no maintenance state",
		    client_ident(m->client));
		return EXIT_REFUSED;
	}
	status = maint_look(m, &s, &json, e);
	if (status != EXIT_DONE)
		return status;
	if (json.len == 0) {
		err_set(e, "the maintenance state is unknown: no event has "
		    "been received");
		return EXIT_REFUSED;
	}
	*on = s.is.on;
	if (m->json && !m->remote)
		return maint_print(json, e);
	if ((m->json ? state_json : state_text)(&m->text, &s) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return tool_print_text(&m->text, e);
}

/* ---- the command line ---- */

enum maint_action { MAINT_ON, MAINT_OFF, MAINT_RUN, MAINT_STATUS,
    MAINT_WATCH };

static const char *const action_names[] = { "on", "off", "run", "status",
    "watch", NULL };

/* status and watch take no options that change something. */
static int
maint_check_looking(const struct maint *m, const char *action,
    struct errbuf *e)
{
	const struct order *o = &m->order;

	if (o->user_id < 0 && o->message == NULL && o->at_text == NULL &&
	    o->until_text == NULL && o->for_ms < 0 &&
	    o->warn_texts.n == 0 && m->lock_file == NULL &&
	    !m->dry_run)
		return 0;
	err_set(e, "%s takes only --json and the options for the server",
	    action);
	return -1;
}

/* run prints nothing on stdout, which is the command's, and begins at once. */
static int
maint_check_run(const struct maint *m, const struct opt_list *operands,
    struct errbuf *e)
{
	if (operands->n < 2)
		err_set(e, "run needs a command: run -- COMMAND "
		    "[ARGUMENT...]");
	else if (m->order.at_text != NULL || m->order.warn_texts.n > 0 ||
	    m->json || m->dry_run)
		err_set(e, "run does not take --at, --warn, --json and "
		    "--dry-run; put the command's own options after --");
	else
		return 0;
	return -1;
}

static int
maint_check(struct maint *m, const struct opt_list *operands,
    enum maint_action *action, struct errbuf *e)
{
	int i = 0;

	if (operands->n > 0 &&
	    (i = opt_word(action_names, operands->v[0], e)) == -1)
		return -1;
	*action = (enum maint_action)i;
	if (operands->n == 0 || (operands->n > 1 && *action != MAINT_RUN)) {
		err_set(e, "need one of on, off, run, status and watch");
		return -1;
	}
	if (*action == MAINT_RUN && maint_check_run(m, operands, e) == -1)
		return -1;
	if (*action == MAINT_STATUS || *action == MAINT_WATCH)
		return maint_check_looking(m, operands->v[0], e);
	if (order_resolve(&m->order, *action != MAINT_OFF, clock_wall_ms(),
	    e) == -1)
		return -1;
	/* This process will not exist any more at that time. */
	if (m->lock_file == NULL || !order_is_timed(&m->order))
		return 0;
	err_set(e, "--lock-file cannot be combined with --at, --for and "
	    "--until: use maintenance.lock_file of wampd.yml");
	return -1;
}

static enum exit_status
maint_act(struct maint *m, enum maint_action action, bool *on,
    struct errbuf *e)
{
	const struct client_events events = { .event = maint_on_event,
	    .refused = maint_on_refused, .arg = m };
	enum exit_status status = EXIT_DONE;

	if (action == MAINT_WATCH)
		return maint_watch(m, e);
	if (action == MAINT_OFF)
		status = maint_open_application(m, e);
	if (status == EXIT_DONE)
		status = tool_open(&m->tool, &m->client, &events, e);
	if (status != EXIT_DONE)
		return status;
	if (action == MAINT_STATUS)
		status = maint_status(m, on, e);
	else
		status = maint_set(m, e);
	tool_leave(&m->tool, m->client, status);
	return status;
}

/* The operands after "run", NULL-terminated as for exec. */
static enum exit_status
maint_run_command(struct maint *m, const struct opt_list *operands,
    struct run_end *end, struct errbuf *e)
{
	char **command = calloc(operands->n, sizeof(*command));
	enum exit_status status;
	size_t i;

	if (command == NULL) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	for (i = 1; i < operands->n; i++)
		command[i - 1] = (char *)(uintptr_t)operands->v[i];
	status = run_command(m, command, end, e);
	free(command);
	return status;
}

int
main(int argc, char **argv)
{
	struct maint m = { .tool = TOOL_INIT("wamp-maint"),
	    .order = ORDER_INIT };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Notice" },
		{ 'm', "message", OPT_STRING, .arg = "TEXT",
		  .at = &m.order.message,
		  .help = "a message for the users" },
		{ .long_name = "at", .type = OPT_STRING, .arg = "TIME",
		  .at = &m.order.at_text,
		  .help = "on: when to begin, 14:30, 2026-12-24T22:00, +10m" },
		{ .long_name = "until", .type = OPT_STRING, .arg = "TIME",
		  .at = &m.order.until_text, .help = "on, run: when to end" },
		{ .long_name = "for", .type = OPT_DURATION, .arg = "DURATION",
		  .at = &m.order.for_ms,
		  .help = "on, run: how long, 90, 2h" },
		{ .long_name = "warn", .type = OPT_LIST, .arg = "DURATION",
		  .at = &m.order.warn_texts,
		  .help = "announce it this long before --at" },
		{ .long_name = "user-id", .type = OPT_INT, .arg = "N",
		  .at = &m.order.user_id, .min = 0, .max = INT64_MAX,
		  .help = "the user who turns it on or off" },
		{ .long_name = "lock-file", .type = OPT_STRING, .arg = "FILE",
		  .at = &m.lock_file, .complete = OPT_C_FILE,
		  .help = "also create or remove Oro's lock file" },
		{ .long_name = "dry-run", .type = OPT_FLAG, .at = &m.dry_run,
		  .help = "print what would be sent, change nothing" },
		{ .long_name = "json", .type = OPT_FLAG, .at = &m.json,
		  .help = "print the answer as JSON" },
		TARGET_ROWS(&m.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-maint",
		.synopsis = "[options] on | off | status | watch | "
		    "run -- COMMAND...",
		.summary = "Turn the maintenance notice on or off; status "
		    "exits 10 when it is on.",
		.rows = rows,
		.operand = OPT_C_WORDS,
		.words = action_names,
	};
	struct opt_list operands = { 0 };
	enum maint_action action;
	struct errbuf e = { "" };
	enum exit_status status = EXIT_USAGE;
	struct run_end end = { .status = 0 };
	bool on = false;

	if (!tool_parse(&m.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	if (maint_check(&m, &operands, &action, &e) == -1)
		status = EXIT_USAGE;
	else if (action == MAINT_RUN)
		status = maint_run_command(&m, &operands, &end, &e);
	else
		status = maint_act(&m, action, &on, &e);
	free(operands.v);
	publisher_clear(&m.publisher);
	order_clear(&m.order);
	buf_clear(&m.text);
	buf_clear(&m.heard);
	if (status == EXIT_DONE && on)
		return MAINT_EXIT_ON;
	status = (enum exit_status)tool_end(&m.tool, status, &e);
	if (end.signo != 0)
		stop_die(end.signo);
	return end.status != 0 ? end.status : (int)status;
}
