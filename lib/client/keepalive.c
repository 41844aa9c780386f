/*
 * keepalive.c: when to ask whether a server is still there, and when to give
 * it up.
 */
#include "client/keepalive.h"

/* A wait by clock_ms() does not notice that the machine has slept, so check the
 * other clock this often. */
#define LOOK_MS	5000

void
keepalive_init(struct keepalive *k, int64_t period_ms, int64_t boot_ms)
{
	*k = (struct keepalive){ .period_ms = period_ms,
	    .heard_ms = boot_ms, .asked_ms = -1 };
}

void
keepalive_heard(struct keepalive *k, int64_t boot_ms)
{
	k->heard_ms = boot_ms;
	k->asked_ms = -1;
}

static void
ask(struct keepalive *k, int64_t now_ms, uint64_t unread)
{
	k->asked_ms = now_ms;
	k->unread = unread;
}

bool
keepalive_is_quiet(const struct keepalive *k, int64_t boot_ms)
{
	return k->period_ms == 0 || (k->asked_ms == -1 &&
	    boot_ms - k->heard_ms < k->period_ms);
}

enum keepalive_step
keepalive_check(struct keepalive *k, int64_t boot_ms, int64_t now_ms,
    uint64_t unread)
{
	if (keepalive_is_quiet(k, boot_ms))
		return KEEPALIVE_WAIT;
	if (k->asked_ms == -1) {
		ask(k, now_ms, unread);
		return KEEPALIVE_ASK;
	}
	if (unread < k->unread) {
		ask(k, now_ms, unread);
		return KEEPALIVE_WAIT;
	}
	/* The question is added after the unconfirmed bytes. */
	k->unread = unread;
	return now_ms - k->asked_ms < k->period_ms ? KEEPALIVE_WAIT :
	    KEEPALIVE_DEAD;
}

void
keepalive_explain(const struct keepalive *k, struct errbuf *e)
{
	err_set(e, "connection lost: the server is silent and does not answer "
	    "a ping within %g s", (double)k->period_ms / 1000);
}

int64_t
keepalive_due(const struct keepalive *k, int64_t boot_ms, int64_t now_ms)
{
	int64_t left;

	if (k->period_ms == 0)
		return -1;
	left = k->asked_ms != -1 ? k->asked_ms + k->period_ms - now_ms :
	    k->heard_ms + k->period_ms - boot_ms;
	if (left > LOOK_MS)
		left = LOOK_MS;
	return left > 0 ? now_ms + left : now_ms;
}
