/*
 * state.c: the maintenance state in memory.
 */
#include "wampd/maintenance/state.h"

#include <string.h>

#include "base/lock_file.h"
#include "proto/json.h"
#include "wampd/core/tap.h"

void
maintenance_state_mark(struct maintenance *m, struct chore *c)
{
	chore_set(c);
	if (m->tap != NULL)
		tap_stir(m->tap);
}

int
maintenance_state_take(struct maintenance *m, struct slice event)
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
	maintenance_state_mark(m, &m->disk.file.save);
	return 1;
}

void
maintenance_state_drop_plan(struct maintenance *m)
{
	maintenance_plan_clear(&m->plan);
	maintenance_state_mark(m, &m->disk.file.save);
}

int
maintenance_state_check(const struct maintenance *m, bool on,
    struct errbuf *e)
{
	const char *path = m->disk.lock.path;

	return path == NULL ? 0 : lock_file_check(path, on, e);
}

static int
describe_time(struct buf *out, int64_t wall_ms)
{
	return wall_ms == 0 ? buf_add_str(out, "null") :
	    maintenance_plan_write_time(out, wall_ms);
}

int
maintenance_state_describe(const struct maintenance *m, struct buf *out)
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
	    maintenance_plan_describe(&m->plan, out) == -1 ||
	    buf_add_str(out, ",\"topic\":") == -1 ||
	    json_quote(out, m->topic) == -1 ||
	    maintenance_disk_describe(&m->disk, out) == -1)
		return -1;
	return buf_add_char(out, '}');
}

struct maintenance_kept
maintenance_state_kept(const struct maintenance *m)
{
	struct maintenance_kept kept = { .event = buf_slice(&m->event),
	    .at = m->plan.at, .planned = buf_slice(&m->plan.event),
	    .warn = m->plan.warn };

	memcpy(kept.since, m->since, sizeof(kept.since));
	return kept;
}

void
maintenance_state_put(struct maintenance *m, int64_t now)
{
	const struct maintenance_kept kept = maintenance_state_kept(m);

	maintenance_disk_put(&m->disk, &kept, m->is.on, now);
}
