/*
 * run.h: the run of wamp-pub, from the input to its last acknowledgement.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"
#include "pub/options.h"

/* Publish all events.  *signo is the signal that ended the run early, or 0; *e
 * then says how many events were published. */
enum exit_status pub_run(struct pub_options *o, int *signo,
	    struct errbuf *e);
