/*
 * counters.h: what the broker counts.
 *
 * A number is one row here.  The fields of struct broker_stats are made of the
 * rows, so that counting costs an increment; so are the answers of wampd.stats
 * (counters) and wampd.info (gauges), and a test holds the lists in
 * wamp-control(7) to them.
 */
#pragma once

#include <stdint.h>

struct broker;
struct buf;

/*
 *	counter(name, unit, help)
 *	gauge(name, field of struct broker, unit, help)
 *
 * A counter counts since the start, and is b->stats.NAME.  A gauge is how many
 * there are now.  The unit is "" where the name says what is counted; else the
 * help begins with it.  The help is a sentence, as the manual has it.
 */
#define BROKER_COUNTERS(counter, gauge)					\
	counter(sessions_opened, "",					\
	    "Sessions that began.")					\
	counter(sessions_closed, "",					\
	    "Sessions that ended.")					\
	counter(sessions_refused, "",					\
	    "Sessions refused because limits.sessions was reached.")	\
	counter(sessions_overflowed, "",				\
	    "Sessions closed because they read too slowly.")		\
	counter(sessions_evicted, "",					\
	    "Sessions closed because limits.queues was reached.")	\
	counter(sessions_dead, "",					\
	    "Sessions closed because they did not answer a ping.")	\
	counter(violations, "",						\
	    "Messages that broke the rules of the protocol.")		\
	counter(messages, "",						\
	    "Messages received.")					\
	counter(events, "",						\
	    "Events that were accepted.")				\
	counter(events_refused, "",					\
	    "Events that were refused.")				\
	counter(deliveries, "",						\
	    "Events queued for sessions, counted for each session.")	\
	counter(events_dropped, "",					\
	    "Events that a slow session lost: see overflow.")		\
	counter(calls, "",						\
	    "Calls received.")						\
	counter(frames_allocated, "",					\
	    "Messages built for sending; one serves many sessions.")	\
	counter(writes, "",						\
	    "Writes to sockets; one can hold many messages.")		\
	counter(bytes_written, "bytes",					\
	    "Bytes written to sockets.")				\
	counter(pauses, "",						\
	    "How often a session was not read from for a while.")	\
	counter(jq_started, "",						\
	    "Processes started for jq programs.")			\
	counter(jq_lost, "",						\
	    "Those of them that a jq program broke or held up.")	\
	gauge(sessions, sessions.n, "",					\
	    "Sessions that are open.")					\
	gauge(topics, topics.nused, "",					\
	    "Topics in use.")						\
	gauge(subscriptions, topics.subs.count, "",			\
	    "Subscriptions of all sessions.")

#define COUNTERS_FIELD(name, unit, help)	uint64_t name;
#define COUNTERS_NO_FIELD(name, field, unit, help)

struct broker_stats {
	BROKER_COUNTERS(COUNTERS_FIELD, COUNTERS_NO_FIELD)
};

enum counter_kind { COUNTER, GAUGE };

struct counter {
	const char *name;
	enum counter_kind kind;
	const char *unit;	/* "bytes", or "" */
	const char *help;	/* a sentence */
	uint64_t  (*read)(const struct broker *b);
};

/* The rows, in their order; name NULL ends them. */
extern const struct counter counters[];

/* Append all of that kind, "NAME":NUMBER with commas between. 0, or -1 when
 * out of memory. */
int	counters_print(struct buf *out, const struct broker *b,
	    enum counter_kind kind);
