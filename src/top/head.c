/*
 * head.c: the lines about the whole broker, and those of the table.
 */
#include "top/head.h"

#include "proto/json.h"
#include "top/cell.h"

/* A label and a number. */
static int
add(struct buf *out, const char *label,
    int (*show)(struct buf *out, double n), double n)
{
	return buf_addf(out, "%s%s ", out->len > 0 ? "  " : "", label) == -1 ?
	    -1 : show(out, n);
}

/* A number and its limit. */
static int
add_of(struct buf *out, const char *label,
    int (*show)(struct buf *out, double n), double n, double max)
{
	if (add(out, label, show, n) == -1)
		return -1;
	return max <= 0 ? 0 : buf_add_char(out, '/') == -1 ? -1 :
	    show(out, max);
}

static int
add_version(struct buf *out, const struct answer *a)
{
	struct slice check = buf_slice(&a->check);
	struct json_elem value;

	if (buf_add_str(out, "wampd") == -1)
		return -1;
	if (!json_member(check, "version", &value) ||
	    value.type != JSON_STRING)
		return 0;
	return buf_add_char(out, ' ') == -1 ? -1 :
	    cell_text(out, json_inside(value.text));
}

static int
line_state(struct buf *out, const struct answer *a)
{
	if (add_version(out, a) == -1 ||
	    add(out, "up", cell_duration, answer_check(a, "uptime")) == -1 ||
	    add(out, "memory", cell_bytes, answer_check(a, "memory")) == -1)
		return -1;
	if (answer_flag(a, "maintenance") &&
	    buf_add_str(out, "  maintenance") == -1)
		return -1;
	return answer_flag(a, "draining") ?
	    buf_add_str(out, "  draining") : 0;
}

static int
line_now(struct buf *out, const struct answer *a)
{
	return add_of(out, "sessions", cell_number,
	    answer_check(a, "sessions"),
	    answer_check(a, "sessions_max")) == -1 ||
	    add(out, "slow", cell_number, answer_check(a, "slow")) == -1 ||
	    add(out, "topics", cell_number, answer_check(a, "topics")) == -1 ||
	    add(out, "subscriptions", cell_number,
	    answer_check(a, "subscriptions")) == -1 ? -1 : 0;
}

static int
line_rates(struct buf *out, const struct answer *a)
{
	return buf_add_str(out, "per second:") == -1 ||
	    add(out, "messages", cell_rate,
	    answer_count(a, "messages").rate) == -1 ||
	    add(out, "events", cell_rate,
	    answer_count(a, "events").rate) == -1 ||
	    add(out, "deliveries", cell_rate,
	    answer_count(a, "deliveries").rate) == -1 ||
	    add(out, "calls", cell_rate,
	    answer_count(a, "calls").rate) == -1 ||
	    add(out, "bytes", cell_bytes,
	    answer_count(a, "bytes_written").rate) == -1 ? -1 : 0;
}

static int
line_trouble(struct buf *out, const struct answer *a)
{
	return add_of(out, "queues", cell_bytes, answer_check(a, "queues"),
	    answer_check(a, "queues_max")) == -1 ||
	    add(out, "drops/s", cell_rate,
	    answer_count(a, "events_dropped").rate) == -1 ||
	    add(out, "total", cell_number,
	    answer_count(a, "events_dropped").total) == -1 ||
	    add(out, "refusals/s", cell_rate,
	    answer_count(a, "refused_").rate) == -1 ||
	    add(out, "total", cell_number,
	    answer_count(a, "refused_").total) == -1 ? -1 : 0;
}

int
head_line(struct buf *out, const struct answer *a, unsigned line)
{
	static int (*const lines[HEAD_LINES])(struct buf *out,
	    const struct answer *a) = {
		line_state, line_now, line_rates, line_trouble
	};
	struct buf text = { 0 };
	int rc = lines[line](&text, a);

	if (rc == 0)
		rc = buf_add_slice(out, buf_slice(&text));
	buf_clear(&text);
	return rc;
}

bool
head_alarm(const struct answer *a, unsigned line)
{
	switch (line) {
	case 0:
		return answer_flag(a, "draining") ||
		    answer_flag(a, "maintenance");
	case 1:
		return answer_flag(a, "slow");
	case HEAD_LINES - 1:
		return answer_count(a, "events_dropped").rate > 0;
	default:
		return false;
	}
}

int
head_titles(struct buf *out, const struct view *v, const struct layout *l)
{
	const struct column *c;
	size_t i;

	for (i = 0; i < l->n; i++) {
		c = &v->columns[l->column[i]];
		if ((i > 0 && buf_add_char(out, ' ') == -1) ||
		    cell_fit(out, slice_str(c->title), l->width[i],
		    c->kind != COLUMN_TEXT) == -1)
			return -1;
	}
	return 0;
}

int
head_row(struct buf *out, const struct rows *r, const struct row *row,
    const struct layout *l)
{
	const struct column *c;
	struct buf text = { 0 };
	int rc = 0;
	size_t i;

	for (i = 0; i < l->n && rc == 0; i++) {
		c = &r->view->columns[l->column[i]];
		buf_reset(&text);
		if ((i > 0 && buf_add_char(out, ' ') == -1) ||
		    row_show(&text, r, row, l->column[i]) == -1 ||
		    cell_fit(out, buf_slice(&text), l->width[i],
		    c->kind != COLUMN_TEXT) == -1)
			rc = -1;
	}
	buf_clear(&text);
	return rc;
}
