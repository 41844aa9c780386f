/*
 * receive.h: the run: wait, stop, connect again.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"

struct sub;

/* Connect, subscribe and take events until a stop option, a failure or a
 * signal.  Then print what is buffered.  After a signal the function does not
 * return: the process dies of it. */
enum exit_status receive_run(struct sub *s, struct errbuf *e);
