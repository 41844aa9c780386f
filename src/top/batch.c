/*
 * batch.c: the tables of wamp-top on stdout, for scripts.
 */
#include "top/top.h"

#include <string.h>

#include "base/clock.h"
#include "base/stop.h"
#include "base/width.h"
#include "client/tool_print.h"
#include "proto/json.h"
#include "top/head.h"

/* ---- text ---- */

static int
end_line(struct buf *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	return buf_add_char(out, '\n');
}

/* Every column as wide as its content, whatever the terminal. */
static int
print_table(struct buf *out, const struct rows *r, struct layout *l)
{
	size_t natural[VIEW_COLUMNS_MAX], i;

	if (rows_measure(r, natural) == -1)
		return -1;
	for (i = 0; i < l->n; i++)
		l->width[i] = natural[l->column[i]];
	if (head_titles(out, r->view, l) == -1 || end_line(out) == -1)
		return -1;
	for (i = 0; i < r->n; i++)
		if (head_row(out, r, &r->v[i], l) == -1 || end_line(out) == -1)
			return -1;
	return 0;
}

static int
print_text(struct buf *out, struct top *t, bool first)
{
	struct width width;
	struct layout l;
	unsigned i;
	int rc = 0;

	if (!first && buf_add_char(out, '\n') == -1)
		return -1;
	for (i = 0; i < HEAD_LINES && rc == 0; i++)
		rc = head_line(out, &t->answer, i) == -1 ? -1 : end_line(out);
	if (rc == -1 || end_line(out) == -1)
		return -1;
	top_layout(t, &l);
	width_begin(&width);
	rc = print_table(out, &t->answer.rows, &l);
	width_end(&width);
	return rc;
}

/* ---- JSON ---- */

/* A row as the broker sent it, or only its chosen columns. */
static int
print_row(struct buf *out, const struct top *t, const struct row *row)
{
	const struct view *v = &views[t->view];
	const char *comma = "{";
	struct json_elem value;
	struct layout l;
	size_t i;

	if (t->columns.n == 0)
		return buf_add_slice(out, row->json);
	top_layout(t, &l);
	for (i = 0; i < l.n; i++) {
		const char *name = v->columns[l.column[i]].name;

		if (!json_member(row->json, name, &value))
			value.text = SLICE("null");
		if (buf_addf(out, "%s\"%s\":", comma, name) == -1 ||
		    buf_add_slice(out, value.text) == -1)
			return -1;
		comma = ",";
	}
	return buf_add_char(out, '}');
}

static int
print_rates(struct buf *out, const struct answer *a)
{
	static const char *const names[] = { "messages", "events",
	    "deliveries", "calls", "bytes_written", "events_dropped",
	    "refused_" };
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (names[i][len - 1] == '_')
			len--;
		if (buf_addf(out, "%s\"%.*s\":%.3f", i > 0 ? "," : "",
		    (int)len, names[i], answer_count(a, names[i]).rate) == -1)
			return -1;
	}
	return 0;
}

static int
print_json(struct buf *out, struct top *t)
{
	const struct answer *a = &t->answer;
	char now[CLOCK_ISO_SIZE];
	size_t i;

	if (buf_addf(out, "{\"time\":\"%s\",\"broker\":", clock_iso(now)) ==
	    -1 || buf_add_slice(out, buf_slice(&a->check)) == -1 ||
	    buf_add_str(out, ",\"rates\":{") == -1 ||
	    print_rates(out, a) == -1 ||
	    buf_addf(out, "},\"view\":\"%s\",\"rows\":[",
	    views[t->view].name) == -1)
		return -1;
	for (i = 0; i < a->rows.n; i++)
		if ((i > 0 && buf_add_char(out, ',') == -1) ||
		    print_row(out, t, &a->rows.v[i]) == -1)
			return -1;
	return buf_add_str(out, "]}\n");
}

/* ---- the loop ---- */

/* Wait for the next time, or a signal.  EXIT_DONE: go on. */
static enum exit_status
wait_for_next(struct top *t, int64_t until, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;
	bool woken = false;

	while (status == EXIT_DONE && !woken && clock_ms() < until)
		status = client_wait(t->client, until, t->signals, &woken, e);
	if (woken)
		t->signo = stop_taken(t->signals);
	return status;
}

enum exit_status
batch_run(struct top *t, struct errbuf *e)
{
	int64_t next = clock_ms(), n;
	struct buf out = { 0 };
	enum exit_status status = EXIT_DONE;

	for (n = 0; status == EXIT_DONE && t->signo == 0; n++) {
		if ((status = top_ask(t, e)) != EXIT_DONE)
			break;
		if ((t->opt.json ? print_json(&out, t) :
		    print_text(&out, t, n == 0)) == -1) {
			err_set(e, "out of memory");
			status = EXIT_WORK;
			break;
		}
		status = tool_print_text(&out, e);
		if (status != EXIT_DONE || n + 1 == t->opt.iterations)
			break;
		next += t->interval_ms;
		if (next < clock_ms())
			next = clock_ms();
		status = wait_for_next(t, next, e);
	}
	buf_clear(&out);
	return status;
}
