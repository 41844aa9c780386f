/*
 * set.c: turning maintenance on or off, or planning it, as a caller asks.
 */
#include "wampd/maintenance/set.h"

#include "wampd/core/broker.h"
#include "wampd/core/kept.h"
#include "wampd/core/publish.h"
#include "wampd/core/saved.h"
#include "wampd/maintenance/state.h"

/* The handler may have changed the event, so the answer tells the state as it
 * is now.  That is written at once, so that the caller learns if it fails. */
static int
set_result(struct maintenance *m, bool changed, bool was_on, long delivered,
    struct buf *out)
{
	maintenance_state_put(m, m->broker->now);
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

/* Nothing has changed. */
static int
result_same(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	return set_result(m, false, m->is.on, delivered, out);
}

/* The plan, the message or the end has changed, but nothing was published. */
static int
result_quiet(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	return set_result(m, true, m->is.on, delivered, out);
}

/* Give later subscribers *n instead of the event that was published. */
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
	    kept_retain(b, t, buf_slice(&event), false) == 0 &&
	    maintenance_state_take(m, buf_slice(&event)) == 1)
		rc = 0;
	buf_clear(&event);
	return rc;
}

/* Whether *n, which does not turn maintenance off, says anything new. */
static bool
is_amended(const struct maintenance *m, const struct notice *n)
{
	return n->on && (n->until != m->is.until ||
	    (n->message.len > 0 && !slice_eq(n->message, m->is.message)) ||
	    (!slice_eq(n->user, SLICE("null")) &&
	    !slice_eq(n->user, m->is.user)));
}

typedef int result_fn(void *ctx, long delivered, struct buf *out);

/* Answer a call for which nothing was published. */
static void
answer(struct maintenance *m, const struct reply_to *to, result_fn *write)
{
	const struct publish_result result = { write, m };

	saved_published(to, &result, VERDICT_YES, 0, NULL);
}

/* Maintenance is already on or off, as *n says. */
static int
set_again(struct maintenance *m, const struct reply_to *to, struct notice *n)
{
	bool amended = is_amended(m, n), planned = m->plan.at != 0;

	if (planned)
		maintenance_state_drop_plan(m);
	if (amended && state_amend(m, n) == -1)
		return -1;
	/* The caller expects that the lock file is right, too. */
	maintenance_state_mark(m, &m->disk.follow);
	answer(m, to, amended || planned ? result_quiet : result_same);
	return 0;
}

/* Publish what the call asks for, and answer the call.  If the handler decides
 * later, the answer follows then.  0, or -1 when out of memory; *verdict is not
 * set then. */
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
		saved_published(to, &p.result, *verdict, delivered, &f);
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

/* An announcement was already due. */
static int
result_announced(void *ctx, long delivered, struct buf *out)
{
	struct maintenance *m = ctx;

	if (set_result(m, true, m->is.on, delivered, out) == -1)
		return -1;
	out->len--;	/* the closing brace */
	return buf_add_str(out, ",\"announced\":true}");
}

int
maintenance_set_later(struct maintenance *m, const struct reply_to *to,
    const struct notice *n, int64_t at,
    const struct maintenance_warnings *warn)
{
	struct maintenance_warnings later = *warn;
	bool now = maintenance_plan_take_warnings(&later, m->broker->wall());
	const struct notice ahead = maintenance_plan_announcement(n, at);
	struct maintenance_plan plan, before = m->plan;
	enum verdict verdict;
	int rc;

	if (maintenance_plan_init(&plan, n, at, &later) == -1)
		return -1;
	m->plan = plan;
	maintenance_state_mark(m, &m->disk.file.save);
	if (!now) {
		answer(m, to, result_quiet);
		maintenance_plan_clear(&before);
		return 0;
	}
	rc = set_publish(m, to, &ahead, result_announced, &verdict);
	/* A handler that refuses the announcement would refuse the start. */
	if (rc == -1 || verdict == VERDICT_NO) {
		maintenance_plan_clear(&m->plan);
		m->plan = before;
	} else {
		maintenance_plan_clear(&before);
	}
	return rc;
}
