/*
 * keys.c: what the keys of wamp-top do.
 */
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/utf8.h"
#include "top/live.h"
#include "top/screen.h"

#define DELAY_MIN	100	/* ms */
#define LINE_MAX	200	/* bytes at a prompt */

const struct row *
live_row(const struct live *l)
{
	const struct rows *r = &l->top->answer.rows;

	return l->asked && r->view == &views[l->top->view] &&
	    l->chosen < r->n ? &r->v[l->chosen] : NULL;
}

/* The chosen row is known again by its text. */
static int
remember(struct live *l)
{
	const struct row *row = live_row(l);

	buf_reset(&l->key);
	return row == NULL ? 0 : buf_add_slice(&l->key,
	    row_key(&l->top->answer.rows, row));
}

static void
look_now(struct live *l)
{
	l->wanted = true;
	if (!l->lost)
		l->due = clock_ms();
}

/* ---- choosing ---- */

static void
choose(struct live *l, size_t row)
{
	size_t n = l->top->answer.rows.n;

	l->chosen = row < n ? row : n > 0 ? n - 1 : 0;
	(void)remember(l);
}

static bool
move(struct live *l, int key)
{
	size_t page = l->page > 1 ? l->page - 1 : 1;
	size_t *at = l->mode == LIVE_TABLE ? &l->chosen : &l->scroll, to = *at;

	switch (key) {
	case SCREEN_UP:
	case 'k':
		to -= to > 0;
		break;
	case SCREEN_DOWN:
	case 'j':
		to++;
		break;
	case SCREEN_PAGE_UP:
		to = to > page ? to - page : 0;
		break;
	case SCREEN_PAGE_DOWN:
		to += page;
		break;
	case SCREEN_HOME:
		to = 0;
		break;
	case SCREEN_END:
		to = l->mode == LIVE_TABLE ? ASK_LIMIT : to;
		break;
	default:
		return false;
	}
	if (l->mode == LIVE_TABLE)
		choose(l, to);
	else
		l->scroll = to;
	return true;
}

static void
turn_to(struct live *l, size_t view)
{
	l->top->view = view;
	l->chosen = l->first = 0;
	buf_reset(&l->key);
	look_now(l);
}

/* Sort by a column nearby. */
static void
sort_by(struct live *l, int step)
{
	struct chosen *c = &l->top->chosen[l->top->view];
	size_t n = view_count(&views[l->top->view]);

	c->sort = step > 0 ? (c->sort + 1) % n : (c->sort + n - 1) % n;
	c->reverse = false;
	look_now(l);
}

/* ---- prompts ---- */

static void
prompt(struct live *l, enum live_prompt p)
{
	l->prompt = p;
	buf_reset(&l->line);
}

static void
apply_delay(struct live *l)
{
	struct errbuf e;
	int64_t ms;

	if (buf_cstr(&l->line) == NULL ||
	    num_duration(&ms, l->line.data, &e) == -1)
		err_set(&l->said, "not a number of seconds");
	else if (ms < DELAY_MIN)
		err_set(&l->said, "must be at least 0.1 s");
	else
		l->top->interval_ms = ms;
	look_now(l);
}

static void
apply_filter(struct live *l)
{
	struct errbuf e;

	if (filter_set(&l->top->filter, buf_slice(&l->line), &e) == -1)
		err_set(&l->said, "regular expression: %s", e.msg);
	l->chosen = l->first = 0;
	look_now(l);
}

static enum exit_status
apply_kick(struct live *l, struct errbuf *e)
{
	enum exit_status status;
	bool closed;

	if (l->lost || l->key.len == 0)
		return EXIT_DONE;
	status = ask_kick(l->top->client, buf_slice(&l->key), &closed, e);
	if (status == EXIT_DONE)
		err_set(&l->said, "session %.*s %s", (int)l->key.len,
		    l->key.data, closed ? "closed" : "is gone");
	if (status == EXIT_REFUSED) {
		l->said = *e;
		status = EXIT_DONE;
	}
	look_now(l);
	return status;
}

static void
type(struct live *l, int key)
{
	char text[4];
	size_t len;

	if (key == SCREEN_BACKSPACE) {
		while (l->line.len > 0 &&
		    (l->line.data[--l->line.len] & 0xc0) == 0x80)
			;
	} else if (key >= ' ' && key < SCREEN_UP && l->line.len < LINE_MAX) {
		len = utf8_encode(text, (uint32_t)key);
		(void)buf_add(&l->line, text, len);
	}
}

static enum exit_status
answer_prompt(struct live *l, int key, struct errbuf *e)
{
	enum live_prompt p = l->prompt;

	if (p == PROMPT_KICK) {
		l->prompt = PROMPT_NONE;
		return key == 'y' || key == 'Y' ? apply_kick(l, e) : EXIT_DONE;
	}
	if (key == SCREEN_ESCAPE) {
		l->prompt = PROMPT_NONE;
	} else if (key == SCREEN_ENTER) {
		l->prompt = PROMPT_NONE;
		if (p == PROMPT_FILTER)
			apply_filter(l);
		else
			apply_delay(l);
	} else {
		type(l, key);
	}
	return EXIT_DONE;
}

/* ---- commands ---- */

static void
ask_for_kick(struct live *l)
{
	if (views[l->top->view].source != VIEW_SESSIONS)
		err_set(&l->said, "only sessions can be closed: 1 or 3 shows "
		    "them");
	else if (live_row(l) == NULL)
		err_set(&l->said, "there is no session to close");
	else if (remember(l) == 0)
		prompt(l, PROMPT_KICK);
}

static void
show_details(struct live *l)
{
	const struct row *row = live_row(l);

	buf_reset(&l->details);
	if (row == NULL || buf_add_slice(&l->details, row->json) == -1)
		return;
	l->mode = LIVE_DETAILS;
	l->scroll = 0;
}

static void
go_back(struct live *l, int key)
{
	if (l->mode != LIVE_TABLE) {
		l->mode = LIVE_TABLE;
	} else if (key == SCREEN_ESCAPE && l->top->filter.text.len > 0) {
		filter_clear(&l->top->filter);
		look_now(l);
	} else {
		l->quit = true;
	}
}

static void
obey(struct live *l, int key)
{
	struct chosen *c = &l->top->chosen[l->top->view];

	switch (key) {
	case SCREEN_TAB:
		turn_to(l, (l->top->view + 1) % VIEWS);
		break;
	case SCREEN_ENTER:
		show_details(l);
		break;
	case '<':
	case SCREEN_LEFT:
		sort_by(l, -1);
		break;
	case '>':
	case SCREEN_RIGHT:
		sort_by(l, 1);
		break;
	case 'r':
		c->reverse = !c->reverse;
		look_now(l);
		break;
	case '/':
		prompt(l, PROMPT_FILTER);
		break;
	case 'd':
		prompt(l, PROMPT_DELAY);
		break;
	case 'K':
		ask_for_kick(l);
		break;
	case 'p':
		l->paused = !l->paused;
		look_now(l);
		break;
	case ' ':
		look_now(l);
		break;
	default:
		if (key >= '1' && key < '1' + VIEWS)
			turn_to(l, (size_t)(key - '1'));
	}
}

enum exit_status
keys_obey(struct live *l, int key, struct errbuf *e)
{
	if (!l->lost)
		l->said.msg[0] = '\0';
	if (key == SCREEN_REDRAW)
		l->redraw = true;
	else if (l->prompt != PROMPT_NONE)
		return answer_prompt(l, key, e);
	else if (key == 'q' || key == SCREEN_ESCAPE)
		go_back(l, key);
	else if (key == '?' || key == 'h')
		l->mode = LIVE_HELP;
	else if (!move(l, key) && l->mode == LIVE_TABLE)
		obey(l, key);
	return EXIT_DONE;
}
