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
#include "wampd/core/owed.h"
#include "wampd/core/loop.h"

struct job {
	struct owed	owed;
	struct secret	user, password, secret;
	struct buf	ticket;		/* owned */
	struct oro_stamp stamp;
	int		result;
};

static void
job_free(struct job *j)
{
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
on_done(void *arg, int64_t now)
{
	struct job *j = arg;
	struct failure f;

	(void)now;
	failure_begin(&f, FAILURE_INTERNAL);
	err_set(&f.reason, "the ticket could not be made");
	if (j->owed.caller != NULL && j->result == 0)
		owed_result(&j->owed, buf_slice(&j->ticket));
	else if (j->owed.caller != NULL)
		owed_failure(&j->owed, &f);
	job_free(j);
}

/* ---- the call ---- */

static int
start(struct job *j, struct call *c)
{
	struct broker *b = c->broker;

	/* If the caller leaves, the thread still works on it. */
	j->owed.forget = owed_end;
	if (owed_begin(&j->owed, &c->to, false) == -1)
		return -1;
	if (b->loop->work(b->loop_ctx, on_run, on_done, j) == 0)
		return 0;
	owed_end(&j->owed);
	return -1;
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
	if ((name.len > 0 && secret_copy(&j->user, name) == -1) ||
	    secret_copy(&j->password, password) == -1 ||
	    secret_copy(&j->secret, secret) == -1 || start(j, c) == -1) {
		job_free(j);
		return call_out_of_memory(c);
	}
	return 1;
}
