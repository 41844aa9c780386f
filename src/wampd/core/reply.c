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
