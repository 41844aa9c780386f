/*
 * run.h: the run of wamp-pub, from the input to its last acknowledgement.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"
#include "pub/options.h"

/* Publish all.  *signo is the signal that ended it early, or 0; *e then says
 * how far it came. */
enum exit_status pub_run(struct pub_options *o, int *signo,
	    struct errbuf *e);
