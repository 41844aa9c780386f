/*
 * may_who.h: about whom wampd.may is asked.
 */
#pragma once

#include "base/slice.h"

struct call;
struct principal;

/* The principal that a JSON object describes, see wamp-control(7).  NULL with
 * the failure of the call filled. */
const struct principal *admin_may_who(struct call *c, struct slice object);
