/*
 * lookup_question.c: what a program that says who somebody is has been asked,
 * or will be.
 */
#include "wampd/auth/lookup_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"

static struct slice
question_key(const void *question)
{
	return slice_of((const char *)((const struct lookup_question *)
	    question)->key, LOOKUP_KEY_SIZE);
}

void
lookup_question_list(struct lookup *l, struct lookup_question *q,
    struct lookup_questions *list)
{
	if (q->list != NULL)
		TAILQ_REMOVE(q->list, q, link);
	l->nasked -= q->list == &l->asked;
	l->nasked += list == &l->asked;
	q->list = list;
	if (list != NULL)
		TAILQ_INSERT_TAIL(list, q, link);
}

/* Take it off all lists. */
static void
question_leave(struct lookup *l, struct lookup_question *q)
{
	fair_remove(&l->queue, &q->job);
	lookup_question_list(l, q, NULL);
	(void)map_remove(&l->questions, question_key(q));
}

static void
question_free(struct lookup_question *q)
{
	secret_clear(&q->line);
	free(q);
}

void
lookup_question_drop(struct lookup *l, struct lookup_question *q)
{
	question_leave(l, q);
	question_free(q);
}

void
lookup_question_end(struct lookup *l, struct lookup_question *q,
    enum lookup_result result, const struct user *u)
{
	struct lookup_ask *a;

	question_leave(l, q);
	q->ended = true;
	while ((a = TAILQ_FIRST(&q->asks)) != NULL) {
		TAILQ_REMOVE(&q->asks, a, link);
		a->question = NULL;
		a->done(a, result, u);
	}
	question_free(q);
}

/* The line for the program.  It is made here, because send_questions() must not
 * fail: those who wait may not be told before lookup_begin() has returned. */
static int
write_question(struct lookup *l, struct lookup_question *q, struct slice text)
{
	int rc = -1;

	buf_reset(&l->line);
	if (buf_addf(&l->line, "{\"type\":\"%s\",\"id\":%" PRId64 ",\"%s\":",
	    l->set.type, q->id, l->set.member) == 0 &&
	    json_quote(&l->line, text) == 0 &&
	    buf_add_str(&l->line, "}\n") == 0)
		rc = secret_copy(&q->line, buf_slice(&l->line));
	if (l->line.cap > 0)
		explicit_bzero(l->line.data, l->line.cap);
	return rc;
}

struct lookup_question *
lookup_question_new(struct lookup *l,
    const unsigned char key[LOOKUP_KEY_SIZE], struct slice text,
    const struct address *from)
{
	struct lookup_question *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->id = ++l->last_id;
	TAILQ_INIT(&q->asks);
	memcpy(q->key, key, LOOKUP_KEY_SIZE);
	if (write_question(l, q, text) == 0 &&
	    map_insert(&l->questions, q) == 0) {
		if (fair_push(&l->queue, &q->job, from) == 0)
			return q;
		(void)map_remove(&l->questions, question_key(q));
	}
	question_free(q);
	return NULL;
}

void
lookup_questions_init(struct lookup *l)
{
	map_init(&l->questions, question_key);
	fair_init(&l->queue, (size_t)l->set.queue);
	TAILQ_INIT(&l->asked);
	TAILQ_INIT(&l->again);
}
