/*
 * pool.h: all sessions of a run, and the loop that serves them.
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

/* Take the complete messages off *in.  The rest is passed again with more data.
 * The function is called once for each receive, not for each message: the mode
 * has its own loop over the messages, without indirect calls.  EXIT_DONE, or
 * another status with *e filled, which ends the run. */
typedef enum exit_status (*pool_input_fn)(void *arg, struct conn *c,
	    struct slice *in, struct errbuf *e);

struct pool {
	const struct bench *b;	/* borrowed */
	struct conn    *v;		/* owned */
	size_t		n;		/* connections started */
	size_t		cap;		/* of v, which never moves */
	size_t		opened;		/* sessions that have got WELCOME */
	int		epoll;		/* owned */
	int64_t		timeout_us;	/* the longest silence */
	int64_t		heard_us;	/* when data last came */
	struct keepalive keepalive;
	bool		asked;		/* we asked whether the server is there;
					 * with WIRE_LINE by a call, whose
					 * answer the mode does not get */
	uint64_t	bytes;		/* received */
	uint64_t	reads;		/* receives that got data */
	struct hist	opening;	/* connect() to WELCOME, microseconds */
	char	       *rx;		/* owned; shared by all sessions */
	size_t		rx_cap;
	pool_input_fn	input;		/* the first one drops everything */
	void	       *arg;		/* borrowed; for input */
};

/* Raise the limit on open files for n sessions.  0, or -1 with *e filled. */
int	pool_allow_files(size_t n, struct errbuf *e);

/* Prepare the zeroed *p for cap sessions, whose messages have at most about
 * message bytes. */
enum exit_status pool_init(struct pool *p, const struct bench *b, size_t cap,
	    size_t message, struct errbuf *e);

/* Open n more sessions, with at most window pending at a time. */
enum exit_status pool_open(struct pool *p, size_t n, size_t window,
	    struct errbuf *e);

/* Send a call or a ping on each session and wait for all answers, also errors.
 * Then the server has handled all earlier messages. */
enum exit_status pool_barrier(struct pool *p, struct errbuf *e);

/* Wait for input and output until clock_us() reaches until_us (0: do not wait),
 * and serve it. */
enum exit_status pool_turn(struct pool *p, int64_t until_us,
	    struct errbuf *e);

/* Serve the sessions for ms milliseconds. */
enum exit_status pool_hold(struct pool *p, int64_t ms, struct errbuf *e);

/* When to give up, if no data comes before. */
int64_t	pool_deadline(const struct pool *p);

void	pool_clear(struct pool *p);
