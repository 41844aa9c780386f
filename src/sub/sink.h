/*
 * sink.h: stdout, written in whole records and never blocked on.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"

#define SINK_GATHER	(64u << 10)	/* bytes of output in one go */

struct sink {
	struct buf out;		/* what is to be written */
	char	   end;		/* of each record */
	int	   signals;	/* a descriptor that ends waiting; -1: none */
	int	   stall_ms;	/* the longest wait for a reader; -1: any */
};

/*
 * Write out what was gathered, until a signal is there, or its reader has
 * taken nothing for so long: then the rest stays.  It never blocks but in
 * poll(), so that a reader that has stopped cannot keep a signal from ending
 * us; and what was written are whole records, as long as each fits a pipe's
 * atomic write.
 */
enum exit_status sink_flush(struct sink *k, struct errbuf *e);
