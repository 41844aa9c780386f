/*
 * bench.h: what a mode of wamp-bench gets, and the modes.
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
	const char *topic;	/* name of the topic, or its start */
	int64_t	clients;
	int64_t	topics;
	int64_t	messages;
	int64_t	size;		/* bytes of an event or an argument */
	int64_t	rate;		/* events a second */
	int64_t	window;		/* events, calls or handshakes under way */
	int64_t	duration_ms;
	int64_t	timeout_ms;	/* of silence */
	int64_t	keepalive_ms;	/* of it, before the server is asked */
	int64_t	pid;		/* the server's, or 0 */
	const char *procedure;	/* called, or to learn what is done by now */
	const char *ready_file;	/* NULL: none */
	bool	lockstep;
	struct progress *progress;	/* borrowed */
};

/* Each runs its load and reports; EXIT_DONE, or another status with *e
 * filled.  Figures may have been reported then, too: they say what is lost. */
typedef enum exit_status (*bench_fn)(struct bench *b, struct report *r,
	    struct errbuf *e);

/* pub.c: many publishers, for how fast their events are taken. */
enum exit_status bench_pub(struct bench *b, struct report *r,
	    struct errbuf *e);
/* sub.c: many subscribers of what somebody else publishes. */
enum exit_status bench_sub(struct bench *b, struct report *r,
	    struct errbuf *e);
/* fan.c: one publisher, many subscribers: all at once, or one by one. */
enum exit_status bench_fan(struct bench *b, struct report *r,
	    struct errbuf *e);
/* fan.c: the same at a fixed rate, for the delay of each delivery. */
enum exit_status bench_latency(struct bench *b, struct report *r,
	    struct errbuf *e);
/* open.c: many sessions that do nothing, for their memory. */
enum exit_status bench_idle(struct bench *b, struct report *r,
	    struct errbuf *e);
/* open.c: many sessions at once, for the time it takes. */
enum exit_status bench_storm(struct bench *b, struct report *r,
	    struct errbuf *e);
/* call.c: calls of a procedure. */
enum exit_status bench_call(struct bench *b, struct report *r,
	    struct errbuf *e);
/* sendloop.c: fan against the kernel alone. */
enum exit_status bench_sendloop(struct bench *b, struct report *r,
	    struct errbuf *e);
