/*
 * profiles.h: all profiles, checked: what wamp-call --profiles prints.
 */
#pragma once

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"

/*
 * Append a JSON list of {"profile","default","server","file","line", "faults"}
 * without secrets.  *faulty is the number of unusable profiles.  If the whole
 * file is faulty, it fails, and *out has the profiles that could be read.
 */
enum exit_status profiles_list(struct buf *out, size_t *faulty,
	    struct errbuf *e);
