/*
 * decide.c: how a handler ends a request that it has decided later.
 */
#include "wampd/core/decide.h"

#include <string.h>

#include "wampd/core/barrier.h"
#include "wampd/core/broker.h"
#include "wampd/core/guard.h"
#include "wampd/core/limits.h"
#include "wampd/core/refuse.h"
#include "wampd/core/request.h"
#include "wampd/core/saved.h"
#include "wampd/core/subscribe.h"
#include "wampd/core/tally.h"

#define ANSWER_BESIDE	16	/* bytes of [3,,[]] and [4,,"","",] */

/* Free the request.  A barrier or the end of the session may have waited for
 * it. */
static void
decide_end(struct request *r)
{
	struct session *s = r->session;

	request_free(r);
	if (s != NULL) {
		barrier_release(s);
		session_settle(s);
	}
}

/* Whether the session is still there to get the answer. */
static bool
is_awaited(const struct request *r)
{
	return r->session != NULL && r->session->state == SESSION_OPEN;
}

/* Where the answer goes. */
static struct reply_to
reply_of(const struct request *r)
{
	struct reply_to to = { .session = r->session, .id = r->call_id };

	if (r->kind == REQUEST_CALL) {
		to.uri = r->uri;
		to.from_handler = true;
	}
	return to;
}

void
decide_grant(struct request *r)
{
	struct session *s = r->session;
	struct topic *t;

	if (!is_awaited(r) || r->cancelled)
		;	/* nothing to do */
	else if ((t = topic_obtain(&s->broker->topics, r->uri)) == NULL)
		session_doom(s, 0, "out of memory");
	else
		subscribe_granted(s, t);
	decide_end(r);
}

/* Report the outcome of a publication: answer the call that published, or count
 * it for the next barrier. */
static void
decide_published(struct request *r, enum verdict verdict, long delivered,
    const struct failure *f)
{
	struct broker *b = r->handler->broker;
	struct reply_to to = reply_of(r);
	struct topic *t;

	if (!is_awaited(r))
		;
	else if (r->call_id.len > 0)
		saved_published(&to, &r->result, verdict, delivered, f);
	else if (verdict != VERDICT_NO)
		tally_accept(r->session, delivered);
	else if ((t = topic_obtain(&b->topics, r->uri)) == NULL)
		session_doom(r->session, 0, "out of memory");
	else
		refuse_publish(r->session, t, r->index, f);
	decide_end(r);
}

void
decide_delivered(struct request *r, long delivered)
{
	decide_published(r, VERDICT_YES, delivered, NULL);
}

void
decide_exceeds(struct request *r, const struct errbuf *e)
{
	struct errbuf reason = *e;

	guard_exceeds(r->handler, r->uri, &reason);
	decide_refuse(r, NULL, reason.msg, slice_of(NULL, 0));
}

void
decide_result(struct request *r, struct slice result)
{
	struct reply_to to = reply_of(r);
	struct errbuf e;

	if (limits_check(r->handler->broker, "a result", result,
	    r->call_id.len + ANSWER_BESIDE, &e) == -1) {
		decide_exceeds(r, &e);
		return;
	}
	if (is_awaited(r))
		reply_result(&to, result, true);
	decide_end(r);
}

/* Tell the caller that the call failed.  If the error exceeds the limits, send
 * only that reason instead. */
static void
refuse_call(struct request *r, struct failure *f)
{
	struct reply_to to = reply_of(r);
	struct errbuf e;
	size_t uri = f->uri != NULL ? strlen(f->uri) : r->uri.len;

	if (limits_check(r->handler->broker, "an error", f->details,
	    strlen(failure_text(f)) + r->call_id.len + uri + ANSWER_BESIDE,
	    &e) == -1) {
		guard_exceeds(r->handler, r->uri, &e);
		f->reason = e;
		f->message = NULL;
		f->uri = NULL;
		f->details = slice_of(NULL, 0);
	}
	if (is_awaited(r))
		reply_failure(&to, f);
	decide_end(r);
}

static void
refuse_subscription(struct request *r, const struct failure *f)
{
	struct topic *t;

	if (is_awaited(r) &&
	    (t = topic_obtain(&r->session->broker->topics, r->uri)) != NULL)
		refuse_subscribe(r->session, t, f);
	decide_end(r);
}

void
decide_refuse(struct request *r, const char *uri, const char *reason,
    struct slice details)
{
	struct failure f = { .kind = FAILURE_FORBIDDEN };

	err_set(&f.reason, "%s", reason);
	switch (r->kind) {
	case REQUEST_PUBLISH:
		r->handler->broker->stats.events_refused++;
		r->handler->counts.refusals++;
		decide_published(r, VERDICT_NO, 0, &f);
		break;
	case REQUEST_SUBSCRIBE:
		refuse_subscription(r, &f);
		break;
	case REQUEST_CALL:
	default:
		f.kind = FAILURE_HANDLER;
		f.uri = uri;
		f.message = reason;
		f.details = details;
		refuse_call(r, &f);
	}
}
