/*
 * reply.c: answering requests.
 */
#include "wampd/core/reply.h"

#include "wampd/core/protocol.h"
#include "wampd/core/session.h"

void
reply_result(const struct reply_to *to, struct slice result, bool newline)
{
	to->session->protocol->result(to, result, newline);
}

void
reply_done(const struct reply_to *to)
{
	reply_result(to, SLICE("null"), false);
}

void
reply_failure(const struct reply_to *to, const struct failure *f)
{
	to->session->protocol->failed(to, f);
}

void
reply_published(const struct reply_to *to,
    const struct publish_result *result, enum verdict verdict,
    long delivered, const struct failure *f)
{
	struct buf out = { 0 };

	if (verdict == VERDICT_NO)
		reply_failure(to, f);
	else if (result->write(result->ctx, delivered, &out) == -1)
		session_doom(to->session, 0, "out of memory");
	else
		reply_result(to, buf_slice(&out), false);
	buf_clear(&out);
}
