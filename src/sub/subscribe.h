/*
 * subscribe.h: subscribe, and report that it is done.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"

struct sub;

/* Subscribe to all topics over the current connection.  wampd handles a
 * session's messages in order, so its answer to a later call proves that the
 * subscriptions are in place.  Other servers do not confirm them.  A signal
 * ends it early. */
enum exit_status subscribe_all(struct sub *s, struct errbuf *e);

/* Report it by --ready-file and --ready-fd. */
enum exit_status subscribe_tell(struct sub *s, struct errbuf *e);
