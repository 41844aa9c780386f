/*
 * issue_oro.h: making a ticket of Oro for a call.
 */
#pragma once

struct call;
struct oro;

/* Make a ticket for that user, or for none if it is NULL.  A thread computes
 * its digest, and the call is answered then.  1, or -1 with c->failure
 * filled. */
int	issue_oro_begin(struct oro *o, const char *user, struct call *c);
