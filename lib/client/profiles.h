/*
 * profiles.h: all profiles, checked: what wamp-call --profiles prints.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"

/*
 * Append them as a JSON list of {"profile","default","server","file","line",
 * "faults"}; no secret is in it.  *faulty is how many cannot be used.  A
 * failure is one of the whole file; *out then has what profiles there are.
 */
enum exit_status profiles_list(struct buf *out, size_t *faulty,
	    struct errbuf *e);
