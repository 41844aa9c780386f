/*
 * maintenance.c: whether maintenance mode is on.
 */
#include "wampd/maintenance.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "proto/json.h"
#include "wampd/broker.h"
#include "wampd/procedure.h"

#define STATE_FILE	"maintenance.json"
#define STATE_MAX	65536	/* bytes */
#define EVENT_MAX	4096	/* a larger event is none of ours */

struct maintenance {
	struct slice topic;	/* borrowed from the settings */
	struct buf   path;	/* owned, C string; empty: nothing is kept */
	struct buf   user;	/* owned; userId as JSON */
	struct buf   unsaved;	/* owned; what the file is to hold, or empty */
	bool	     on;
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
};

/* Take over what the event says.  1 when it is one of ours, 0 when not, -1
 * when out of memory. */
static int
state_read(struct maintenance *m, struct slice event)
{
	struct json_elem on, user;

	if (event.len > EVENT_MAX || !json_member(event, "isOn", &on) ||
	    (on.type != JSON_TRUE && on.type != JSON_FALSE))
		return 0;
	buf_reset(&m->user);
	if (!json_member(event, "userId", &user))
		user.text = SLICE("null");
	if (buf_add_slice(&m->user, user.text) == -1)
		return -1;
	m->on = on.type == JSON_TRUE;
	return 1;
}

/* The event, with the time in front, is to be kept over a restart. */
static void
state_keep(struct maintenance *m, struct slice event)
{
	buf_reset(&m->unsaved);
	if (m->path.len > 0 &&
	    (buf_addf(&m->unsaved, "[\"%s\",", m->since) == -1 ||
	    buf_add_slice(&m->unsaved, event) == -1 ||
	    buf_add_str(&m->unsaved, "]\n") == -1)) {
		log_err("maintenance state is not kept: out of memory");
		buf_reset(&m->unsaved);
	}
}

void
maintenance_save(struct maintenance *m)
{
	struct errbuf e;

	if (m->unsaved.len > 0 && io_replace_file(m->path.data,
	    buf_slice(&m->unsaved), 0640, &e) == -1)
		log_err("maintenance state is not kept: %s: %s",
		    m->path.data, e.msg);
	buf_reset(&m->unsaved);
}

void
maintenance_observe(struct broker *b, struct topic *t, struct slice event)
{
	struct maintenance *m = b->maintenance;
	int rc;

	if (!slice_eq(t->name, m->topic) || (rc = state_read(m, event)) == 0)
		return;
	if (rc == -1 || publish_retain(b, t, event, true) == -1) {
		log_err("maintenance state is not kept: out of memory");
		return;
	}
	(void)clock_iso(m->since);
	state_keep(m, event);
	log_info("maintenance %s", m->on ? "on" : "off");
}

bool
maintenance_is_on(const struct broker *b)
{
	return b->maintenance->on;
}

int
maintenance_describe(const struct broker *b, struct buf *out)
{
	const struct maintenance *m = b->maintenance;

	if (buf_addf(out, "{\"isOn\":%s,\"userId\":",
	    m->on ? "true" : "false") == -1 ||
	    buf_add_slice(out, m->user.len > 0 ? buf_slice(&m->user) :
	    SLICE("null")) == -1)
		return -1;
	if (m->since[0] == '\0')
		return buf_add_str(out, ",\"since\":null}");
	return buf_addf(out, ",\"since\":\"%s\"}", m->since);
}

/* The handler may have made something else of the event: tell what is. */
static int
set_result(const struct broker *b, bool changed, long delivered,
    struct buf *out)
{
	return buf_addf(out, "{\"changed\":%s,\"isOn\":%s,"
	    "\"delivered\":%ld}", changed ? "true" : "false",
	    maintenance_is_on(b) ? "true" : "false", delivered);
}

static int
result_on(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, maintenance_is_on(b), delivered, out);
}

static int
result_off(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, !maintenance_is_on(b), delivered, out);
}

static int
result_unchanged(const struct broker *b, long delivered, struct buf *out)
{
	return set_result(b, false, delivered, out);
}

/* Publish what says so and tell the caller unless that comes later. */
static void
set_publish(struct publication *p)
{
	enum publish_outcome outcome;
	struct errbuf e;
	long delivered;

	outcome = publish(p, &delivered, &e);
	if (outcome != PUBLISH_LATER)
		procedure_published(p->from, p->call_id, p->result, outcome,
		    delivered, &e);
}

int
maintenance_set(struct session *from, struct slice call_id, bool on,
    struct slice user_json)
{
	struct broker *b = from->broker;
	struct publication p = { .broker = b, .from = from,
	    .call_id = call_id, .result = on ? result_on : result_off };
	struct buf event = { 0 };
	int rc = -1;

	if (b->maintenance->on == on) {
		procedure_published(from, call_id, result_unchanged,
		    PUBLISH_OK, 0, NULL);
		return 0;
	}
	if (buf_addf(&event, "{\"isOn\":%s,\"userId\":",
	    on ? "true" : "false") == 0 &&
	    buf_add_slice(&event, user_json) == 0 &&
	    buf_add_char(&event, '}') == 0 &&
	    (p.topic = topic_obtain(b, b->maintenance->topic)) != NULL) {
		p.event = buf_slice(&event);
		set_publish(&p);
		rc = 0;
	}
	buf_clear(&event);
	return rc;
}

/* [time, event] as state_keep() wrote it. */
static int
state_load(struct broker *b, struct maintenance *m, struct slice text,
    struct errbuf *e)
{
	struct json_elem elem[2];
	struct json_error je;
	struct topic *t;
	size_t n;

	if (json_scan_array(text, JSON_DEPTH_DEFAULT, elem, 2, &n, NULL,
	    &je) == -1 || n != 2 || elem[0].type != JSON_STRING ||
	    elem[0].text.len >= sizeof(m->since) + 2 ||
	    state_read(m, elem[1].text) != 1) {
		err_set(e, "it does not hold a maintenance state; remove it "
		    "to start without one");
		return -1;
	}
	memcpy(m->since, elem[0].text.p + 1, elem[0].text.len - 2);
	m->since[elem[0].text.len - 2] = '\0';
	if ((t = topic_obtain(b, m->topic)) == NULL ||
	    publish_retain(b, t, elem[1].text, true) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}

static int
maintenance_restore(struct broker *b, struct maintenance *m,
    struct errbuf *e)
{
	struct buf text = { 0 };
	int rc = -1;

	if (buf_addf(&m->path, "%s/%s", b->set.state_dir, STATE_FILE) == -1 ||
	    buf_cstr(&m->path) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	if (access(m->path.data, F_OK) == -1 && errno == ENOENT)
		return 0;
	if (io_read_file(&text, m->path.data, STATE_MAX, e) == 0)
		rc = state_load(b, m, buf_slice(&text), e);
	if (rc == -1)
		err_wrap(e, "%s", m->path.data);
	buf_clear(&text);
	return rc;
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
	if (b->set.state_dir != NULL && maintenance_restore(b, m, e) == -1) {
		maintenance_free(m);
		return NULL;
	}
	return m;
}

void
maintenance_free(struct maintenance *m)
{
	if (m == NULL)
		return;
	buf_clear(&m->path);
	buf_clear(&m->user);
	buf_clear(&m->unsaved);
	free(m);
}
