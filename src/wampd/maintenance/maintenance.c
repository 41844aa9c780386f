/*
 * maintenance.c: whether maintenance mode is on.
 */
#include "wampd/maintenance/maintenance.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/lock_file.h"
#include "base/log.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/limits.h"
#include "wampd/core/publish.h"
#include "wampd/maintenance/state.h"

#define ANNOUNCE_DELAY	60000	/* ms from the start; as long as Oro's pages
				 * take to connect again */
#define CLOCK_LOOK	60000	/* ms; the clock may be set meanwhile */

/* ---- the state ---- */

void
maintenance_changed(struct maintenance *m, struct chore *c)
{
	chore_set(c);
	if (m->tap != NULL)
		tap_stir(m->tap);
}

int
maintenance_take(struct maintenance *m, struct slice event)
{
	struct buf text = { 0 };
	struct notice n;

	if (!notice_read(&n, event))
		return 0;
	if (buf_add_slice(&text, event) == -1)
		return -1;
	buf_clear(&m->event);
	m->event = text;
	(void)notice_read(&m->is, buf_slice(&text));
	maintenance_changed(m, &m->disk.save);
	return 1;
}

void
maintenance_plan_drop(struct maintenance *m)
{
	plan_clear(&m->plan);
	maintenance_changed(m, &m->disk.save);
}

/* While it is on, such an event ends it, as pages that know isOn alone take
 * it. */
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

/* An event was accepted on its topic. */
static bool
maintenance_accepted(void *ctx, struct topic *t, struct slice event)
{
	struct maintenance *m = ctx;
	int rc;

	if (is_announced(m, event))
		return true;	/* it is told, and keeps and changes nothing */
	if ((rc = maintenance_take(m, event)) == 0)
		return false;
	if (rc == -1 || publish_retain(m->broker, t, event, true) == -1) {
		log_err("maintenance state is not kept: out of memory");
		return true;
	}
	(void)clock_iso_of(m->since, m->broker->wall());
	maintenance_plan_drop(m);
	maintenance_changed(m, &m->disk.follow);
	log_info("maintenance %s", m->is.on ? "on" : "off");
	return true;
}

bool
maintenance_is_on(const struct maintenance *m)
{
	return m->is.on;
}

int
maintenance_check(const struct maintenance *m, bool on, struct errbuf *e)
{
	const char *path = m->disk.lock.path;

	return path == NULL ? 0 : lock_file_check(path, on, e);
}

static int
describe_time(struct buf *out, int64_t wall_ms)
{
	return wall_ms == 0 ? buf_add_str(out, "null") :
	    plan_time_write(out, wall_ms);
}

int
maintenance_describe(const struct maintenance *m, struct buf *out)
{
	const char *quote = m->since[0] != '\0' ? "\"" : "";

	if (buf_addf(out, "{\"isOn\":%s,\"userId\":",
	    m->is.on ? "true" : "false") == -1 ||
	    buf_add_slice(out, m->is.user) == -1 ||
	    buf_addf(out, ",\"since\":%s%s%s,\"message\":", quote,
	    m->since[0] != '\0' ? m->since : "null", quote) == -1 ||
	    buf_add_slice(out, m->is.message.len > 0 ? m->is.message :
	    SLICE("null")) == -1 ||
	    buf_add_str(out, ",\"until\":") == -1 ||
	    describe_time(out, m->is.until) == -1 ||
	    buf_add_str(out, ",\"planned\":") == -1 ||
	    plan_describe(&m->plan, out) == -1 ||
	    buf_add_str(out, ",\"topic\":") == -1 ||
	    json_quote(out, m->topic) == -1 ||
	    maintenance_disk_describe(&m->disk, out) == -1)
		return -1;
	return buf_add_char(out, '}');
}

void
maintenance_put_away(struct maintenance *m, int64_t now)
{
	struct maintenance_kept kept = { .event = buf_slice(&m->event),
	    .at = m->plan.at, .planned = buf_slice(&m->plan.event),
	    .warn = m->plan.warn };

	memcpy(kept.since, m->since, sizeof(kept.since));
	maintenance_disk_put(&m->disk, &kept, m->is.on, now);
}

/* Write the state where a restart finds it and make the lock file follow, if
 * it has changed, and try again what has failed. */
static int64_t
maintenance_save(void *ctx)
{
	struct maintenance *m = ctx;
	int64_t now = m->broker->now;

	if (maintenance_disk_wait(&m->disk, now) == -1)
		return -1;	/* as in nearly every turn */
	maintenance_put_away(m, now);
	return maintenance_disk_wait(&m->disk, now);
}

/* ---- what the broker does by itself ---- */

/* Publish it; there is nobody to be told that it was refused. */
static void
tell(struct maintenance *m, const struct notice *n, const char *why)
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
		log_err("maintenance %s: %s", n->at != 0 ? "is not announced" :
		    n->on ? "stays off" : "stays on", f.reason.msg);
	else if (verdict != VERDICT_LATER && m->is.on != n->on)
		log_err("the topic's handler left maintenance %s",
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
	maintenance_plan_drop(m);
	(void)notice_read(&n, buf_slice(&event));
	if (n.until != 0 && n.until <= wall)
		log_warn("maintenance is over that was planned while the "
		    "broker did not run");
	else
		tell(m, &n, "the planned start has come");
	buf_clear(&event);
}

/* Announcements that came due while the broker did not run become one.  It
 * waits for those who will hear it to come back. */
static void
announce_missed(struct maintenance *m, int64_t wall)
{
	bool missed = plan_take_warnings(&m->plan.warn, wall);

	if (missed && wall + ANNOUNCE_DELAY < m->plan.at)
		(void)plan_warnings_add(&m->plan.warn,
		    wall + ANNOUNCE_DELAY);
	if (missed)
		maintenance_changed(m, &m->disk.save);
}

static void
announce_planned(struct maintenance *m, int64_t wall)
{
	struct notice n;

	if (!plan_take_warnings(&m->plan.warn, wall))
		return;
	maintenance_changed(m, &m->disk.save);
	(void)notice_read(&n, buf_slice(&m->plan.event));
	n = plan_announcement(&n, m->plan.at);
	tell(m, &n, "the planned start is announced");
}

static void
end_planned(struct maintenance *m)
{
	const struct notice n = { .user = m->is.user };

	m->is.until = 0;	/* once: a handler may refuse */
	tell(m, &n, "the planned end has come");
}

static void
watch_lock(struct maintenance *m)
{
	enum lock_change change = lock_watch_look(&m->disk.lock);
	const struct notice n = { .on = change == LOCK_MADE,
	    .user = SLICE("null") };

	if (change != LOCK_SAME && m->is.on != n.on)
		tell(m, &n, n.on ? "the lock file has appeared" :
		    "the lock file has gone");
}

static int64_t
next_look(const struct maintenance *m, int64_t wall)
{
	int64_t most = m->disk.lock.path != NULL ? LOCK_LOOK : CLOCK_LOOK;
	int64_t due = m->is.until, planned = plan_next(&m->plan);

	if (planned != 0 && (due == 0 || planned < due))
		due = planned;
	if (due == 0)
		return m->disk.lock.path != NULL ? most : -1;
	if (due <= wall)
		return 1;
	return due - wall < most ? due - wall : most;
}

/* Do what is due by the clock, and look at the lock file. */
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
	if (t == NULL || maintenance_take(m, kept->event) == -1)
		return -1;
	/* They may have become narrower since it was written. */
	if (limits_check_event(b, t, kept->event, &e) == 0)
		return publish_retain(b, t, kept->event, true);
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
	m->disk.save.due = false;
	buf_clear(&text);
	return rc == -1 ? -1 : 0;
}

static void
maintenance_free(void *ctx)
{
	struct maintenance *m = ctx;

	/* The last chance of what has failed until now. */
	if (m->disk.save.failed) {
		chore_set(&m->disk.save);
		maintenance_put_away(m, 0);
	}
	maintenance_disk_clear(&m->disk);
	buf_clear(&m->event);
	plan_clear(&m->plan);
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
	return buf_addf(out, ",\"maintenance\":%s",
	    maintenance_is_on(ctx) ? "true" : "false");
}

static const struct tap_ops maintenance_tap = {
	.name = "maintenance",
	.wants = maintenance_wants,
	.accepted = maintenance_accepted,
	.claims = maintenance_claims,
	.save = maintenance_save,
	.tick = maintenance_tick,
	.info = maintenance_info,
	.free = maintenance_free,
};

struct maintenance *
maintenance_new(struct broker *b, struct errbuf *e)
{
	struct maintenance *m;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	m->broker = b;
	m->topic = slice_str(b->set.maintenance_topic);
	maintenance_disk_init(&m->disk, b->set.maintenance_lock);
	m->is.user = SLICE("null");
	/* Before its topic is made, which asks who wants its events. */
	if ((m->tap = tap_add(&b->taps, &maintenance_tap, m)) == NULL) {
		err_set(e, "out of memory");
		maintenance_free(m);
		return NULL;
	}
	if (b->set.state_dir != NULL && maintenance_restore(b, m, e) == -1)
		return NULL;	/* the broker's end frees it */
	lock_watch_begin(&m->disk.lock, m->is.on);
	return m;
}
