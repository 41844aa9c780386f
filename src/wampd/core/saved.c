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
	struct owed	owed;
	uint64_t	number;		/* of saved->kept */
	size_t		len;
	char		text[];		/* the result */
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
on_forget(struct owed *o)
{
	struct saved_answer *a = OWED_IN(o, struct saved_answer, owed);

	TAILQ_REMOVE(&o->caller->broker->saved.waiting, a, link);
	owed_end(o);
	free(a);
}

/* Let the answer wait.  0, or -1 when out of memory. */
static int
wait_for(const struct reply_to *to, struct slice result)
{
	struct session *s = to->session;
	struct saved_answer *a = malloc(sizeof(*a) + result.len);

	if (a == NULL)
		return -1;
	a->owed = (struct owed){ .forget = on_forget };
	if (owed_begin(&a->owed, to, false) == -1) {
		free(a);
		return -1;
	}
	a->number = s->ledger->kept;
	a->len = result.len;
	memcpy(a->text, result.p, a->len);
	TAILQ_INSERT_TAIL(&s->broker->saved.waiting, a, link);
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
	struct reply_to to;

	for (a = TAILQ_FIRST(&b->saved.waiting); a != NULL; a = next) {
		next = TAILQ_NEXT(a, link);
		if (a->number > number)
			continue;
		to = owed_to(&a->owed);
		if (failed)
			reply_unsaved(&to);
		else
			reply_result(&to, slice_of(a->text, a->len), false);
		on_forget(&a->owed);
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
