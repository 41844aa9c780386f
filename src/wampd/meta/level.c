/*
 * level.c: how much is logged, changed by wampd.log while the broker runs.
 */
#include "wampd/meta/level.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/num.h"
#include "proto/json.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/procedure.h"

#define WORD_MAX	64	/* bytes of a level or of a time */

/* What a call asks for. */
struct request {
	struct slice session;	/* p NULL: all */
	bool	     change;	/* "level" is given */
	bool	     reset;	/* it is null */
	enum log_level level;
	int64_t	     wait;	/* ms; LEVELS_FOREVER: no end is given */
};

/* ---- the end of a change ---- */

/* Let the session log as all others, if it is still there. */
static void
session_reset(struct broker *b, const struct level_session *v)
{
	struct session *s = sessions_find(&b->sessions, slice_str(v->id));

	if (s == NULL)
		return;
	s->log_level = 0;
	log_info("session=%s logs as all others again", s->id);
}

/* Forget the sessions that are over or have gone. */
static void
forget_some(struct levels *l, struct broker *b)
{
	size_t i = 0;

	while (i < l->n) {
		if (l->v[i].until <= b->now)
			session_reset(b, &l->v[i]);
		else if (sessions_find(&b->sessions,
		    slice_str(l->v[i].id)) != NULL) {
			i++;
			continue;
		}
		l->v[i] = l->v[--l->n];
	}
}

int64_t
levels_tick(struct levels *l, struct broker *b)
{
	int64_t next = l->until;
	size_t i;

	if (l->until <= b->now) {
		l->until = next = LEVELS_FOREVER;
		if (log_get_level() != log_get_configured())
			log_always(LOG_LEVEL_INFO, "log: level=%s again",
			    log_level_name(log_get_configured()));
		log_end_override();
	}
	if (l->n > 0)
		forget_some(l, b);
	for (i = 0; i < l->n; i++)
		if (l->v[i].until < next)
			next = l->v[i].until;
	return next == LEVELS_FOREVER ? -1 : clock_left(next, b->now);
}

/* ---- the change ---- */

static void
change_all(struct levels *l, struct broker *b, const struct request *r)
{
	l->until = LEVELS_FOREVER;
	if (r->reset) {
		log_end_override();
	} else {
		log_override(r->level);
		if (r->wait != LEVELS_FOREVER)
			l->until = b->now + r->wait;
	}
	tap_stir(l->tap);
}

static int
change_session(struct levels *l, struct call *c, const struct request *r)
{
	struct broker *b = c->broker;
	struct session *s = sessions_find(&b->sessions, r->session);
	size_t i;

	if (s == NULL)
		return call_bad_argument(c, "there is no such session");
	forget_some(l, b);
	for (i = 0; i < l->n && strcmp(l->v[i].id, s->id) != 0; i++)
		;
	if (r->reset) {
		if (i < l->n)
			l->v[i] = l->v[--l->n];
		s->log_level = 0;
		return 0;
	}
	if (i == LEVELS_SESSIONS)
		return call_bad_argument(c,
		    "too many sessions have a level of their own");
	if (i == l->n)
		memcpy(l->v[l->n++].id, s->id, sizeof(l->v[i].id));
	l->v[i].until = r->wait == LEVELS_FOREVER ? LEVELS_FOREVER :
	    b->now + r->wait;
	s->log_level = ((unsigned)r->level + 1) & 7;
	tap_stir(l->tap);
	return 0;
}

/* ---- the procedure ---- */

static int
bad_arguments(struct call *c)
{
	return call_bad_argument(c, "argument: an object with level (error, "
	    "warning, info, debug, or null for the configured one), session "
	    "and for (a time such as \"10m\")");
}

/* The characters of a short string as a C string.  0 or -1. */
static int
read_word(char *word, const struct json_elem *value)
{
	struct slice text = json_inside(value->text);

	if (value->type != JSON_STRING || text.len >= WORD_MAX)
		return -1;
	(void)snprintf(word, WORD_MAX, "%.*s", (int)text.len, text.p);
	return 0;
}

static int
read_member(struct request *r, struct slice key,
    const struct json_elem *value, struct errbuf *e)
{
	char word[WORD_MAX];
	bool is_word = read_word(word, value) == 0;

	if (slice_eq(key, SLICE("\"level\""))) {
		r->change = true;
		r->reset = value->type == JSON_NULL;
		return r->reset || (is_word &&
		    log_level_parse(&r->level, word) == 0) ? 0 : -1;
	}
	if (!is_word)
		return -1;
	if (slice_eq(key, SLICE("\"session\""))) {
		r->session = json_inside(value->text);
		return 0;
	}
	return slice_eq(key, SLICE("\"for\"")) &&
	    num_duration(&r->wait, word, e) == 0 && r->wait > 0 ? 0 : -1;
}

static int
read_request(struct call *c, struct request *r)
{
	struct json_elem key, value;
	struct slice rest;
	struct errbuf e;

	if (c->nargs == 0)
		return 0;
	if (!call_options(c, &rest))
		return bad_arguments(c);
	while (json_next_member(&rest, &key, &value))
		if (read_member(r, key.text, &value, &e) == -1)
			return bad_arguments(c);
	if (!r->change || (r->reset && r->wait != LEVELS_FOREVER))
		return bad_arguments(c);
	return 0;
}

/* How many seconds are left, or null. */
static int
add_left(struct buf *out, int64_t until, int64_t now)
{
	return until == LEVELS_FOREVER ? buf_add_str(out, ",\"left\":null") :
	    buf_addf(out, ",\"left\":%.3f", (double)(until - now) / 1e3);
}

static int
describe(const struct levels *l, struct broker *b, struct buf *out)
{
	const struct session *s;
	const char *comma = "";
	size_t i;

	if (buf_addf(out, "{\"level\":\"%s\",\"configured\":\"%s\"",
	    log_level_name(log_get_level()),
	    log_level_name(log_get_configured())) == -1 ||
	    add_left(out, l->until, b->now) == -1 ||
	    buf_add_str(out, ",\"sessions\":[") == -1)
		return -1;
	for (i = 0; i < l->n; i++) {
		s = sessions_find(&b->sessions, slice_str(l->v[i].id));
		if (s == NULL)
			continue;
		if (buf_addf(out, "%s{\"session\":\"%s\",\"level\":\"%s\"",
		    comma, s->id, log_level_name((enum log_level)
		    (s->log_level - 1))) == -1 ||
		    add_left(out, l->v[i].until, b->now) == -1 ||
		    buf_add_char(out, '}') == -1)
			return -1;
		comma = ",";
	}
	return buf_add_str(out, "]}");
}

/* A reload has put the configured level in force: its time does not matter any
 * more. */
static void
look_for_reload(struct levels *l)
{
	if (log_get_level() == log_get_configured())
		l->until = LEVELS_FOREVER;
}

static int
run_log(struct call *c)
{
	struct request r = { .wait = LEVELS_FOREVER };
	struct levels *l = c->ctx;

	look_for_reload(l);
	if (read_request(c, &r) == -1)
		return -1;
	if (r.change && r.session.p == NULL)
		change_all(l, c->broker, &r);
	else if (r.change && change_session(l, c, &r) == -1)
		return -1;
	if (r.change)
		log_info("session=%s log: level=%s session=%s",
		    c->to.session->id, r.reset ? "configured" :
		    log_level_name(r.level), r.session.p == NULL ? "all" :
		    log_quote(r.session).s);
	return describe(l, c->broker, c->out) == -1 ?
	    call_out_of_memory(c) : 0;
}

static const struct procedure rows[] = {
	{ "wampd.log", "options", PROCEDURE_WRITE,
	  "how much is logged, of all or of one session; show or change it",
	  run_log },
	{ .name = NULL }
};

int
levels_add(struct levels *l, struct broker *b, struct tap *tap)
{
	l->tap = tap;
	l->until = LEVELS_FOREVER;
	return procedures_add(&b->procedures, rows, l);
}
