/*
 * lookup.c: asking a program of the application who somebody is.
 */
#include "wampd/auth/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/path.h"
#include "wampd/auth/lookup_answer.h"
#include "wampd/auth/lookup_state.h"
#include "wampd/auth/users.h"
#include "wampd/core/broker.h"

#define PIPELINE	16	/* questions that the program has at a time */
#define RESTART_MIN	100	/* ms */
#define RESTART_MAX	30000	/* ms, as delays double */
#define STEADY		10000	/* ms; after that the delay starts anew */
#define LOGGED		5	/* lines about the program per second */

/* ---- the log ---- */

static bool
may_log(struct lookup *l)
{
	if (l->b->now - l->second >= 1000) {
		l->second = l->b->now;
		l->logged = 0;
	}
	return l->logged++ < LOGGED;
}

static void
warn(struct lookup *l, const char *what, struct slice detail)
{
	if (may_log(l))
		log_warn("lookup=%s %s%s%s", l->set.key, what,
		    detail.len > 0 ? ": " : "",
		    detail.len > 0 ? log_quote(detail).s : "");
}

/* ---- the program ---- */

/* Who is told may ask something new. */
static void
fail_all(struct lookup *l)
{
	struct lookup_question *q;

	l->give_up = 0;
	while ((q = TAILQ_FIRST(&l->asked)) != NULL ||
	    (q = TAILQ_FIRST(&l->again)) != NULL ||
	    (q = (struct lookup_question *)(void *)fair_pop(&l->queue)) !=
	    NULL)
		lookup_question_end(l, q, LOOKUP_FAILED, NULL);
}

/* The program has ended, perhaps because of a question that it had.  Those are
 * asked once more, each alone, so that one of them cannot make the others fail.
 */
static void
suspect_asked(struct lookup *l)
{
	struct lookup_question *q;

	while ((q = TAILQ_FIRST(&l->asked)) != NULL) {
		if (q->suspect || TAILQ_EMPTY(&q->asks) ||
		    q->since + l->set.timeout <= l->b->now) {
			lookup_question_end(l, q, LOOKUP_FAILED, NULL);
			continue;
		}
		q->suspect = true;
		lookup_question_list(l, q, &l->again);
	}
}

/* It has ended. */
static void
life_lost(struct lookup *l, const char *how)
{
	int64_t now = l->b->now;

	l->child = NULL;
	if (l->delay == 0 || now - l->started >= STEADY)
		l->delay = RESTART_MIN;
	else if (l->delay < RESTART_MAX / 2)
		l->delay *= 2;
	else
		l->delay = RESTART_MAX;
	l->start_at = now + l->delay;
	if (l->b->stop_until == 0)
		warn(l, "the program has ended", slice_str(how));
	if (l->b->stop_until != 0 || (l->give_up != 0 && l->give_up <= now)) {
		fail_all(l);
		return;
	}
	if (l->give_up == 0)
		l->give_up = now + l->set.timeout;
	suspect_asked(l);
	tap_stir(l->tap);
}

static void
on_awake(void *arg, int64_t now)
{
	struct lookup *l = arg;

	broker_set_now(l->b, now);
	tap_stir(l->tap);
}

static void
on_started(void *arg)
{
	const struct lookup *l = arg;

	log_info("lookup=%s started", l->set.key);
}

static void
on_complaint(void *arg, struct slice line)
{
	warn(arg, "the program says", line);
}

static void
on_ended(void *arg, const char *how)
{
	life_lost(arg, how);
}

static struct lookup_question *
find_asked(struct lookup *l, int64_t id)
{
	struct lookup_question *q;

	TAILQ_FOREACH(q, &l->asked, link)
		if (q->id == id)
			break;
	return q;
}

static void send_questions(struct lookup *l);

/* Takes u. */
static void
answer_question(struct lookup *l, struct lookup_question *q,
    enum lookup_said said, struct user *u)
{
	const struct user *kept;

	if (said == LOOKUP_SAID_NONE) {
		(void)lookup_cache_add(&l->cache, q->key, l->b->now, NULL);
		lookup_question_end(l, q, LOOKUP_NONE, NULL);
		return;
	}
	kept = said == LOOKUP_SAID_USER ? lookup_cache_add(&l->cache, q->key,
	    l->b->now, u) : NULL;
	lookup_question_end(l, q, kept != NULL ? LOOKUP_FOUND : LOOKUP_FAILED,
	    kept);
}

static void
on_line(void *arg, struct slice line)
{
	struct lookup *l = arg;
	struct slice why = SLICE("");
	struct lookup_question *q;
	enum lookup_said said;
	struct user *u = NULL;
	int64_t id;

	buf_reset(&l->line);
	said = lookup_answer_read(line, l->set.who, l->set.password, &id, &u,
	    &why, &l->line);
	if (said == LOOKUP_SAID_NONSENSE)
		warn(l, "the program prints an invalid answer", why);
	else if (said == LOOKUP_SAID_ERROR)
		warn(l, "the program reports an error", why);
	if (l->line.cap > 0)
		explicit_bzero(l->line.data, l->line.cap);
	if ((q = find_asked(l, id)) == NULL) {
		if (said != LOOKUP_SAID_NONSENSE)
			warn(l, "the program answers no question",
			    SLICE(""));
		user_free(u);
		return;
	}
	l->give_up = 0;
	answer_question(l, q, said, u);
	send_questions(l);
}

/* Start it, if it may be started now. */
static void
life_start(struct lookup *l)
{
	static const struct child_events events = {
		.awake = on_awake, .started = on_started, .line = on_line,
		.complaint = on_complaint, .ended = on_ended,
	};
	struct errbuf e;

	if (l->child != NULL || l->start_at > l->b->now)
		return;
	if (l->questions.count == 0)
		l->give_up = 0;
	l->started = l->b->now;
	l->child = l->b->children->start(l->b->children_ctx, &l->exec,
	    &events, l, &e);
	if (l->child == NULL)
		life_lost(l, e.msg);
}

/* The next question that the program may get, or NULL. */
static struct lookup_question *
next_question(struct lookup *l)
{
	struct lookup_question *first = TAILQ_FIRST(&l->asked);

	if (l->child == NULL || l->nasked == PIPELINE ||
	    (first != NULL && first->suspect))
		return NULL;
	if (!TAILQ_EMPTY(&l->again))
		return TAILQ_FIRST(&l->again);
	return (struct lookup_question *)(void *)fair_pop(&l->queue);
}

static void
send_questions(struct lookup *l)
{
	struct lookup_question *q;

	while ((q = next_question(l)) != NULL) {
		q->since = l->b->now;
		lookup_question_list(l, q, &l->asked);
		(void)l->b->children->send(l->child, secret_slice(&q->line));
	}
	tap_stir(l->tap);
}

/* ---- asking ---- */

enum lookup_result
lookup_begin(struct lookup *l, struct slice text, const struct address *from,
    struct lookup_ask *ask, const struct user **u)
{
	unsigned char key[LOOKUP_KEY_SIZE];
	struct lookup_question *q;

	ask->question = NULL;
	*u = NULL;
	if (text.len == 0 || text.len > LOOKUP_TEXT_MAX)
		return LOOKUP_NONE;
	lookup_key(key, text);
	if (lookup_cache_find(&l->cache, key, l->b->now, u))
		return *u != NULL ? LOOKUP_FOUND : LOOKUP_NONE;
	q = map_find(&l->questions, slice_of((const char *)key,
	    LOOKUP_KEY_SIZE));
	if (q == NULL) {
		life_start(l);
		if (l->child == NULL)
			return LOOKUP_FAILED;
		if ((q = lookup_question_new(l, key, text, from)) == NULL)
			return LOOKUP_BUSY;
	}
	ask->question = q;
	TAILQ_INSERT_TAIL(&q->asks, ask, link);
	send_questions(l);
	return LOOKUP_ASKING;
}

void
lookup_cancel(struct lookup *l, struct lookup_ask *ask)
{
	struct lookup_question *q = ask->question;

	if (q == NULL)
		return;
	ask->question = NULL;
	TAILQ_REMOVE(&q->asks, ask, link);
	/* What the program has been asked will be of use later. */
	if (TAILQ_EMPTY(&q->asks) && q->list != &l->asked && !q->ended)
		lookup_question_drop(l, q);
}

/* ---- life ---- */

/* No program runs: start one for those who wait. */
static int64_t
tick_alone(struct lookup *l)
{
	int64_t now = l->b->now;

	if (l->questions.count == 0)
		return -1;
	if (l->give_up <= now) {
		fail_all(l);
		return -1;
	}
	if (l->start_at > now)
		return clock_left(l->start_at < l->give_up ? l->start_at :
		    l->give_up, now);
	life_start(l);
	send_questions(l);
	return -1;
}

/* A program that does not answer in time is stuck. */
static int64_t
lookup_tick(void *ctx)
{
	struct lookup *l = ctx;
	struct lookup_question *q = TAILQ_FIRST(&l->asked);

	if (l->child == NULL)
		return tick_alone(l);
	if (q == NULL)
		return -1;
	if (q->since + l->set.timeout > l->b->now)
		return clock_left(q->since + l->set.timeout, l->b->now);
	l->b->children->stop(l->child);
	life_lost(l, "it did not answer in time");
	return -1;
}

static void
lookup_free(struct lookup *l)
{
	struct lookup_question *q;
	size_t pos = 0;

	if (l->child != NULL)
		l->b->children->stop(l->child);
	while ((q = map_next(&l->questions, &pos)) != NULL)
		lookup_question_drop(l, q);
	map_clear(&l->questions);
	fair_clear(&l->queue);
	lookup_cache_clear(&l->cache);
	buf_clear(&l->line);
	free(l->argv);
	arena_clear(&l->mem);
	free(l);
}

/* The broker ends. */
static void
on_end(void *ctx)
{
	lookup_free(ctx);
}

static const struct tap_ops lookup_tap = {
	.name = "lookup", .tick = lookup_tick, .free = on_end,
};

static struct slice
folder_of(const struct lookup_settings *set)
{
	return set->cwd != NULL ? slice_str(set->cwd) :
	    path_folder(set->file);
}

/* The settings' texts may go. */
static int
copy_texts(struct lookup *l, const struct lookup_settings *set)
{
	size_t i, n = set->command->n;

	if ((l->argv = calloc(n + 1, sizeof(*l->argv))) == NULL)
		return -1;
	for (i = 0; i < n; i++)
		if ((l->argv[i] = arena_copy(&l->mem,
		    slice_str(set->command->v[i]))) == NULL)
			return -1;
	l->exec.argv = l->argv;
	l->exec.cwd = arena_copy(&l->mem, folder_of(set));
	return l->exec.cwd != NULL ? 0 : -1;
}

struct lookup *
lookup_new(const struct lookup_settings *set, struct broker *b,
    struct errbuf *e)
{
	struct lookup *l;

	err_set(e, "out of memory");
	if ((l = calloc(1, sizeof(*l))) == NULL)
		return NULL;
	l->refs = 1;
	l->set = *set;
	l->set.command = NULL;
	l->set.cwd = l->set.file = NULL;
	l->b = b;
	lookup_questions_init(l);
	lookup_cache_init(&l->cache, (size_t)set->cache, set->cache_ttl);
	if (copy_texts(l, set) == 0 &&
	    (l->tap = tap_new(&lookup_tap, l)) != NULL)
		return l;
	lookup_free(l);
	return NULL;
}

struct lookup *
lookup_hold(struct lookup *l)
{
	l->refs++;
	return l;
}

void
lookup_release(struct lookup *l)
{
	if (l == NULL || --l->refs > 0)
		return;
	tap_free(l->tap);
	lookup_free(l);
}

int
lookup_join(struct lookup *l, struct errbuf *e)
{
	tap_join(&l->b->taps, l->tap);
	return l->b->children->prepare(l->b->children_ctx, e);
}

bool
lookup_is(const struct lookup *l, const struct lookup_settings *set)
{
	const struct lookup_settings *own = &l->set;
	size_t i;

	for (i = 0; i < set->command->n; i++)
		if (l->argv[i] == NULL ||
		    strcmp(l->argv[i], set->command->v[i]) != 0)
			return false;
	return l->argv[i] == NULL &&
	    slice_eq(slice_str(l->exec.cwd), folder_of(set)) &&
	    own->timeout == set->timeout && own->queue == set->queue &&
	    own->cache == set->cache && own->cache_ttl == set->cache_ttl;
}
