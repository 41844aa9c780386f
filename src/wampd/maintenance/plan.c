/*
 * plan.c: maintenance that begins later, and when it is announced.
 */
#include "wampd/maintenance/plan.h"

#include <string.h>

#include "base/clock.h"

bool
maintenance_plan_add_warning(struct maintenance_warnings *w, int64_t wall_ms)
{
	size_t i = 0;

	while (i < w->n && w->v[i] < wall_ms)
		i++;
	if (i < w->n && w->v[i] == wall_ms)
		return true;
	if (w->n == MAINTENANCE_WARNINGS_MAX)
		return false;
	memmove(w->v + i + 1, w->v + i, (w->n - i) * sizeof(*w->v));
	w->v[i] = wall_ms;
	w->n++;
	return true;
}

int
maintenance_plan_init(struct maintenance_plan *p, const struct notice *n,
    int64_t at, const struct maintenance_warnings *warn)
{
	*p = (struct maintenance_plan){ .at = at, .warn = *warn };
	if (notice_write(&p->event, n) == 0)
		return 0;
	maintenance_plan_clear(p);
	return -1;
}

void
maintenance_plan_clear(struct maintenance_plan *p)
{
	buf_clear(&p->event);
	*p = (struct maintenance_plan){ .at = 0 };
}

int64_t
maintenance_plan_next(const struct maintenance_plan *p)
{
	return p->warn.n > 0 ? p->warn.v[0] : p->at;
}

bool
maintenance_plan_take_warnings(struct maintenance_warnings *w,
    int64_t wall_ms)
{
	size_t n = 0;

	while (n < w->n && w->v[n] <= wall_ms)
		n++;
	w->n -= n;
	memmove(w->v, w->v + n, w->n * sizeof(*w->v));
	return n > 0;
}

struct notice
maintenance_plan_announcement(const struct notice *n, int64_t at)
{
	struct notice ahead = *n;

	ahead.on = false;
	ahead.at = at;
	return ahead;
}

int
maintenance_plan_write_time(struct buf *out, int64_t wall_ms)
{
	char iso[CLOCK_ISO_SIZE];

	return buf_addf(out, "\"%s\"", clock_iso_of(iso, wall_ms));
}

int
maintenance_plan_write_warnings(struct buf *out, const char *open,
    const struct maintenance_warnings *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (buf_add_str(out, i == 0 ? open : ",") == -1 ||
		    maintenance_plan_write_time(out, w->v[i]) == -1)
			return -1;
	return w->n == 0 ? 0 : buf_add_char(out, ']');
}

int
maintenance_plan_describe(const struct maintenance_plan *p, struct buf *out)
{
	if (p->at == 0)
		return buf_add_str(out, "null");
	if (buf_add_str(out, "{\"at\":") == -1 ||
	    maintenance_plan_write_time(out, p->at) == -1 ||
	    buf_add_str(out, ",\"event\":") == -1 ||
	    buf_add_slice(out, buf_slice(&p->event)) == -1 ||
	    maintenance_plan_write_warnings(out, ",\"warn\":[", &p->warn) == -1)
		return -1;
	return buf_add_char(out, '}');
}
