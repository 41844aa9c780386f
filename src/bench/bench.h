/*
 * bench.h: the modes of wamp-bench and their parameters.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/exit.h"
#include "client/progress.h"
#include "bench/report.h"
#include "bench/server.h"

struct bench {
	struct server server;
	const char *topic;	/* name of the topic, or its beginning */
	int64_t	clients;
	int64_t	topics;
	int64_t	messages;
	int64_t	size;		/* bytes of an event or an argument */
	int64_t	rate;		/* events a second */
	int64_t	window;		/* pending events, calls or handshakes */
	int64_t	duration_ms;
	int64_t	timeout_ms;	/* of silence, before giving up */
	int64_t	keepalive_ms;	/* of silence, before asking the server */
	int64_t	pid;		/* the server's, or 0 */
	const char *procedure;	/* called, or used as a barrier */
	const char *ready_file;	/* NULL: none */
	bool	lockstep;
	struct progress *progress;	/* borrowed */
};

/* Each mode runs its load and reports figures.  EXIT_DONE, or another status
 * with *e filled; then figures may have been reported, too. */
typedef enum exit_status (*bench_fn)(struct bench *b, struct report *r,
	    struct errbuf *e);

/* pub.c: many publishers; how fast the server accepts their events. */
enum exit_status bench_pub(struct bench *b, struct report *r,
	    struct errbuf *e);
/* sub.c: many subscribers of events that somebody else publishes. */
enum exit_status bench_sub(struct bench *b, struct report *r,
	    struct errbuf *e);
/* fan.c: one publisher, many subscribers; a burst, or in lockstep. */
enum exit_status bench_fan(struct bench *b, struct report *r,
	    struct errbuf *e);
/* fan.c: the same at a fixed rate; the delay of each delivery. */
enum exit_status bench_latency(struct bench *b, struct report *r,
	    struct errbuf *e);
/* open.c: many sessions that do nothing; their memory. */
enum exit_status bench_idle(struct bench *b, struct report *r,
	    struct errbuf *e);
/* open.c: many sessions at once; the time to open them. */
enum exit_status bench_storm(struct bench *b, struct report *r,
	    struct errbuf *e);
/* call.c: calls of a procedure. */
enum exit_status bench_call(struct bench *b, struct report *r,
	    struct errbuf *e);
/* sendloop.c: fan with the kernel alone, without a broker. */
enum exit_status bench_sendloop(struct bench *b, struct report *r,
	    struct errbuf *e);
