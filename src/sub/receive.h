/*
 * receive.h: the run: wait, stop, connect again.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"

struct sub;

/* Connect, subscribe and take events until a stop, a failure or a signal; what
 * was gathered is printed.  It returns only to end the program, and not even
 * that after a signal. */
enum exit_status receive_run(struct sub *s, struct errbuf *e);
