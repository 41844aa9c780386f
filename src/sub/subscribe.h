/*
 * subscribe.h: what to hear of, and telling that it stands.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"

struct sub;

/* Subscribe to all that is asked for, by the connection that there is.  wampd
 * handles a session's messages in order: its answers prove that they stand.
 * Others give no sign.  A signal ends it early. */
enum exit_status subscribe_all(struct sub *s, struct errbuf *e);

/* Tell who waits for it (--ready-file, --ready-fd). */
enum exit_status subscribe_tell(struct sub *s, struct errbuf *e);
