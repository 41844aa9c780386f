/*
 * view.c: the tables of wamp-top, and which of their columns fit.
 */
#include "top/view.h"

#include <string.h>
#include <strings.h>

#include "base/nearest.h"

static const struct column session_columns[] = {
	{ "session", "SESSION", COLUMN_TEXT, 16, 1, false },
	{ "principal", "USER", COLUMN_TEXT, 9, 0, false },
	{ "address", "ADDRESS", COLUMN_TEXT, 9, 0, false },
	{ "transport", "VIA", COLUMN_TEXT, 7, 6, false },
	{ "subscriptions", "SUBS", COLUMN_NUMBER, 5, 2, true },
	{ "rate", "MSG/S", COLUMN_RATE, 5, 0, true },
	{ "received", "MSGS", COLUMN_NUMBER, 5, 5, true },
	{ "queued", "QUEUE", COLUMN_BYTES, 5, 0, true },
	{ "dropped", "DROPS", COLUMN_NUMBER, 5, 4, true },
	{ "slow", "SLOW", COLUMN_FLAG, 4, 3, false },
	{ "paused", "WAIT", COLUMN_FLAG, 4, 7, false },
	{ "age", "AGE", COLUMN_DURATION, 6, 0, true },
	{ .name = NULL }
};

static const struct column topic_columns[] = {
	{ "topic", "TOPIC", COLUMN_TEXT, 20, 0, false },
	{ "subscribers", "SUBS", COLUMN_NUMBER, 5, 0, true },
	{ "watchers", "WATCH", COLUMN_NUMBER, 5, 4, false },
	{ "rate", "EV/S", COLUMN_RATE, 5, 0, true },
	{ "events", "EVENTS", COLUMN_NUMBER, 6, 0, true },
	{ "retained", "KEPT", COLUMN_FLAG, 4, 3, false },
	{ "route", "ROUTE", COLUMN_TEXT, 9, 2, false },
	{ "handler", "HANDLER", COLUMN_TEXT, 9, 1, false },
	{ .name = NULL }
};

static const struct column handler_columns[] = {
	{ "handler", "HANDLER", COLUMN_TEXT, 20, 0, false },
	{ "type", "TYPE", COLUMN_TEXT, 9, 1, false },
	{ "event_rate", "EV/S", COLUMN_RATE, 5, 0, false },
	{ "events", "EVENTS", COLUMN_NUMBER, 6, 0, false },
	{ "call_rate", "CALL/S", COLUMN_RATE, 6, 0, false },
	{ "calls", "CALLS", COLUMN_NUMBER, 5, 0, false },
	{ "waiting", "QUEUE", COLUMN_NUMBER, 5, 2, false },
	{ "processes", "PROCS", COLUMN_NUMBER, 5, 3, false },
	{ "starts", "STARTS", COLUMN_NUMBER, 6, 4, false },
	{ .name = NULL }
};

static const struct column counter_columns[] = {
	{ "counter", "COUNTER", COLUMN_TEXT, 20, 0, false },
	{ "rate", "PER SECOND", COLUMN_RATE, 10, 0, false },
	{ "total", "TOTAL", COLUMN_NUMBER, 7, 0, false },
	{ .name = NULL }
};

const struct view views[VIEWS] = {
	{ "sessions", "Sessions", VIEW_SESSIONS, false, session_columns,
	  "rate" },
	{ "topics", "Topics", VIEW_TOPICS, false, topic_columns, "rate" },
	{ "slow", "Slow", VIEW_SESSIONS, true, session_columns, "queued" },
	{ "handlers", "Handlers", VIEW_HANDLERS, false, handler_columns,
	  "event_rate" },
	{ "counters", "Counters", VIEW_COUNTERS, false, counter_columns,
	  "rate" },
};

const char *const view_names[] = {
	"sessions", "topics", "slow", "handlers", "counters", NULL
};

size_t
view_count(const struct view *v)
{
	size_t n = 0;

	while (v->columns[n].name != NULL)
		n++;
	return n;
}

int
view_column(const struct view *v, const char *name, size_t len,
    struct errbuf *e)
{
	const struct column *c;
	struct nearest near;

	nearest_init(&near, name, len);
	for (c = v->columns; c->name != NULL; c++) {
		if ((strlen(c->name) == len &&
		    strncmp(c->name, name, len) == 0) ||
		    (strlen(c->title) == len &&
		    strncasecmp(c->title, name, len) == 0))
			return (int)(c - v->columns);
		nearest_try(&near, c->name);
	}
	err_set(e, "%s has no column \"%.*s\"", v->name, (int)len, name);
	err_suggest(e, near.found);
	return -1;
}

/* ---- layout ---- */

void
layout_all(struct layout *l, const struct view *v)
{
	size_t i;

	l->n = view_count(v);
	for (i = 0; i < l->n; i++)
		l->column[i] = i;
}

int
layout_parse(struct layout *l, const struct view *v, const char *list,
    struct errbuf *e)
{
	size_t len;
	int column;

	for (l->n = 0;; list += len + 1) {
		len = strcspn(list, ",");
		if (l->n == VIEW_COLUMNS_MAX) {
			err_set(e, "more than %d columns", VIEW_COLUMNS_MAX);
			return -1;
		}
		if ((column = view_column(v, list, len, e)) == -1)
			return -1;
		l->column[l->n++] = (size_t)column;
		if (list[len] == '\0')
			return 0;
	}
}

/* The columns of a terminal that the shown ones need. */
static size_t
layout_width(const struct layout *l)
{
	size_t i, sum = l->n > 0 ? l->n - 1 : 0;

	for (i = 0; i < l->n; i++)
		sum += l->width[i];
	return sum;
}

/* Leave out the column with the greatest rank.  false: there is none. */
static bool
layout_drop(struct layout *l, const struct view *v)
{
	size_t i, worst = 0;
	unsigned rank = 0;

	for (i = 0; i < l->n; i++)
		if (v->columns[l->column[i]].rank > rank) {
			rank = v->columns[l->column[i]].rank;
			worst = i;
		}
	if (rank == 0)
		return false;
	l->n--;
	memmove(&l->column[worst], &l->column[worst + 1],
	    (l->n - worst) * sizeof(l->column[0]));
	memmove(&l->width[worst], &l->width[worst + 1],
	    (l->n - worst) * sizeof(l->width[0]));
	return true;
}

/* Give one more column to the text that lacks most.  false: none lacks any. */
static bool
layout_widen(struct layout *l, const struct view *v, const size_t *natural)
{
	size_t i, lacks = 0, most = 0;

	for (i = 0; i < l->n; i++) {
		size_t need = natural[l->column[i]];

		if (v->columns[l->column[i]].kind == COLUMN_TEXT &&
		    need > l->width[i] && need - l->width[i] > lacks) {
			lacks = need - l->width[i];
			most = i;
		}
	}
	if (lacks > 0)
		l->width[most]++;
	return lacks > 0;
}

void
layout_fit(struct layout *l, const struct view *v, const size_t *natural,
    size_t columns)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct column *c = &v->columns[l->column[i]];

		l->width[i] = c->kind != COLUMN_TEXT &&
		    natural[l->column[i]] > c->width ?
		    natural[l->column[i]] : c->width;
	}
	while (layout_width(l) > columns && layout_drop(l, v))
		;
	while (layout_width(l) < columns && layout_widen(l, v, natural))
		;
}
