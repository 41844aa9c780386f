/*
 * t_wampd_metrics.c: the figures for Prometheus: their formats, and the list in
 * the manual.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/metrics/metrics.h"

#define MANUAL	"man/wamp-metrics.7"
#define HELP	"# HELP "

static struct buf text, open;

static void
write_both(const struct broker *b)
{
	static const struct metrics_certificate cert = { "a.example",
	    1784111471000 };

	buf_reset(&text);
	buf_reset(&open);
	if (metrics_write(&text, b, &cert, EXPOSITION_TEXT) == -1 ||
	    metrics_write(&open, b, &cert, EXPOSITION_OPENMETRICS) == -1)
		abort();
	(void)buf_cstr(&text);
	(void)buf_cstr(&open);
}

static bool
both_have(const char *line)
{
	return has(text.data, line) && has(open.data, line);
}

/* ---- samples ---- */

static void
test_samples(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b;
	struct fake_peer *p;

	set.limit_sessions = 12345;
	b = fake_broker(&set);
	p = fake_open(b, WIRE_LINE);
	fake_say(p, "[5,\"a\"]");
	fake_say(p, "[7,\"a\",1]");
	(void)fake_hear(p);
	b->stats.bytes_written = 77;
	b->stats.refused_busy = 5;
	b->histograms.turn = (struct histogram){ .sum = 0 };
	histogram_add(&b->histograms.turn, 10);
	histogram_add(&b->histograms.turn, 900000);
	histogram_add(&b->histograms.turn, 61000000);
	write_both(b);
	tap_ok(both_have("\nwampd_events_total 1\n"), "a counter");
	tap_ok(both_have("\nwampd_subscriptions 1\n"), "a gauge");
	tap_ok(both_have("\nwampd_written_bytes_total 77\n"), "with a unit");
	tap_ok(both_have("\nwampd_refused_total{cause=\"busy\"} 5\n"),
	    "with a cause");
	tap_ok(both_have("\nwampd_limited_total{limit=\"rate\"} 0\n"),
	    "with a limit");
	tap_ok(both_have("\nwampd_sessions_limit 12345\n"), "a limit");
	tap_ok(both_have("\nwampd_sessions{transport=\"line\","
	    "protocol=\"wamp\"} 1\n"), "sessions by kind");
	tap_ok(both_have("\nwampd_certificate_expiry_timestamp_seconds{"
	    "name=\"a.example\"} 1784111471.000\n"), "a certificate");
	tap_ok(both_have("\nwampd_turn_seconds_bucket{le=\"1e-05\"} 1\n"
	    "wampd_turn_seconds_bucket{le=\"2.5e-05\"} 1\n"),
	    "a histogram begins with its first range");
	tap_ok(both_have("{le=\"1.0\"} 2\n"), "adds ranges up");
	tap_ok(both_have("{le=\"60.0\"} 2\n"
	    "wampd_turn_seconds_bucket{le=\"+Inf\"} 3\n"
	    "wampd_turn_seconds_sum 61.900010\n"
	    "wampd_turn_seconds_count 3\n"), "and ends with all");
	tap_ok(has(text.data, "\n# TYPE wampd_events_total counter\n"),
	    "the type of a counter in the text format");
	tap_ok(has(open.data, "\n# TYPE wampd_events counter\n"),
	    "and in OpenMetrics");
	tap_ok(has(open.data, "\n# UNIT wampd_written_bytes bytes\n"),
	    "which has units");
	tap_ok(!has(text.data, "# UNIT") && !has(text.data, "# EOF"),
	    "the text format has none, and no end");
	tap_str(open.data + open.len - 6, "# EOF\n", "OpenMetrics has one");
	fake_end(b);
}

static void
test_drain(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);

	write_both(b);
	tap_ok(both_have("\nwampd_ready 1\n"), "a broker is ready");
	b->stop_until = 1;
	write_both(b);
	tap_ok(both_have("\nwampd_ready 0\n") &&
	    both_have("\nwampd_draining 1\n"), "until it stops");
	b->stop_until = 0;
	fake_end(b);
}

/* ---- handlers ---- */

static void
test_handlers(void)
{
	struct broker_settings set = fake_settings();
	struct broker_parts parts = fake_parts(
	    "a: { channel: a, handler: { callback: 'App\\Chat\"1' } }\n",
	    "'App\\Chat\"1': { type: broadcast, publish: anyone }\n");
	struct broker *b = fake_broker_of(&set, &parts);
	struct fake_peer *p = fake_open(b, WIRE_LINE);

	fake_say(p, "[7,\"a\",1]");
	fake_say(p, "[7,\"a\",2]");
	write_both(b);
	tap_ok(both_have("\nwampd_handler_events_total{"
	    "handler=\"App\\\\Chat\\\"1\",type=\"broadcast\"} 2\n"),
	    "a handler has figures, and its name escapes");
	fake_end(b);
}

static size_t
count(const char *part)
{
	const char *at = text.data;
	size_t n = 0;

	for (; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

/* Their number is bounded. */
static void
test_many_handlers(void)
{
	struct broker_settings set = fake_settings();
	struct buf routes = { 0 }, handlers = { 0 };
	struct broker_parts parts;
	struct broker *b;
	int i;

	for (i = 0; i < METRICS_HANDLERS + 10; i++) {
		(void)buf_addf(&routes, "r%d: { channel: c%d, handler: "
		    "{ callback: h%d } }\n", i, i, i);
		(void)buf_addf(&handlers, "h%d: { type: broadcast }\n", i);
	}
	parts = fake_parts(buf_cstr(&routes), buf_cstr(&handlers));
	b = fake_broker_of(&set, &parts);
	write_both(b);
	tap_int((int64_t)count("wampd_handler_events_total{"),
	    METRICS_HANDLERS, "some handlers are too many");
	buf_clear(&routes);
	buf_clear(&handlers);
	fake_end(b);
}

/* ---- the manual ---- */

/* The next line of the text after *at that begins with HELP; false: none. */
static bool
next_help(const char **at, char name[64], char help[128], char type[16])
{
	const char *line = strstr(*at, HELP);

	if (line == NULL)
		return false;
	*at = line + 1;
	return sscanf(line, HELP "%63s %127[^\n]\n# TYPE %*s %15s", name, help,
	    type) == 3;
}

static void
list_families(struct buf *out)
{
	char name[64], help[128], type[16];
	const char *at = text.data;

	(void)buf_add_str(out, ".Bl -tag -width Ds -compact\n");
	while (next_help(&at, name, help, type))
		(void)buf_addf(out, ".It Li %s Pq %s\n%s\n", name, type, help);
	(void)buf_add_str(out, ".El\n");
}

static void
test_manual(void)
{
	static char page[64u << 10];
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct buf want = { 0 };
	FILE *f = fopen(MANUAL, "re");
	size_t len;

	write_both(b);
	list_families(&want);
	fake_end(b);
	if (tap_ok(f != NULL, MANUAL " can be read, from the top")) {
		len = fread(page, 1, sizeof(page) - 1, f);
		fclose(f);
		page[len] = '\0';
		if (!tap_ok(strstr(page, buf_cstr(&want)) != NULL,
		    "it lists all figures"))
			tap_diag("what it has to say:\n%s", buf_cstr(&want));
	}
	buf_clear(&want);
}

int
main(void)
{
	test_samples();
	test_drain();
	test_handlers();
	test_many_handlers();
	test_manual();
	buf_clear(&text);
	buf_clear(&open);
	return tap_done();
}
