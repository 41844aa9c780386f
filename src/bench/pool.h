/*
 * pool.h: all sessions of a run and the loop that serves them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/slice.h"
#include "bench/bench.h"
#include "bench/conn.h"
#include "bench/hist.h"
#include "client/keepalive.h"

/* Take the whole messages off *in; what is left is shown again, with more
 * behind it.  Called once a receive, not once a message: the loop over the
 * messages is the mode's own, so that nothing in it is an indirect call.
 * EXIT_DONE, or another status with *e filled, which ends the run. */
typedef enum exit_status (*pool_input_fn)(void *arg, struct conn *c,
	    struct slice *in, struct errbuf *e);

struct pool {
	const struct bench *b;	/* borrowed */
	struct conn    *v;		/* owned */
	size_t		n;		/* connections started */
	size_t		cap;		/* of v, which never moves */
	size_t		opened;		/* sessions that had their WELCOME */
	int		epoll;		/* owned */
	int64_t		timeout_us;	/* bound on hearing nothing */
	int64_t		heard_us;	/* when something last came in */
	struct keepalive keepalive;
	bool		asked;		/* whether the server is there: over a
					 * line by a call whose answer is not
					 * for the mode */
	uint64_t	bytes;		/* received */
	uint64_t	reads;		/* receives that got something */
	struct hist	opening;	/* connect() to WELCOME, microseconds */
	char	       *rx;		/* owned; shared by all sessions */
	size_t		rx_cap;
	pool_input_fn	input;		/* at first one that drops all */
	void	       *arg;		/* borrowed; for input */
};

/* Raise the limit on open files for n sessions.  0, or -1 with *e filled. */
int	pool_allow_files(size_t n, struct errbuf *e);

/* Prepare *p, which is zeroed, for cap sessions whose messages have at most
 * about message bytes. */
enum exit_status pool_init(struct pool *p, const struct bench *b, size_t cap,
	    size_t message, struct errbuf *e);

/* Open n more sessions, at most window of them under way at a time. */
enum exit_status pool_open(struct pool *p, size_t n, size_t window,
	    struct errbuf *e);

/* Send a call or a ping on each session and wait for all answers, good or
 * bad: then the server has done all that was sent before. */
enum exit_status pool_barrier(struct pool *p, struct errbuf *e);

/* Wait for input and output, until until_us of clock_us() at most (0: only
 * look), and serve it. */
enum exit_status pool_turn(struct pool *p, int64_t until_us,
	    struct errbuf *e);

/* Keep serving for so long. */
enum exit_status pool_hold(struct pool *p, int64_t ms, struct errbuf *e);

/* When to give up, if nothing is heard before. */
int64_t	pool_deadline(const struct pool *p);

void	pool_clear(struct pool *p);
