/*
 * saved.c: answers that wait until what they acknowledge is on disk.
 */
#include "wampd/core/saved.h"

#include <stdlib.h>
#include <string.h>

#include "wampd/core/broker.h"
#include "wampd/core/ledger.h"
#include "wampd/core/owed.h"

struct saved_answer {
	TAILQ_ENTRY(saved_answer) link;	/* saved->waiting */
	struct owed	owed;		/* session->ledger->owed */
	struct session *session;	/* borrowed */
	uint64_t	number;		/* of saved->kept */
	size_t		id_len, len;
	char		text[];		/* the call's id, and the result */
};

void
saved_init(struct saved *saved)
{
	*saved = (struct saved){ .wait = false };
	TAILQ_INIT(&saved->waiting);
}

void
saved_kept(struct broker *b, struct session *s)
{
	struct ledger *x;

	b->saved.kept++;
	if (!b->saved.wait || s == NULL)
		return;
	if ((x = ledger_obtain(s)) != NULL)
		x->kept = b->saved.kept;
	else
		session_doom(s, 0, "out of memory");
}

static void
forget(struct saved_answer *a)
{
	TAILQ_REMOVE(&a->session->broker->saved.waiting, a, link);
	TAILQ_REMOVE(&a->session->ledger->owed, &a->owed, link);
}

static void
on_forget(struct owed *o)
{
	struct saved_answer *a = (struct saved_answer *)(void *)
	    ((char *)o - offsetof(struct saved_answer, owed));

	forget(a);
	free(a);
}

/* Let the answer wait.  0, or -1 when out of memory. */
static int
wait_for(const struct reply_to *to, struct slice result)
{
	struct session *s = to->session;
	struct saved_answer *a = malloc(sizeof(*a) + to->id.len + result.len);

	if (a == NULL)
		return -1;
	a->owed.forget = on_forget;
	a->session = s;
	a->number = s->ledger->kept;
	a->id_len = to->id.len;
	a->len = result.len;
	if (a->id_len > 0)
		memcpy(a->text, to->id.p, a->id_len);
	memcpy(a->text + a->id_len, result.p, a->len);
	TAILQ_INSERT_TAIL(&s->broker->saved.waiting, a, link);
	TAILQ_INSERT_TAIL(&s->ledger->owed, &a->owed, link);
	return 0;
}

static void
reply_unsaved(const struct reply_to *to)
{
	const struct saved *saved = &to->session->broker->saved;
	struct failure f;

	failure_begin(&f, FAILURE_INTERNAL);
	err_set(&f.reason, "this was done, but could not be saved: %s",
	    saved->why.msg);
	reply_failure(to, &f);
}

void
saved_result(const struct reply_to *to, struct slice result)
{
	const struct session *s = to->session;
	const struct saved *saved = &s->broker->saved;

	if (!saved->wait || s->ledger == NULL ||
	    s->ledger->kept <= saved->done)
		reply_result(to, result, false);
	else if (saved->failing)
		reply_unsaved(to);
	else if (wait_for(to, result) == -1)
		session_doom(to->session, 0, "out of memory");
}

void
saved_published(const struct reply_to *to,
    const struct publish_result *result, enum verdict verdict,
    long delivered, const struct failure *f)
{
	struct buf out = { 0 };

	if (verdict == VERDICT_NO)
		reply_failure(to, f);
	else if (result->write(result->ctx, delivered, &out) == -1)
		session_doom(to->session, 0, "out of memory");
	else
		saved_result(to, buf_slice(&out));
	buf_clear(&out);
}

/* ---- for the keeper ---- */

/* Answer those that wait for at most that number. */
static void
answer(struct broker *b, uint64_t number, bool failed)
{
	struct saved_answer *a, *next;
	struct reply_to to = { .session = NULL };

	for (a = TAILQ_FIRST(&b->saved.waiting); a != NULL; a = next) {
		next = TAILQ_NEXT(a, link);
		if (a->number > number)
			continue;
		forget(a);
		to.session = a->session;
		to.id = slice_of(a->text, a->id_len);
		if (failed)
			reply_unsaved(&to);
		else
			reply_result(&to, slice_of(a->text + a->id_len,
			    a->len), false);
		free(a);
	}
}

void
saved_until(struct broker *b, uint64_t number)
{
	b->saved.done = number;
	b->saved.failing = false;
	answer(b, number, false);
}

void
saved_failed(struct broker *b, const char *why)
{
	err_set(&b->saved.why, "%s", why);
	b->saved.failing = true;
	answer(b, UINT64_MAX, true);
}
