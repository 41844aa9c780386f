/*
 * wamp-maint.c: turn the maintenance notice on and off.
 *
 * wampd keeps the state and tells late subscribers; another server gets the
 * event that Oro applications understand, and knows no state.
 */
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"
#include "client/publisher.h"
#include "client/tool.h"

#define MAINT_TOPIC	"oro/maintenance"
#define MAINT_EXIT_ON	10	/* status: maintenance is on */

struct maint {
	struct tool tool;
	int64_t	    user_id;	/* -1: none */
	bool	    json;
	struct client *client;
	struct publisher publisher;	/* for servers that are not wampd */
	struct buf  text;	/* an argument list, an event, then output */
};

/* ---- wampd ---- */

/* Call, and print the answer with --json. */
static enum exit_status
maint_call(struct maint *m, struct slice procedure, struct slice args,
    struct client_answer *a, struct errbuf *e)
{
	enum exit_status status;

	status = client_call(m->client, procedure, args, a, e);
	if (status != EXIT_DONE)
		return status;
	if (a->is_error) {
		client_explain(e, a->uri, a->desc);
		return EXIT_REFUSED;
	}
	if (!m->json)
		return EXIT_DONE;
	buf_reset(&m->text);
	if (buf_add_slice(&m->text, a->result) == -1 ||
	    buf_add_char(&m->text, '\n') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return tool_print(&m->text, e);
}

static bool
member_is_true(struct slice object, const char *key)
{
	struct json_elem elem;

	return json_member(object, key, &elem) && elem.type == JSON_TRUE;
}

static enum exit_status
maint_set(struct maint *m, bool on, struct errbuf *e)
{
	struct client_answer a;
	struct json_elem delivered;
	enum exit_status status;
	int rc;

	rc = buf_add_str(&m->text, on ? "true" : "false");
	if (rc == 0 && m->user_id >= 0)
		rc = buf_addf(&m->text, ",%lld", (long long)m->user_id);
	if (rc == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	status = maint_call(m, SLICE("wampd.maintenance.set"),
	    buf_slice(&m->text), &a, e);
	if (status != EXIT_DONE)
		return status;
	if (member_is_true(a.result, "isOn") != on) {
		err_set(e, "the topic's handler left maintenance %s",
		    on ? "off" : "on");
		return EXIT_REFUSED;
	}
	if (!member_is_true(a.result, "changed"))
		tool_say(&m->tool, "maintenance was %s already",
		    on ? "on" : "off");
	else if (m->tool.where.verbose &&
	    json_member(a.result, "delivered", &delivered))
		tool_say(&m->tool, "told %.*s sessions",
		    (int)delivered.text.len, delivered.text.p);
	return EXIT_DONE;
}

/* "on since TIME by user N" */
static int
maint_describe(struct buf *out, struct slice state)
{
	struct json_elem elem;

	if (!member_is_true(state, "isOn"))
		return buf_add_str(out, "off\n");
	if (buf_add_str(out, "on") == -1)
		return -1;
	if (json_member(state, "since", &elem) && elem.type == JSON_STRING &&
	    (buf_add_str(out, " since ") == -1 ||
	    json_unquote(out, &elem) == -1))
		return -1;
	if (json_member(state, "userId", &elem) &&
	    elem.type == JSON_NUMBER &&
	    (buf_add_str(out, " by user ") == -1 ||
	    buf_add_slice(out, elem.text) == -1))
		return -1;
	return buf_add_char(out, '\n');
}

static enum exit_status
maint_status(struct maint *m, bool *on, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	if (!client_is_wampd(m->client)) {
		err_set(e, "%s keeps no maintenance state: it cannot be known",
		    client_ident(m->client));
		return EXIT_REFUSED;
	}
	status = maint_call(m, SLICE("wampd.maintenance.get"), SLICE(""), &a,
	    e);
	if (status != EXIT_DONE)
		return status;
	*on = member_is_true(a.result, "isOn");
	if (m->json)
		return EXIT_DONE;
	if (maint_describe(&m->text, a.result) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return tool_print(&m->text, e);
}

/* ---- other servers ---- */

static enum exit_status
maint_publish(struct maint *m, bool on, struct errbuf *e)
{
	static const struct publisher_opts everybody = { .retain = false };
	enum exit_status status;
	int rc;

	rc = buf_addf(&m->text, "{\"isOn\":%s,\"userId\":",
	    on ? "true" : "false");
	if (rc == 0)
		rc = m->user_id >= 0 ?
		    buf_addf(&m->text, "%lld}", (long long)m->user_id) :
		    buf_add_str(&m->text, "null}");
	if (rc == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	m->publisher.opts = &everybody;
	status = publisher_attach(&m->publisher, m->client, e);
	if (status == EXIT_DONE)
		status = publisher_send(&m->publisher,
		    SLICE("\"" MAINT_TOPIC "\""), buf_slice(&m->text), e);
	if (status == EXIT_DONE)
		status = publisher_acknowledge(&m->publisher, e);
	if (status == EXIT_DONE) {
		m->client = NULL;	/* finish frees it */
		status = publisher_finish(&m->publisher, e);
	}
	if (status != EXIT_DONE || !m->json)
		return status;
	if (buf_add_char(&m->text, '\n') == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return tool_print(&m->text, e);
}

/* ---- the command line ---- */

enum maint_action { MAINT_ON, MAINT_OFF, MAINT_STATUS };

static const char *const action_names[] = { "on", "off", "status", NULL };

static int
maint_action_parse(enum maint_action *out, const struct opt_list *operands,
    const struct maint *m, struct errbuf *e)
{
	int i;

	for (i = 0; operands->n == 1 && action_names[i] != NULL; i++)
		if (strcmp(operands->v[0], action_names[i]) == 0) {
			*out = (enum maint_action)i;
			if (*out != MAINT_STATUS || m->user_id < 0)
				return 0;
			err_set(e, "status takes no --user-id");
			return -1;
		}
	err_set(e, "need one of on, off and status");
	return -1;
}

static enum exit_status
maint_run(struct maint *m, enum maint_action action, bool *on,
    struct errbuf *e)
{
	struct client_events events = { .refused = publisher_refused,
	    .arg = &m->publisher };
	enum exit_status status;

	status = tool_open(&m->tool, &m->client, &events, e);
	if (status != EXIT_DONE)
		return status;
	if (action == MAINT_STATUS)
		status = maint_status(m, on, e);
	else if (client_is_wampd(m->client))
		status = maint_set(m, action == MAINT_ON, e);
	else
		status = maint_publish(m, action == MAINT_ON, e);
	if (status == EXIT_LOST || status == EXIT_TIMEOUT)
		client_free(m->client);
	else
		tool_close(&m->tool, m->client);
	return status;
}

int
main(int argc, char **argv)
{
	struct maint m = { .tool = { "wamp-maint", TARGET_OPTS_INIT },
	    .user_id = -1 };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Notice" },
		{ .long_name = "user-id", .type = OPT_INT, .arg = "N",
		  .at = &m.user_id, .min = 0, .max = INT64_MAX,
		  .help = "the user who does it" },
		{ .long_name = "json", .type = OPT_FLAG, .at = &m.json,
		  .help = "print the answer as JSON" },
		TARGET_ROWS(&m.tool.where),
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-maint",
		.synopsis = "[options] on | off | status",
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
	bool on = false;

	if (!tool_parse(&m.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	if (maint_action_parse(&action, &operands, &m, &e) == 0)
		status = maint_run(&m, action, &on, &e);
	else
		status = EXIT_USAGE;
	free(operands.v);
	publisher_clear(&m.publisher);
	buf_clear(&m.text);
	if (status == EXIT_DONE && on)
		return MAINT_EXIT_ON;
	return tool_end(&m.tool, status, &e);
}
