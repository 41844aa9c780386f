/*
 * issue_oro.c: making a ticket of Oro for a call.
 *
 * The caller is local, so the calls that wait for a thread are not counted: who
 * may make tickets may do worse.
 */
#include "wampd/auth/issue_oro.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "token/oro_sodium.h"
#include "wampd/auth/oro.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/ledger.h"
#include "wampd/core/loop.h"

struct job {
	struct session *caller;		/* NULL: it has left */
	struct owed	owed;		/* caller->ledger->owed */
	struct buf	call_id;	/* owned */
	struct secret	user, password, secret;
	struct buf	ticket;		/* owned */
	struct oro_stamp stamp;
	int		result;
};

static void
job_free(struct job *j)
{
	buf_clear(&j->call_id);
	buf_clear(&j->ticket);
	secret_clear(&j->user);
	secret_clear(&j->password);
	secret_clear(&j->secret);
	free(j);
}

/* ---- in a thread ---- */

static void
on_run(void *arg)
{
	struct job *j = arg;

	j->result = buf_add_char(&j->ticket, '"') == 0 &&
	    oro_ticket_make(&j->ticket, secret_slice(&j->user),
	    slice_str(j->stamp.nonce), slice_str(j->stamp.created),
	    secret_slice(&j->password), secret_slice(&j->secret),
	    &oro_hash_sodium) == 0 &&
	    buf_add_char(&j->ticket, '"') == 0 ? 0 : -1;
}

/* ---- the answer ---- */

static void
on_forget(struct owed *o)
{
	struct job *j = (struct job *)(void *)((char *)o -
	    offsetof(struct job, owed));

	TAILQ_REMOVE(&j->caller->ledger->owed, o, link);
	j->caller = NULL;
}

static void
on_done(void *arg, int64_t now)
{
	struct job *j = arg;
	struct session *caller = j->caller;
	const struct reply_to to = { .session = caller,
	    .id = buf_slice(&j->call_id) };
	struct failure f;

	(void)now;
	if (caller != NULL) {
		on_forget(&j->owed);
		if (j->result == 0) {
			reply_result(&to, buf_slice(&j->ticket), false);
		} else {
			failure_begin(&f, FAILURE_INTERNAL);
			err_set(&f.reason, "the ticket could not be made");
			reply_failure(&to, &f);
		}
	}
	job_free(j);
}

/* ---- the call ---- */

static int
start(struct job *j, struct call *c)
{
	struct broker *b = c->broker;
	struct ledger *x = ledger_obtain(c->to.session);

	if (x == NULL || b->loop->work(b->loop_ctx, on_run, on_done, j) == -1)
		return -1;
	j->caller = c->to.session;
	j->owed.forget = on_forget;
	TAILQ_INSERT_TAIL(&x->owed, &j->owed, link);
	return 0;
}

int
issue_oro_begin(struct oro *o, const char *user, struct call *c)
{
	struct slice name = slice_str(user != NULL ? user : "");
	struct slice password, secret;
	struct job *j;

	if (!oro_secrets(o, name, &password, &secret)) {
		c->failure.kind = FAILURE_BAD_ARGUMENT;
		err_set(&c->failure.reason, "tickets.oro.users has no user of "
		    "that name");
		return -1;
	}
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return call_out_of_memory(c);
	oro_stamp_fill(&j->stamp, c->broker->wall() / 1000);
	if (buf_add_slice(&j->call_id, c->to.id) == -1 ||
	    (name.len > 0 && secret_copy(&j->user, name) == -1) ||
	    secret_copy(&j->password, password) == -1 ||
	    secret_copy(&j->secret, secret) == -1 || start(j, c) == -1) {
		job_free(j);
		return call_out_of_memory(c);
	}
	return 1;
}
