/*
 * maintenance.c: the maintenance notice, as a tap of the broker.
 */
#include "wampd/maintenance/maintenance.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/core/limits.h"
#include "wampd/core/kept.h"
#include "wampd/core/publish.h"
#include "wampd/maintenance/calls.h"
#include "wampd/maintenance/state.h"

#define ANNOUNCE_DELAY	60000	/* ms from the start; as long as Oro's pages
				 * take to connect again */
#define CLOCK_LOOK	60000	/* ms; somebody may set the clock meanwhile */

/* ---- events ---- */

/* Whether the event only announces maintenance.  While maintenance is on, such
 * an event ends it: pages that look only at isOn understand it so. */
static bool
is_announced(const struct maintenance *m, struct slice event)
{
	struct notice n;

	return !m->is.on && notice_read(&n, event) && n.at != 0;
}

static bool
maintenance_wants(void *ctx, struct slice topic)
{
	const struct maintenance *m = ctx;

	return slice_eq(topic, m->topic);
}

static bool
maintenance_accepted(void *ctx, struct topic *t, struct slice event)
{
	struct maintenance *m = ctx;
	int rc;

	if (is_announced(m, event))
		return true;	/* not retained, and changes nothing */
	if ((rc = maintenance_state_take(m, event)) == 0)
		return false;
	if (rc == -1 || kept_retain(m->broker, t, event, true) == -1) {
		log_err("maintenance state not kept: out of memory");
		return true;
	}
	(void)clock_iso_of(m->since, m->broker->wall());
	maintenance_state_drop_plan(m);
	maintenance_state_mark(m, &m->disk.follow);
	log_info("maintenance %s", m->is.on ? "on" : "off");
	return true;
}

/* Write the state and make or remove the lock file, if they have changed or the
 * last write failed. */
static int64_t
maintenance_save(void *ctx)
{
	struct maintenance *m = ctx;
	int64_t now = m->broker->now;

	if (maintenance_disk_wait(&m->disk, now) == -1)
		return -1;	/* the usual case */
	maintenance_state_put(m, now);
	return maintenance_disk_wait(&m->disk, now);
}

/* ---- what the broker does by itself ---- */

/* Publish *n.  Nobody asked for it, so a refusal goes to the log. */
static void
publish_notice(struct maintenance *m, const struct notice *n, const char *why)
{
	struct publication p = { .broker = m->broker };
	struct buf event = { 0 };
	struct failure f;
	enum verdict verdict;
	long delivered;

	log_info("maintenance: %s", why);
	if (notice_write(&event, n) == -1 ||
	    (p.topic = topic_obtain(&p.broker->topics, m->topic)) == NULL) {
		log_err("maintenance: out of memory");
		goto out;
	}
	p.event = buf_slice(&event);
	verdict = publish(&p, &delivered, &f);
	if (verdict == VERDICT_NO)
		log_err("maintenance %s: the event was refused: %s",
		    n->at != 0 ? "is not announced" :
		    n->on ? "stays off" : "stays on", f.reason.msg);
	else if (verdict != VERDICT_LATER && m->is.on != n->on)
		log_err("the handler of the topic kept maintenance %s",
		    n->on ? "off" : "on");
out:
	buf_clear(&event);
}

static void
begin_planned(struct maintenance *m, int64_t wall)
{
	struct buf event = m->plan.event;
	struct notice n;

	m->plan.event = (struct buf){ 0 };
	maintenance_state_drop_plan(m);
	(void)notice_read(&n, buf_slice(&event));
	if (n.until != 0 && n.until <= wall)
		log_warn("the planned maintenance began and ended while the "
		    "broker did not run");
	else
		publish_notice(m, &n, "it begins as planned");
	buf_clear(&event);
}

/* Announcements that came due while the broker did not run become one.  It is
 * delayed, so that subscribers can connect again first. */
static void
announce_missed(struct maintenance *m, int64_t wall)
{
	bool missed = maintenance_plan_take_warnings(&m->plan.warn, wall);

	if (missed && wall + ANNOUNCE_DELAY < m->plan.at)
		(void)maintenance_plan_add_warning(&m->plan.warn,
		    wall + ANNOUNCE_DELAY);
	if (missed)
		maintenance_state_mark(m, &m->disk.file.save);
}

static void
announce_planned(struct maintenance *m, int64_t wall)
{
	struct notice n;

	if (!maintenance_plan_take_warnings(&m->plan.warn, wall))
		return;
	maintenance_state_mark(m, &m->disk.file.save);
	(void)notice_read(&n, buf_slice(&m->plan.event));
	n = maintenance_plan_announcement(&n, m->plan.at);
	publish_notice(m, &n, "its planned start is announced");
}

static void
end_planned(struct maintenance *m)
{
	const struct notice n = { .user = m->is.user };

	m->is.until = 0;	/* try once only: a handler may refuse */
	publish_notice(m, &n, "it ends as planned");
}

static void
watch_lock(struct maintenance *m)
{
	enum maintenance_lock_change change =
	    maintenance_lock_look(&m->disk.lock);
	const struct notice n = { .on = change == LOCK_MADE,
	    .user = SLICE("null") };

	if (change != LOCK_SAME && m->is.on != n.on)
		publish_notice(m, &n, n.on ? "the lock file was made" :
		    "the lock file was removed");
}

static int64_t
next_look(const struct maintenance *m, int64_t wall)
{
	int64_t most = m->disk.lock.path != NULL ? MAINTENANCE_LOCK_LOOK :
	    CLOCK_LOOK;
	int64_t due = m->is.until, planned = maintenance_plan_next(&m->plan);

	if (planned != 0 && (due == 0 || planned < due))
		due = planned;
	if (due == 0)
		return m->disk.lock.path != NULL ? most : -1;
	if (due <= wall)
		return 1;
	return due - wall < most ? due - wall : most;
}

/* Publish what is due by now, and look at the lock file. */
static int64_t
maintenance_tick(void *ctx)
{
	struct maintenance *m = ctx;
	int64_t wall = m->broker->wall();

	if (m->plan.at != 0 && m->plan.at <= wall)
		begin_planned(m, wall);
	if (!m->begun)
		announce_missed(m, wall);
	m->begun = true;
	announce_planned(m, wall);
	if (m->is.until != 0 && m->is.until <= wall)
		end_planned(m);
	if (!m->disk.follow.due)
		watch_lock(m);
	return next_look(m, wall);
}

/* ---- life ---- */

static int
state_load(struct broker *b, struct maintenance *m,
    const struct maintenance_kept *kept)
{
	struct topic *t = topic_obtain(&b->topics, m->topic);
	struct errbuf e;

	memcpy(m->since, kept->since, sizeof(m->since));
	m->plan.at = kept->at;
	m->plan.warn = kept->warn;
	if (buf_add_slice(&m->plan.event, kept->planned) == -1)
		return -1;
	if (kept->event.len == 0)
		return 0;
	if (t == NULL || maintenance_state_take(m, kept->event) == -1)
		return -1;
	/* The limits may be lower than when it was written. */
	if (limits_check_event(b, t, kept->event, &e) == 0)
		return kept_retain(b, t, kept->event, true);
	log_warn("maintenance state: %s", e.msg);
	return 0;
}

static int
maintenance_restore(struct broker *b, struct maintenance *m,
    struct errbuf *e)
{
	struct maintenance_kept kept;
	struct buf text = { 0 };
	int rc;

	rc = maintenance_disk_restore(&m->disk, b->set.state_dir, &kept,
	    &text, e);
	if (rc == 1 && state_load(b, m, &kept) == -1) {
		err_set(e, "out of memory");
		rc = -1;
	}
	m->disk.file.save.due = false;
	buf_clear(&text);
	return rc == -1 ? -1 : 0;
}

static void
maintenance_free(void *ctx)
{
	struct maintenance *m = ctx;

	/* Try a write that has failed one last time. */
	if (m->disk.file.save.failed) {
		chore_set(&m->disk.file.save);
		maintenance_state_put(m, 0);
	}
	maintenance_disk_clear(&m->disk);
	free(m->texts);
	buf_clear(&m->event);
	maintenance_plan_clear(&m->plan);
	free(m);
}

static const struct tap_claim *
maintenance_claims(void *ctx, struct slice topic)
{
	static const struct tap_claim claim = {
		"the maintenance state", "wampd.maintenance.set"
	};

	return maintenance_wants(ctx, topic) ? &claim : NULL;
}

static int
maintenance_info(void *ctx, struct buf *out)
{
	const struct maintenance *m = ctx;

	return buf_addf(out, ",\"maintenance\":%s",
	    m->is.on ? "true" : "false");
}

/* Its file in state_dir has the same. */
static int
maintenance_hand_over(void *ctx, struct buf *out)
{
	const struct maintenance *m = ctx;
	const struct maintenance_kept kept = maintenance_state_kept(m);

	return maintenance_store_text(out, &kept);
}

static int
maintenance_take_over(void *ctx, struct slice json, struct errbuf *e)
{
	struct maintenance *m = ctx;
	struct maintenance_kept kept;

	if (!maintenance_store_parse(&kept, json)) {
		err_set(e, "it is not a maintenance state");
		return -1;
	}
	maintenance_state_drop_plan(m);
	if (state_load(m->broker, m, &kept) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	maintenance_lock_begin(&m->disk.lock, m->is.on);
	maintenance_state_mark(m, &m->disk.file.save);
	return 0;
}

static void
maintenance_handed_over(void *ctx, bool done)
{
	struct maintenance *m = ctx;

	if (done)
		maintenance_disk_leave(&m->disk);
}

static bool
maintenance_unsaved(void *ctx)
{
	const struct maintenance *m = ctx;

	return m->disk.file.save.failed || m->disk.follow.failed;
}

static const struct tap_ops maintenance_tap = {
	.name = "maintenance",
	.wants = maintenance_wants,
	.accepted = maintenance_accepted,
	.claims = maintenance_claims,
	.save = maintenance_save,
	.tick = maintenance_tick,
	.info = maintenance_info,
	.unsaved = maintenance_unsaved,
	.hand_over = maintenance_hand_over,
	.take_over = maintenance_take_over,
	.handed_over = maintenance_handed_over,
	.free = maintenance_free,
};

/* Copy what the settings say.  0 or -1. */
static int
take_settings(struct maintenance *m, const struct broker_settings *set)
{
	size_t topic = strlen(set->maintenance_topic) + 1;
	const char *lock = set->maintenance_lock;
	size_t len = lock != NULL ? strlen(lock) + 1 : 0;

	if ((m->texts = malloc(topic + len)) == NULL)
		return -1;
	memcpy(m->texts, set->maintenance_topic, topic);
	if (lock != NULL)
		memcpy(m->texts + topic, lock, len);
	m->topic = slice_str(m->texts);
	maintenance_disk_init(&m->disk, lock != NULL ? m->texts + topic :
	    NULL);
	return 0;
}

/* It becomes a tap of b, which frees it.  NULL with *e filled. */
static struct maintenance *
maintenance_new(struct broker *b, struct errbuf *e)
{
	struct maintenance *m;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	m->broker = b;
	m->is.user = SLICE("null");
	if (take_settings(m, &b->set) == -1) {
		err_set(e, "out of memory");
		free(m);
		return NULL;
	}
	/* The tap must be there before the topic is made: that asks the taps
	 * who wants its events. */
	if ((m->tap = tap_add(&b->taps, &maintenance_tap, m)) == NULL) {
		err_set(e, "out of memory");
		maintenance_free(m);
		return NULL;
	}
	if (b->set.state_dir != NULL && maintenance_restore(b, m, e) == -1)
		return NULL;	/* broker_free() frees it */
	maintenance_lock_begin(&m->disk.lock, m->is.on);
	return m;
}

int
maintenance_add(struct broker *b, struct errbuf *e)
{
	struct maintenance *m = maintenance_new(b, e);

	if (m == NULL)
		return -1;
	err_set(e, "out of memory");
	return maintenance_calls_add(m);
}
