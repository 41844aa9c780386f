/*
 * set.c: maintenance as a caller asks for it.
 */
#include "wampd/maintenance/maintenance.h"

#include "wampd/core/broker.h"
#include "wampd/core/publish.h"
#include "wampd/maintenance/state.h"

/* The handler may have made something else of the event: tell what is.  It is
 * put on the disk now, so that the caller learns when that fails. */
static int
set_result(struct maintenance *m, bool changed, bool was_on, long delivered,
    struct buf *out)
{
	maintenance_put_away(m, m->broker->now);
	if (buf_addf(out, "{\"changed\":%s,\"isOn\":%s,"
	    "\"delivered\":%ld,\"wasOn\":%s", changed ? "true" : "false",
	    m->is.on ? "true" : "false", delivered,
	    was_on ? "true" : "false") == -1 ||
	    maintenance_disk_describe(&m->disk, out) == -1)
		return -1;
	return buf_add_char(out, '}');
}

static int
result_on(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	return set_result(m, m->is.on, false, delivered, out);
}

static int
result_off(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	return set_result(m, !m->is.on, true, delivered, out);
}

/* It was so already. */
static int
result_same(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	return set_result(m, false, m->is.on, delivered, out);
}

/* Nothing was published, but what will happen is something else. */
static int
result_quiet(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	return set_result(m, true, m->is.on, delivered, out);
}

/* Let *n say it from now on, to later subscribers. */
static int
state_amend(struct maintenance *m, struct notice *n)
{
	struct broker *b = m->broker;
	struct buf event = { 0 };
	struct topic *t;
	int rc = -1;

	notice_keep(n, &m->is);
	if (notice_write(&event, n) == 0 &&
	    (t = topic_obtain(&b->topics, m->topic)) != NULL &&
	    publish_retain(b, t, buf_slice(&event), false) == 0 &&
	    maintenance_take(m, buf_slice(&event)) == 1)
		rc = 0;
	buf_clear(&event);
	return rc;
}

/* Whether the same notice would say anything new. */
static bool
is_amended(const struct maintenance *m, const struct notice *n)
{
	return n->on && (n->until != m->is.until ||
	    (n->message.len > 0 && !slice_eq(n->message, m->is.message)) ||
	    (!slice_eq(n->user, SLICE("null")) &&
	    !slice_eq(n->user, m->is.user)));
}

typedef int result_fn(void *ctx, long delivered, struct buf *out);

/* Tell the caller, who asked for nothing that had to be published. */
static void
answer(struct maintenance *m, const struct reply_to *to, result_fn *write)
{
	const struct publish_result result = { write, m };

	reply_published(to, &result, VERDICT_YES, 0, NULL);
}

/* What was asked for is so already. */
static int
set_again(struct maintenance *m, const struct reply_to *to, struct notice *n)
{
	bool amended = is_amended(m, n), planned = m->plan.at != 0;

	if (planned)
		maintenance_plan_drop(m);
	if (amended && state_amend(m, n) == -1)
		return -1;
	/* Whoever says it again wants the file, too. */
	maintenance_changed(m, &m->disk.follow);
	answer(m, to, amended || planned ? result_quiet : result_same);
	return 0;
}

/* Publish what the call asks for, and answer it; what a handler decides later
 * is answered then.  *verdict is valid unless it returns -1: out of memory. */
static int
set_publish(struct maintenance *m, const struct reply_to *to,
    const struct notice *n, result_fn *result, enum verdict *verdict)
{
	struct broker *b = m->broker;
	struct publication p = { .broker = b, .from = to->session,
	    .call_id = to->id, .result = { result, m } };
	struct buf event = { 0 };
	struct failure f;
	long delivered;
	int rc = -1;

	if (notice_write(&event, n) == -1 ||
	    (p.topic = topic_obtain(&b->topics, m->topic)) == NULL)
		goto out;
	p.event = buf_slice(&event);
	*verdict = publish(&p, &delivered, &f);
	if (*verdict != VERDICT_LATER)
		reply_published(to, &p.result, *verdict, delivered, &f);
	rc = 0;
out:
	buf_clear(&event);
	return rc;
}

int
maintenance_set(struct maintenance *m, const struct reply_to *to,
    const struct notice *n)
{
	enum verdict verdict;
	struct notice again = *n;

	if (m->is.on == n->on)
		return set_again(m, to, &again);
	return set_publish(m, to, n, n->on ? result_on : result_off,
	    &verdict);
}

/* ---- what begins later ---- */

/* It was too late to wait with what was planned. */
static int
result_announced(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	if (set_result(m, true, m->is.on, delivered, out) == -1)
		return -1;
	out->len--;	/* the brace */
	return buf_add_str(out, ",\"announced\":true}");
}

int
maintenance_plan(struct maintenance *m, const struct reply_to *to,
    const struct notice *n, int64_t at, const struct plan_warnings *warn)
{
	struct plan_warnings later = *warn;
	bool now = plan_take_warnings(&later, m->broker->wall());
	const struct notice ahead = plan_announcement(n, at);
	struct maintenance_plan plan, before = m->plan;
	enum verdict verdict;
	int rc;

	if (plan_init(&plan, n, at, &later) == -1)
		return -1;
	m->plan = plan;
	maintenance_changed(m, &m->disk.save);
	if (!now) {
		answer(m, to, result_quiet);
		plan_clear(&before);
		return 0;
	}
	rc = set_publish(m, to, &ahead, result_announced, &verdict);
	/* Refused now, it would be refused then. */
	if (rc == -1 || verdict == VERDICT_NO) {
		plan_clear(&m->plan);
		m->plan = before;
	} else {
		plan_clear(&before);
	}
	return rc;
}
