/*
 * sink.h: stdout, written in whole records without blocking.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"

#define SINK_GATHER	(64u << 10)	/* bytes of output in one go */

struct sink {
	struct buf out;		/* what is to be written */
	char	   end;		/* the last byte of each record */
	int	   signals;	/* a descriptor that ends waiting; -1: none */
	int	   stall_ms;	/* how long to wait for a reader; -1: forever */
};

/*
 * Write the buffered output.  If a signal comes, or the reader takes nothing
 * for stall_ms, the rest stays in the buffer.  Only poll() blocks, so a signal
 * ends us even if the reader has stopped.  Whole records are written, as long
 * as each fits a pipe's atomic write.
 */
enum exit_status sink_flush(struct sink *k, struct errbuf *e);
