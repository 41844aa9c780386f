/*
 * maintenance.c: whether maintenance mode is on.
 */
#include "wampd/maintenance.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/lock_file.h"
#include "base/log.h"
#include "proto/json.h"
#include "wampd/broker.h"
#include "wampd/limits.h"
#include "wampd/maintenance_disk.h"
#include "wampd/procedure.h"
#include "wampd/publish.h"

#define CLOCK_LOOK	60000	/* ms; the clock may be set meanwhile */

struct maintenance {
	struct slice topic;	/* borrowed from the settings */
	struct buf   event;	/* owned; the last one, or empty */
	struct notice is;	/* what it says */
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
	int64_t	     at;	/* ms since 1970: a start is planned; or 0 */
	struct buf   planned;	/* owned; its event */
	int64_t	     look;	/* broker->now of the next tick; -1: none */
	struct maintenance_disk disk;
};

/* ---- the state ---- */

/* Take over what the event says.  1 when it is one of ours, 0 when not, -1
 * when out of memory. */
static int
state_take(struct maintenance *m, struct slice event)
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
	chore_set(&m->disk.save);
	m->look = 0;
	return 1;
}

static void
plan_drop(struct maintenance *m)
{
	m->at = 0;
	buf_reset(&m->planned);
	chore_set(&m->disk.save);
}

void
maintenance_observe(struct broker *b, struct topic *t, struct slice event)
{
	struct maintenance *m = b->maintenance;
	int rc;

	if (!slice_eq(t->name, m->topic) || (rc = state_take(m, event)) == 0)
		return;
	if (rc == -1 || publish_retain(b, t, event, true) == -1) {
		log_err("maintenance state is not kept: out of memory");
		return;
	}
	(void)clock_iso_of(m->since, b->wall());
	plan_drop(m);
	chore_set(&m->disk.follow);
	log_info("maintenance %s", m->is.on ? "on" : "off");
}

bool
maintenance_is_on(const struct broker *b)
{
	return b->maintenance->is.on;
}

int
maintenance_check(const struct broker *b, bool on, struct errbuf *e)
{
	const char *path = b->maintenance->disk.lock.path;

	return path == NULL ? 0 : lock_file_check(path, on, e);
}

static int
describe_time(struct buf *out, int64_t wall_ms)
{
	char iso[CLOCK_ISO_SIZE];

	if (wall_ms == 0)
		return buf_add_str(out, "null");
	return buf_addf(out, "\"%s\"", clock_iso_of(iso, wall_ms));
}

static int
describe_plan(const struct maintenance *m, struct buf *out)
{
	if (m->at == 0)
		return buf_add_str(out, "null");
	if (buf_add_str(out, "{\"at\":") == -1 ||
	    describe_time(out, m->at) == -1 ||
	    buf_add_str(out, ",\"event\":") == -1 ||
	    buf_add_slice(out, buf_slice(&m->planned)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
maintenance_describe(const struct broker *b, struct buf *out)
{
	const struct maintenance *m = b->maintenance;
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
	    describe_plan(m, out) == -1 ||
	    buf_add_str(out, ",\"topic\":") == -1 ||
	    json_quote(out, m->topic) == -1 ||
	    maintenance_disk_describe(&m->disk, out) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* Put on the disk what is due there. */
static void
put_away(struct maintenance *m, int64_t now)
{
	struct maintenance_kept kept = { .event = buf_slice(&m->event),
	    .at = m->at, .planned = buf_slice(&m->planned) };

	memcpy(kept.since, m->since, sizeof(kept.since));
	maintenance_disk_put(&m->disk, &kept, m->is.on, now);
}

int64_t
maintenance_save(struct broker *b)
{
	put_away(b->maintenance, b->now);
	return maintenance_disk_wait(&b->maintenance->disk, b->now);
}

/* ---- what a caller asks for ---- */

/* The handler may have made something else of the event: tell what is.  It is
 * put on the disk now, so that the caller learns when that fails. */
static int
set_result(const struct broker *b, bool changed, bool was_on, long delivered,
    struct buf *out)
{
	put_away(b->maintenance, b->now);
	if (buf_addf(out, "{\"changed\":%s,\"isOn\":%s,"
	    "\"delivered\":%ld,\"wasOn\":%s", changed ? "true" : "false",
	    maintenance_is_on(b) ? "true" : "false", delivered,
	    was_on ? "true" : "false") == -1 ||
	    maintenance_disk_describe(&b->maintenance->disk, out) == -1)
		return -1;
	return buf_add_char(out, '}');
}

static int
result_on(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, maintenance_is_on(b), false, delivered, out);
}

static int
result_off(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, !maintenance_is_on(b), true, delivered, out);
}

/* It was so already. */
static int
result_same(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, false, maintenance_is_on(b), delivered, out);
}

/* Nothing was published, but what will happen is something else. */
static int
result_quiet(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, true, maintenance_is_on(b), delivered, out);
}

/* Let *n say it from now on, to later subscribers. */
static int
state_amend(struct broker *b, struct notice *n)
{
	struct maintenance *m = b->maintenance;
	struct buf event = { 0 };
	struct topic *t;
	int rc = -1;

	notice_keep(n, &m->is);
	if (notice_write(&event, n) == 0 &&
	    (t = topic_obtain(b, m->topic)) != NULL &&
	    publish_retain(b, t, buf_slice(&event), false) == 0 &&
	    state_take(m, buf_slice(&event)) == 1)
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

/* What was asked for is so already. */
static int
set_again(struct session *from, struct slice call_id, struct notice *n)
{
	struct broker *b = from->broker;
	struct maintenance *m = b->maintenance;
	bool amended = is_amended(m, n), planned = m->at != 0;

	if (planned)
		plan_drop(m);
	if (amended && state_amend(b, n) == -1)
		return -1;
	/* Whoever says it again wants the file, too. */
	chore_set(&m->disk.follow);
	procedure_published(from, call_id, amended || planned ? result_quiet :
	    result_same, PUBLISH_OK, 0, NULL);
	return 0;
}

int
maintenance_set(struct session *from, struct slice call_id,
    const struct notice *n)
{
	struct broker *b = from->broker;
	struct publication p = { .broker = b, .from = from,
	    .call_id = call_id, .result = n->on ? result_on : result_off };
	enum publish_outcome outcome;
	struct notice again = *n;
	struct buf event = { 0 };
	struct errbuf e;
	long delivered;
	int rc = -1;

	if (maintenance_is_on(b) == n->on)
		return set_again(from, call_id, &again);
	if (notice_write(&event, n) == -1 ||
	    (p.topic = topic_obtain(b, b->maintenance->topic)) == NULL)
		goto out;
	p.event = buf_slice(&event);
	outcome = publish(&p, &delivered, &e);
	if (outcome != PUBLISH_LATER)
		procedure_published(from, call_id, p.result, outcome,
		    delivered, &e);
	rc = 0;
out:
	buf_clear(&event);
	return rc;
}

int
maintenance_plan(struct session *from, struct slice call_id,
    const struct notice *n, int64_t at)
{
	struct maintenance *m = from->broker->maintenance;

	plan_drop(m);
	if (notice_write(&m->planned, n) == -1)
		return -1;
	m->at = at;
	m->look = 0;
	procedure_published(from, call_id, result_quiet, PUBLISH_OK, 0, NULL);
	return 0;
}

/* ---- what the broker does by itself ---- */

/* Publish it; there is nobody to be told that it was refused. */
static void
tell(struct broker *b, const struct notice *n, const char *why)
{
	struct publication p = { .broker = b };
	struct buf event = { 0 };
	struct errbuf e = { "out of memory" };
	long delivered;

	log_info("maintenance: %s", why);
	if (notice_write(&event, n) == -1 ||
	    (p.topic = topic_obtain(b, b->maintenance->topic)) == NULL) {
		log_err("maintenance: %s", e.msg);
		goto out;
	}
	p.event = buf_slice(&event);
	switch (publish(&p, &delivered, &e)) {
	case PUBLISH_OK:
		if (maintenance_is_on(b) != n->on)
			log_err("the topic's handler left maintenance %s",
			    n->on ? "off" : "on");
		break;
	case PUBLISH_LATER:
		break;
	case PUBLISH_NO_ROUTE:
	case PUBLISH_FORBIDDEN:
	default:
		log_err("maintenance stays %s: %s", n->on ? "off" : "on",
		    e.msg);
	}
out:
	buf_clear(&event);
}

static void
begin_planned(struct broker *b, int64_t wall)
{
	struct maintenance *m = b->maintenance;
	struct buf event = m->planned;
	struct notice n;

	m->planned = (struct buf){ 0 };
	plan_drop(m);
	(void)notice_read(&n, buf_slice(&event));
	if (n.until != 0 && n.until <= wall)
		log_warn("maintenance is over that was planned while the "
		    "broker did not run");
	else
		tell(b, &n, "the planned start has come");
	buf_clear(&event);
}

static void
end_planned(struct broker *b)
{
	struct maintenance *m = b->maintenance;
	const struct notice n = { .user = m->is.user };

	m->is.until = 0;	/* once: a handler may refuse */
	tell(b, &n, "the planned end has come");
}

static void
watch_lock(struct broker *b)
{
	struct maintenance *m = b->maintenance;
	enum lock_change change = lock_watch_look(&m->disk.lock);
	const struct notice n = { .on = change == LOCK_MADE,
	    .user = SLICE("null") };

	if (change != LOCK_SAME && m->is.on != n.on)
		tell(b, &n, n.on ? "the lock file has appeared" :
		    "the lock file has gone");
}

static int64_t
next_look(const struct maintenance *m, int64_t wall)
{
	int64_t most = m->disk.lock.path != NULL ? LOCK_LOOK : CLOCK_LOOK;
	int64_t due = m->is.until;

	if (m->at != 0 && (due == 0 || m->at < due))
		due = m->at;
	if (due == 0)
		return m->disk.lock.path != NULL ? most : -1;
	if (due <= wall)
		return 1;
	return due - wall < most ? due - wall : most;
}

int64_t
maintenance_tick(struct broker *b)
{
	struct maintenance *m = b->maintenance;
	int64_t wait, wall;

	if (m->look == -1)
		return -1;
	if (b->now < m->look)
		return m->look - b->now;
	wall = b->wall();
	if (m->at != 0 && m->at <= wall)
		begin_planned(b, wall);
	if (m->is.until != 0 && m->is.until <= wall)
		end_planned(b);
	if (!m->disk.follow.due)
		watch_lock(b);
	wait = next_look(m, wall);
	m->look = wait == -1 ? -1 : b->now + wait;
	return wait;
}

/* ---- life ---- */

static int
state_load(struct broker *b, struct maintenance *m,
    const struct maintenance_kept *kept)
{
	struct topic *t = topic_obtain(b, m->topic);
	struct errbuf e;

	memcpy(m->since, kept->since, sizeof(m->since));
	m->at = kept->at;
	if (buf_add_slice(&m->planned, kept->planned) == -1)
		return -1;
	if (kept->event.len == 0)
		return 0;
	if (t == NULL || state_take(m, kept->event) == -1)
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

struct maintenance *
maintenance_new(struct broker *b, struct errbuf *e)
{
	struct maintenance *m;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	m->topic = slice_str(b->set.maintenance_topic);
	maintenance_disk_init(&m->disk, b->set.maintenance_lock);
	m->is.user = SLICE("null");
	if (b->set.state_dir != NULL && maintenance_restore(b, m, e) == -1) {
		maintenance_free(m);
		return NULL;
	}
	lock_watch_begin(&m->disk.lock, m->is.on);
	return m;
}

void
maintenance_free(struct maintenance *m)
{
	if (m == NULL)
		return;
	/* The last chance of what has failed until now. */
	if (m->disk.save.failed) {
		chore_set(&m->disk.save);
		put_away(m, 0);
	}
	maintenance_disk_clear(&m->disk);
	buf_clear(&m->event);
	buf_clear(&m->planned);
	free(m);
}
