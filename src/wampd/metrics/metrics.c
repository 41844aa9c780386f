/*
 * metrics.c: the figures of a broker, for Prometheus.
 */
#include "wampd/metrics/metrics.h"

#include <stdio.h>
#include <string.h>

#include "base/version.h"
#include "wampd/core/broker.h"
#include "wampd/metrics/process.h"

#define NAME_SIZE	64	/* bytes of a name, at most */

/* ---- counters ---- */

/* Counters whose names differ in a cause only are one family. */
static const struct group {
	const char *prefix;	/* of the names of the counters */
	const char *label;	/* whose value is the rest */
	const char *help;
} groups[] = {
	{ "refused_", "cause",
	  "Requests of HTTP and WebSocket handshakes that were refused." },
	{ "limited_", "limit",
	  "How often one of limits refused a request or paused a session." },
};

static const struct group *
group_of(const struct counter *c)
{
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (slice_starts(slice_str(c->name),
		    slice_str(groups[i].prefix)))
			return &groups[i];
	return NULL;
}

/* A name ends in its unit: bytes_written is wampd_written_bytes, and
 * retained_bytes is wampd_retained_bytes. */
static void
name_of(char name[NAME_SIZE], const struct counter *c)
{
	size_t n = strlen(c->unit);

	if (n > 0 && strncmp(c->name, c->unit, n) == 0 && c->name[n] == '_')
		(void)snprintf(name, NAME_SIZE, "wampd_%s_%s",
		    c->name + n + 1, c->unit);
	else
		(void)snprintf(name, NAME_SIZE, "wampd_%s", c->name);
}

static void
add_counter(struct exposition *x, const struct broker *b,
    const struct counter *c)
{
	char name[NAME_SIZE];

	name_of(name, c);
	exposition_family(x, c->kind == COUNTER ? EXPOSITION_COUNTER :
	    EXPOSITION_GAUGE, name, c->unit, c->help);
	exposition_count(x, c->read(b));
}

static void
add_group(struct exposition *x, const struct broker *b, const struct group *g)
{
	char name[NAME_SIZE];
	size_t n = strlen(g->prefix);
	const struct counter *c;

	(void)snprintf(name, sizeof(name), "wampd_%.*s", (int)n - 1,
	    g->prefix);
	exposition_family(x, EXPOSITION_COUNTER, name, "", g->help);
	for (c = counters; c->name != NULL; c++)
		if (group_of(c) == g) {
			exposition_label(x, g->label, slice_str(c->name + n));
			exposition_count(x, c->read(b));
		}
}

/* The sessions are below, by their kinds. */
static void
add_counters(struct exposition *x, const struct broker *b)
{
	const struct counter *c;
	size_t i;

	for (c = counters; c->name != NULL; c++)
		if (group_of(c) == NULL && strcmp(c->name, "sessions") != 0)
			add_counter(x, b, c);
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		add_group(x, b, &groups[i]);
}

static void
add_histograms(struct exposition *x, const struct broker *b)
{
	const struct histogram_row *row;
	char name[NAME_SIZE];

	for (row = histogram_rows; row->name != NULL; row++) {
		(void)snprintf(name, sizeof(name), "wampd_%s_seconds",
		    row->name);
		exposition_family(x, EXPOSITION_HISTOGRAM, name, "seconds",
		    row->help);
		exposition_histogram(x, histogram_of(&b->histograms, row));
	}
}

/* ---- figures of the broker ---- */

static uint64_t
read_ready(const struct broker *b)
{
	return !broker_is_draining(b);
}

static uint64_t
read_draining(const struct broker *b)
{
	return broker_is_draining(b);
}

static uint64_t
read_drain_left(const struct broker *b)
{
	return b->drain.on ? drain_left(b) : 0;
}

static uint64_t
read_sessions_limit(const struct broker *b)
{
	return (uint64_t)b->set.limit_sessions;
}

static uint64_t
read_topics_limit(const struct broker *b)
{
	return (uint64_t)b->set.limit_topics;
}

static uint64_t
read_queues(const struct broker *b)
{
	return pressure_bytes(&b->pressure);
}

static uint64_t
read_queues_limit(const struct broker *b)
{
	return b->set.limit_queues;
}

static uint64_t
read_memory(const struct broker *b)
{
	return b->sessions.memory;
}

static uint64_t
read_memory_limit(const struct broker *b)
{
	return b->set.limit_memory;
}

static uint64_t
read_retained_limit(const struct broker *b)
{
	return b->set.limit_retained;
}

static uint64_t
read_history_limit(const struct broker *b)
{
	return b->set.limit_history;
}

static uint64_t
read_unsaved(const struct broker *b)
{
	return taps_are_unsaved(&b->taps);
}

static const struct figure {
	const char *name;
	const char *unit;
	const char *help;
	uint64_t  (*read)(const struct broker *b);
} figures[] = {
	{ "wampd_ready", "",
	  "1 if clients may come, 0 while the broker drains.", read_ready },
	{ "wampd_draining", "",
	  "1 while the broker drains or stops, else 0.", read_draining },
	{ "wampd_drain_sessions", "",
	  "Sessions that a drain has still to end.", read_drain_left },
	{ "wampd_unsaved", "",
	  "1 while something cannot be written to state_dir, else 0.",
	  read_unsaved },
	{ "wampd_sessions_limit", "",
	  "Sessions that may be open: limits.sessions.",
	  read_sessions_limit },
	{ "wampd_topics_limit", "",
	  "Topics that may be in use: limits.topics.", read_topics_limit },
	{ "wampd_queued_bytes", "bytes",
	  "Bytes of memory that wait to be sent.", read_queues },
	{ "wampd_queued_limit_bytes", "bytes",
	  "Bytes that may wait: limits.queues.", read_queues_limit },
	{ "wampd_session_memory_bytes", "bytes",
	  "Bytes of memory that sessions cause beside queues.",
	  read_memory },
	{ "wampd_session_memory_limit_bytes", "bytes",
	  "Bytes that they may cause: limits.memory.", read_memory_limit },
	{ "wampd_retained_limit_bytes", "bytes",
	  "Bytes that retained events may have: limits.retained.",
	  read_retained_limit },
	{ "wampd_history_limit_bytes", "bytes",
	  "Bytes that histories may have: limits.history.",
	  read_history_limit },
};

static void
add_figures(struct exposition *x, const struct broker *b)
{
	size_t i;

	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		exposition_family(x, EXPOSITION_GAUGE, figures[i].name,
		    figures[i].unit, figures[i].help);
		exposition_count(x, figures[i].read(b));
	}
}

static void
add_build(struct exposition *x)
{
	exposition_family(x, EXPOSITION_INFO, "wampd_build", "",
	    "1, with the version as a label.");
	exposition_label(x, "version", SLICE(WAMP_VERSION));
	exposition_count(x, 1);
}

static void
add_sessions(struct exposition *x, const struct broker *b)
{
	const struct session_kind *k = b->sessions.kinds;
	const struct session_kind *end = k + SESSION_KINDS;

	exposition_family(x, EXPOSITION_GAUGE, "wampd_sessions", "",
	    "Sessions that are open, by transport and protocol.");
	for (; k < end && k->transport != NULL; k++) {
		exposition_label(x, "transport", slice_str(k->transport));
		exposition_label(x, "protocol", slice_str(k->protocol));
		exposition_count(x, k->n);
	}
}

static void
add_certificate(struct exposition *x, const struct metrics_certificate *cert)
{
	exposition_family(x, EXPOSITION_GAUGE,
	    "wampd_certificate_expiry_timestamp_seconds", "seconds",
	    "Seconds since 1970 at which the first certificate expires.");
	if (cert == NULL)
		return;
	exposition_label(x, "name", slice_str(cert->name));
	exposition_ms(x, cert->end);
}

/* ---- handlers ---- */

static const struct handler_figure {
	const char *name;
	const char *help;
	size_t	    at;		/* in struct handler */
} handler_figures[] = {
	{ "wampd_handler_events", "Events that a handler accepted.",
	  offsetof(struct handler, counts.events) },
	{ "wampd_handler_refusals",
	  "Events and subscriptions that were refused.",
	  offsetof(struct handler, counts.refusals) },
	{ "wampd_handler_calls", "Calls that a handler was asked.",
	  offsetof(struct handler, counts.calls) },
	{ "wampd_handler_starts", "Programs that were started for a handler.",
	  offsetof(struct handler, counts.starts) },
	{ "wampd_handler_ends",
	  "Programs of a handler that ended, failed or were killed.",
	  offsetof(struct handler, counts.ends) },
};

static void
add_handler_figure(struct exposition *x, const struct broker *b,
    const struct handler_figure *f)
{
	const struct generation *g = b->generation;
	const struct handler *h = g->handlers != NULL ? g->handlers :
	    g->open_handler;
	unsigned n = 0;

	exposition_family(x, EXPOSITION_COUNTER, f->name, "", f->help);
	for (; h != NULL && n < METRICS_HANDLERS; h = h->next, n++) {
		exposition_label(x, "handler", slice_str(h->name));
		exposition_label(x, "type", slice_str(h->type->name));
		exposition_count(x, *(const uint64_t *)(const void *)
		    ((const char *)h + f->at));
	}
}

static void
add_handlers(struct exposition *x, const struct broker *b)
{
	size_t i;

	for (i = 0; i < sizeof(handler_figures) / sizeof(handler_figures[0]);
	    i++)
		add_handler_figure(x, b, &handler_figures[i]);
}

int
metrics_write(struct buf *out, const struct broker *b,
    const struct metrics_certificate *cert, enum exposition_format format)
{
	struct exposition x;

	exposition_begin(&x, out, format);
	add_build(&x);
	add_figures(&x, b);
	add_sessions(&x, b);
	add_counters(&x, b);
	add_histograms(&x, b);
	add_handlers(&x, b);
	add_certificate(&x, cert);
	metrics_process(&x, b);
	return exposition_end(&x);
}
