/*
 * cra_session.c: what WAMP-CRA knows of a session.
 */
#include "wampd/auth/cra_session.h"

#include <stdlib.h>

#include "wampd/core/account.h"
#include "wampd/core/session.h"

void
cra_session_drop_text(struct cra_session *x)
{
	account_refund(x->session, x->charged);
	x->charged = 0;
	buf_clear(&x->text);
}

int
cra_session_charge(struct cra_session *x, struct errbuf *e)
{
	account_refund(x->session, x->charged);
	x->charged = 0;
	if (account_check(x->session, x->text.len, e) == -1) {
		buf_clear(&x->text);
		return -1;
	}
	x->charged = x->text.len;
	account_charge(x->session, x->charged);
	return 0;
}

void
cra_session_no_stranger(struct cra_session *x)
{
	if (x->stranger)
		TAILQ_REMOVE(&x->cra->strangers, x, stranger_link);
	x->stranger = false;
}

void
cra_session_no_delay(struct cra_session *x)
{
	if (x->state != CRA_DELAYED)
		return;
	TAILQ_REMOVE(&x->cra->delayed, x, delayed_link);
	TAILQ_REMOVE(&x->session->ledger->owed, &x->owed, link);
	x->state = CRA_IDLE;
}

static void
session_leave(struct ledger_part *part)
{
	struct cra_session *x = (struct cra_session *)(void *)part;

	cra_session_no_stranger(x);
	cra_session_no_delay(x);
	cra_session_drop_text(x);
	free(x);
}

static void
session_forget(struct owed *o)
{
	cra_session_no_delay((struct cra_session *)(void *)((char *)o -
	    offsetof(struct cra_session, owed)));
}

struct cra_session *
cra_session_obtain(struct cra *cra, struct session *s)
{
	struct cra_session *x = (struct cra_session *)(void *)ledger_find(s,
	    cra);

	if (x != NULL)
		return x;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return NULL;
	x->part.owner = cra;
	x->part.leave = session_leave;
	x->cra = cra;
	x->session = s;
	x->owed.forget = session_forget;
	if (ledger_keep(s, &x->part) == 0)
		return x;
	free(x);
	return NULL;
}
