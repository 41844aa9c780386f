/*
 * cra_session.c: what WAMP-CRA knows of a session.
 */
#include "wampd/auth/cra_session.h"

#include <stdlib.h>

#include "wampd/auth/cra_keys.h"
#include "wampd/core/account.h"
#include "wampd/core/session.h"

void
cra_session_drop_text(struct cra_session *x)
{
	account_refund(x->session, x->charged);
	x->charged = 0;
	buf_clear(&x->text);
}

void
cra_session_set_key(struct cra_session *x, const struct cra_key *key)
{
	cra_keys_free(x->keys);
	x->key = key;
	x->keys = key != NULL ? cra_keys_hold(x->cra->set.keys) : NULL;
}

bool
cra_session_refresh(struct cra_session *x)
{
	const struct cra_key *now;

	if (x->key == NULL)
		return false;
	if (x->keys == x->cra->set.keys)
		return true;
	now = cra_keys_find(x->cra->set.keys, slice_str(x->key->authkey));
	if (now == NULL || !slice_eq(secret_slice(&now->secret),
	    secret_slice(&x->key->secret)))
		return false;
	cra_session_set_key(x, now);
	return true;
}

bool
cra_knows(struct cra *cra, struct session *s, const struct principal **now)
{
	struct cra_session *x = (struct cra_session *)(void *)ledger_find(s,
	    cra);

	*now = NULL;
	if (x == NULL || x->key == NULL)
		return true;
	if (!cra_session_refresh(x)) {
		if (x->state == CRA_DONE)
			return false;
		cra_session_set_key(x, NULL);
	}
	if (x->state != CRA_DONE)
		return true;
	*now = x->key->principal[principal_in(s->principal, WHO_LOOPBACK)];
	return true;
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
	cra_session_set_key(x, NULL);
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
