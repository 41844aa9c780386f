/*
 * draw.c: what wamp-top shows on a terminal.
 */
#include <string.h>

#include "base/width.h"
#include "proto/json.h"
#include "top/cell.h"
#include "top/head.h"
#include "top/live.h"
#include "top/screen.h"

#define ROWS_MIN	10
#define COLUMNS_MIN	40

#define TABS_ROW	HEAD_LINES
#define TITLES_ROW	(HEAD_LINES + 1)
#define TABLE_ROW	(HEAD_LINES + 2)

/* Put a text into the whole width of the screen. */
static int
put_line(size_t row, struct slice text, enum screen_look look)
{
	struct buf line = { 0 };
	int rc = cell_fit(&line, text, screen_columns(), false);

	if (rc == 0)
		screen_put(row, 0, buf_slice(&line), look);
	buf_clear(&line);
	return rc;
}

/* ---- the table ---- */

static int
draw_head(const struct live *l)
{
	const struct answer *a = &l->top->answer;
	struct buf line = { 0 };
	unsigned i;
	int rc = 0;

	for (i = 0; i < HEAD_LINES && rc == 0 && l->asked; i++) {
		buf_reset(&line);
		rc = head_line(&line, a, i);
		if (rc == 0)
			rc = put_line(i, buf_slice(&line), head_alarm(a, i) ?
			    SCREEN_ALARM : SCREEN_PLAIN);
	}
	buf_clear(&line);
	return rc;
}

/* The views, how the table is sorted, and the filter. */
static int
draw_tabs(const struct live *l)
{
	const struct top *t = l->top;
	const struct view *v = &views[t->view];
	const struct chosen *c = &t->chosen[t->view];
	struct buf line = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; i < VIEWS && rc == 0; i++)
		rc = buf_addf(&line, i == t->view ? "[%zu %s]" : " %zu %s ",
		    i + 1, views[i].title);
	if (rc == 0)
		rc = buf_addf(&line, " by %s%s", v->columns[c->sort].title,
		    c->reverse ? " reversed" : "");
	if (rc == 0 && l->paused)
		rc = buf_add_str(&line, "  PAUSED");
	if (rc == 0 && t->filter.text.len > 0 &&
	    (rc = buf_add_str(&line, "  /")) == 0)
		rc = cell_text(&line, buf_slice(&t->filter.text));
	if (rc == 0)
		rc = put_line(TABS_ROW, buf_slice(&line), SCREEN_BOLD);
	buf_clear(&line);
	return rc;
}

static enum screen_look
row_look(const struct live *l, size_t at)
{
	const struct rows *r = &l->top->answer.rows;
	const struct column *c = r->view->columns;
	size_t i;

	if (at == l->chosen)
		return SCREEN_CHOSEN;
	for (i = 0; c[i].name != NULL; i++)
		if (strcmp(c[i].name, "slow") == 0 &&
		    r->v[at].cell[i].number > 0)
			return SCREEN_ALARM;
	return SCREEN_PLAIN;
}

/* Keep the chosen row on the screen. */
static void
scroll_to_chosen(struct live *l)
{
	size_t n = l->top->answer.rows.n;

	if (l->chosen >= n)
		l->chosen = n > 0 ? n - 1 : 0;
	if (l->first > l->chosen)
		l->first = l->chosen;
	if (l->page > 0 && l->chosen >= l->first + l->page)
		l->first = l->chosen - l->page + 1;
}

static int
draw_rows(struct live *l, const struct layout *layout)
{
	const struct rows *r = &l->top->answer.rows;
	struct buf line = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; i < l->page && l->first + i < r->n && rc == 0; i++) {
		buf_reset(&line);
		rc = head_row(&line, r, &r->v[l->first + i], layout);
		if (rc == 0)
			rc = put_line(TABLE_ROW + i, buf_slice(&line),
			    row_look(l, l->first + i));
	}
	buf_clear(&line);
	return rc;
}

static int
draw_table(struct live *l)
{
	const struct rows *r = &l->top->answer.rows;
	size_t natural[VIEW_COLUMNS_MAX];
	struct buf titles = { 0 };
	struct layout layout;
	int rc;

	l->page = screen_rows() - TABLE_ROW - 1;
	if (draw_head(l) == -1 || draw_tabs(l) == -1)
		return -1;
	if (!l->asked || r->view != &views[l->top->view])
		return 0;
	scroll_to_chosen(l);
	top_layout(l->top, &layout);
	if (rows_measure(r, natural) == -1)
		return -1;
	layout_fit(&layout, r->view, natural, screen_columns());
	rc = head_titles(&titles, r->view, &layout);
	if (rc == 0)
		rc = put_line(TITLES_ROW, buf_slice(&titles), SCREEN_BAR);
	buf_clear(&titles);
	return rc == -1 ? -1 : draw_rows(l, &layout);
}

/* ---- the other modes ---- */

static const char *const help[] = {
	"1-5, Tab    sessions, topics, slow sessions, handlers, counters",
	"up, down    choose a row; also PgUp, PgDn, Home, End, k and j",
	"Enter       all that the broker tells of the row",
	"< and >     sort by the column before, or behind",
	"r           reverse the order",
	"/           show only rows with a text; ~ begins a regular expression",
	"d           seconds between two looks",
	"p           pause, and go on",
	"K           close the chosen session; asks first",
	"Space       look now",
	"Ctrl-L      draw everything again",
	"q, Esc      back, or the end",
	NULL
};

static int
draw_help(void)
{
	size_t i;

	if (put_line(0, SLICE("wamp-top: keys"), SCREEN_BAR) == -1)
		return -1;
	for (i = 0; help[i] != NULL && i + 3 < screen_rows(); i++)
		if (put_line(i + 2, slice_str(help[i]), SCREEN_PLAIN) == -1)
			return -1;
	return 0;
}

/* A member of the row, on as many lines as it needs.  Returns the next row of
 * the screen, or -1. */
static long
put_member(struct slice text, long row, long scroll)
{
	size_t width, len;
	long last = (long)screen_rows() - 1;

	while (text.len > 0) {
		len = width_head(text, screen_columns(), &width);
		if (len == 0)
			break;
		if (row - scroll >= 2 && row - scroll < last)
			screen_put((size_t)(row - scroll), 0,
			    slice_of(text.p, len), SCREEN_PLAIN);
		row++;
		text = slice_of(text.p + len, text.len - len);
	}
	return row;
}

static int
draw_details(const struct live *l)
{
	struct slice rest = json_inside(buf_slice(&l->details));
	struct json_elem key, value;
	struct buf line = { 0 };
	long row = 2;
	int rc = put_line(0, SLICE("wamp-top: details"), SCREEN_BAR);

	while (rc == 0 && json_next_member(&rest, &key, &value)) {
		buf_reset(&line);
		if (cell_text(&line, json_inside(key.text)) == -1 ||
		    buf_add_str(&line, ": ") == -1 ||
		    cell_text(&line, value.text) == -1)
			rc = -1;
		else
			row = put_member(buf_slice(&line), row,
			    (long)l->scroll);
	}
	buf_clear(&line);
	return rc;
}

/* ---- the last line ---- */

static int
add_prompt(struct buf *out, const struct live *l)
{
	const struct row *row = live_row(l);

	switch (l->prompt) {
	case PROMPT_FILTER:
		return buf_add_str(out, "Only rows with: ");
	case PROMPT_DELAY:
		return buf_add_str(out, "Seconds between two looks: ");
	case PROMPT_KICK:
		if (buf_addf(out, "Close session ") == -1 ||
		    cell_text(out, buf_slice(&l->key)) == -1)
			return -1;
		if (row != NULL && (buf_add_str(out, " of ") == -1 ||
		    row_show(out, &l->top->answer.rows, row, 1) == -1))
			return -1;
		return buf_add_str(out, "? (y/N) ");
	case PROMPT_NONE:
	default:
		return 0;
	}
}

static int
draw_last(const struct live *l)
{
	size_t row = screen_rows() - 1;
	struct buf line = { 0 };
	enum screen_look look = SCREEN_DIM;
	int rc = 0;

	if (l->prompt != PROMPT_NONE) {
		look = SCREEN_BOLD;
		rc = add_prompt(&line, l) == -1 ? -1 :
		    cell_text(&line, buf_slice(&l->line));
		if (rc == 0)
			rc = buf_add_char(&line, '_');
	} else if (l->said.msg[0] != '\0') {
		look = l->lost ? SCREEN_ALARM : SCREEN_BOLD;
		rc = cell_text(&line, slice_str(l->said.msg));
	} else {
		rc = buf_add_str(&line, l->mode == LIVE_TABLE ?
		    "? help  Enter details  / filter  < > sort  r reverse  "
		    "K close  p pause  q quit" : "q, Esc: back");
	}
	if (rc == 0)
		rc = put_line(row, buf_slice(&line), look);
	buf_clear(&line);
	return rc;
}

int
draw(struct live *l)
{
	struct width width;
	int rc;

	screen_clear(l->redraw);
	l->redraw = false;
	if (screen_rows() < ROWS_MIN || screen_columns() < COLUMNS_MIN) {
		screen_put(0, 0, SLICE("too small:"), SCREEN_BOLD);
		screen_put(1, 0, SLICE("needs 40x10"), SCREEN_BOLD);
		screen_show();
		return 0;
	}
	width_begin(&width);
	rc = l->mode == LIVE_HELP ? draw_help() :
	    l->mode == LIVE_DETAILS ? draw_details(l) : draw_table(l);
	if (rc == 0)
		rc = draw_last(l);
	width_end(&width);
	screen_show();
	return rc;
}
