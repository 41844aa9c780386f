/*
 * set.c: turning maintenance on and off.
 *
 * wampd keeps the state, and changes it for local peers.  Otherwise, the event
 * that Oro applications understand is published.
 */
#include "base/clock.h"
#include "base/lock_file.h"
#include "base/when.h"
#include "proto/json.h"
#include "proto/wamp1.h"
#include "maint/maint.h"

static enum exit_status
out_of_memory(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* Print the message that would be sent. */
static enum exit_status
print_message(const struct slice *parts, size_t n, struct errbuf *e)
{
	struct buf line = { 0 };
	enum exit_status status = EXIT_DONE;
	size_t i;

	for (i = 0; i < n && status == EXIT_DONE; i++)
		if (buf_add_slice(&line, parts[i]) == -1)
			status = out_of_memory(e);
	if (status == EXIT_DONE)
		status = maint_print(buf_slice(&line), e);
	buf_clear(&line);
	return status;
}

/* ---- wampd ---- */

#define PROCEDURE	"wampd.maintenance.set"

/* Say that maintenance was already on or off, and whether its end or the plan
 * has changed. */
static void
say_already(const struct maint *m, bool changed)
{
	const struct notice *n = &m->order.notice;
	char local[WHEN_LOCAL_SIZE];

	if (!changed)
		tool_say(&m->tool, "maintenance was already %s",
		    n->on ? "on" : "off");
	else if (!n->on)
		tool_say(&m->tool, "maintenance was already off; "
		    "the plan is cancelled");
	else
		tool_say(&m->tool, "maintenance was already on; "
		    "it now %s%s", n->until != 0 ? "ends at " :
		    "has no end", n->until != 0 ?
		    when_local(local, n->until) : "");
}

static void
say_told(const struct maint *m, struct slice delivered)
{
	tool_say(&m->tool, "told %.*s session%s", (int)delivered.len,
	    delivered.p, slice_eq(delivered, SLICE("1")) ? "" : "s");
}

/* The broker's clock decides whether a warning was too late; which one it was
 * is known here, too. */
static void
say_planned(const struct maint *m, struct slice result)
{
	const struct order *o = &m->order;
	struct json_elem delivered;
	char local[WHEN_LOCAL_SIZE];

	if (m->tool.where.verbose)
		tool_say(&m->tool, "maintenance will begin at %s",
		    when_local(local, o->at));
	if (!json_member_is_true(result, "announced") ||
	    !json_member(result, "delivered", &delivered))
		return;
	tool_say(&m->tool, "--warn %s: that time has passed, so it was "
	    "announced at once", o->warn_texts.v[o->first]);
	if (m->tool.where.verbose)
		say_told(m, delivered.text);
}

/* Say what the call has not changed; with -v, also what it has. */
static void
say_result(const struct maint *m, struct slice result)
{
	bool on = m->order.notice.on;
	struct json_elem delivered;

	if (m->order.at != 0)
		say_planned(m, result);
	else if (json_member_is_true(result, "wasOn") == on)
		say_already(m, json_member_is_true(result, "changed"));
	else if (m->tool.where.verbose &&
	    json_member(result, "delivered", &delivered))
		say_told(m, delivered.text);
}

/* Report a state that could not be written: a restart of the broker, or the
 * application, would not see it. */
static enum exit_status
check_saved(const struct maint *m, struct slice result, struct errbuf *e)
{
	struct json_elem unsaved, reason;
	struct buf text = { 0 };
	struct slice rest;

	if (!json_member(result, "unsaved", &unsaved) ||
	    unsaved.type != JSON_ARRAY)
		return EXIT_DONE;
	rest = json_inside(unsaved.text);
	while (json_next(&rest, &reason))
		if (reason.type == JSON_STRING && ((text.len > 0 &&
		    buf_add_str(&text, "; ") == -1) ||
		    json_unquote(&text, &reason) == -1))
			break;
	err_set(e, "maintenance is %s%s, but that could not be saved: %.*s",
	    json_member_is_true(result, "isOn") ? "on" : "off",
	    m->order.at != 0 ? " and planned" : "", (int)text.len, text.data);
	buf_clear(&text);
	return EXIT_WORK;
}

static enum exit_status
set_state(struct maint *m, struct errbuf *e)
{
	bool on = m->order.notice.on;
	enum exit_status status;
	struct slice result;

	status = maint_call(m, SLICE(PROCEDURE), buf_slice(&m->text), &result,
	    e);
	if (status != EXIT_DONE)
		return status;
	if (m->order.at == 0 && json_member_is_true(result, "isOn") != on) {
		err_set(e, "the handler of the topic kept maintenance %s",
		    on ? "off" : "on");
		return EXIT_REFUSED;
	}
	say_result(m, result);
	if (m->json)
		status = maint_print(result, e);
	return status == EXIT_DONE ? check_saved(m, result, e) : status;
}

static enum exit_status
show_call(struct maint *m, const struct state *now, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];
	const char *late;

	if (m->order.at == 0 && now->is.on == m->order.notice.on)
		tool_say(&m->tool, "maintenance is already %s: nothing would "
		    "be published", now->is.on ? "on" : "off");
	if ((late = order_late_warning(&m->order, clock_wall_ms())) != NULL)
		tool_say(&m->tool, "--warn %s: that time has passed, so it "
		    "would be announced at once", late);
	return print_message(parts, wamp1_call(parts, SLICE("\"1\""),
	    SLICE("\"" PROCEDURE "\""), buf_slice(&m->text)), e);
}

/* ---- by an event ---- */

static enum exit_status
show_publish(struct maint *m, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];

	return print_message(parts, wamp1_publish(parts,
	    SLICE("\"" MAINT_TOPIC "\""), buf_slice(&m->text),
	    slice_of(NULL, 0), slice_of(NULL, 0)), e);
}

static enum exit_status
publish(struct maint *m, struct errbuf *e)
{
	static const struct publisher_opts everybody = { .retain = false };
	enum exit_status status;

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
	return status == EXIT_DONE && m->json ?
	    maint_print(buf_slice(&m->text), e) : status;
}

/* Whether the order would change nothing. */
static bool
is_same(const struct notice *now, const struct notice *order)
{
	return now->on == order->on && now->until == order->until &&
	    (order->message.len == 0 ||
	    slice_eq(order->message, now->message));
}

/* Publish the event, unless *now is known and says the same. */
static enum exit_status
send_event(struct maint *m, const struct state *now, struct errbuf *e)
{
	if (now != NULL && is_same(&now->is, &m->order.notice)) {
		tool_say(&m->tool, "maintenance was already %s",
		    now->is.on ? "on" : "off");
		return m->json ? maint_print(buf_slice(&m->heard), e) :
		    EXIT_DONE;
	}
	if (notice_write(&m->text, &m->order.notice) == -1)
		return out_of_memory(e);
	return m->dry_run ? show_publish(m, e) : publish(m, e);
}

/* ---- both ---- */

static enum exit_status
send_order(struct maint *m, struct errbuf *e)
{
	enum exit_status status;
	struct slice json;
	struct state now;

	if (!client_is_wampd(m->client)) {
		/* We could wait and do it ourselves, but only until the
		 * terminal is closed; at(1) is better at that. */
		if (!order_is_timed(&m->order))
			return send_event(m, NULL, e);
		err_set(e, "%s does not support --at, --for and --until",
		    client_ident(m->client));
		return EXIT_REFUSED;
	}
	status = maint_look(m, &now, &json, e);
	if (status != EXIT_DONE)
		return status;
	if (m->remote && m->order.at == 0)
		return send_event(m, json.len > 0 ? &now : NULL, e);
	if (m->remote) {
		err_set(e, "--at needs the control socket: only local peers "
		    "may plan");
		return EXIT_REFUSED;
	}
	if (order_arguments(&m->text, &m->order) == -1)
		return out_of_memory(e);
	return m->dry_run ? show_call(m, &now, e) : set_state(m, e);
}

enum exit_status
maint_open_application(const struct maint *m, struct errbuf *e)
{
	return m->lock_file != NULL && !m->dry_run &&
	    lock_file_set(m->lock_file, false, e) == -1 ? EXIT_WORK :
	    EXIT_DONE;
}

/* Create the lock file before the users are told.  If they cannot be told,
 * remove it again. */
enum exit_status
maint_set(struct maint *m, struct errbuf *e)
{
	enum exit_status status;
	struct errbuf why;
	int made = 0;

	if (m->order.notice.on && m->lock_file != NULL && !m->dry_run &&
	    (made = lock_file_set(m->lock_file, true, e)) == -1)
		return EXIT_WORK;
	status = send_order(m, e);
	if (status != EXIT_DONE && made == 1 &&
	    maint_open_application(m, &why) != EXIT_DONE)
		tool_say(&m->tool, "%s", why.msg);
	return status;
}
