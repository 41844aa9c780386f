/*
 * t_tool_check.c: thresholds of wamp-check, and what it makes of an answer.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/figure.h"
#include "check/range.h"
#include "check/report.h"
#include "tap.h"

/* Alerting values are named by a "!" behind them. */
static void
range_is(const char *text, const char *printed, double low, double in,
    double high, const char *alerts)
{
	struct range r;
	struct errbuf e;
	struct buf out = { 0 };
	char got[4];

	if (range_parse(&r, text, &e) == -1) {
		tap_ok(false, "%s: %s", text, e.msg);
		return;
	}
	range_resolve(&r, 1000);
	got[0] = range_alerts(&r, low) ? '!' : '.';
	got[1] = range_alerts(&r, in) ? '!' : '.';
	got[2] = range_alerts(&r, high) ? '!' : '.';
	got[3] = '\0';
	tap_str(got, alerts, "%s alerts where it should", text);
	(void)range_print(&out, &r);
	tap_str(buf_cstr(&out), printed, "and is printed as %s", printed);
	buf_clear(&out);
}

static void
test_ranges(void)
{
	range_is("10", "10", -1, 10, 11, "!.!");
	range_is("0", "0", -1, 0, 1, "!.!");
	range_is("10:", "10:", 9, 10, 1e12, "!..");
	range_is("~:10", "~:10", -1e12, 10, 10.5, "..!");
	range_is("10:20", "10:20", 9, 15, 21, "!.!");
	range_is("@10:20", "@10:20", 9, 20, 21, ".!.");
	range_is("@5", "@5", -1, 0, 6, ".!.");
	range_is("-5:-1.5", "-5:-1.5", -6, -2, 0, "!.!");
	range_is("80%", "800", -1, 800, 801, "!.!");
	range_is("10%:50%", "100:500", 99, 100, 501, "!.!");
	range_is(":5", "5", -1, 5, 6, "!.!");
	range_is("~:", "~:", -1e300, 0, 1e300, "...");
}

static void
test_malformed(void)
{
	static const char *const bad[] = {
		"", ":", "a", "1a", "1e5", "0x10", "inf", "nan", "--1", "1.2.3",
		".", "-", "%", "1%%", "20:10", "1:2:3", "~", "~~:1", "@", "@@1",
		" 1", "1 ", "1:~", "99999999999999999999999999999999999999",
		"\xff\xfe", "1\n",
	};
	struct range r;
	struct errbuf e;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		tap_ok(range_parse(&r, bad[i], &e) == -1 && e.msg[0] != '\0',
		    "not a range: \"%s\"", bad[i]);
}

static const char answer[] = "{\"version\":\"1\",\"uptime\":12.5,"
    "\"sessions\":850,\"sessions_max\":1000,\"queues\":1536,"
    "\"queues_max\":4096,\"refused\":0,\"new_one\":7,\"draining\":false,"
    "\"o'dd\":1,\"\":1,\"list\":[1],\"slow\":null}";

/* The verdict of a number with thresholds. */
static void
judged(const char *name, const char *warning, const char *critical,
    enum verdict expected)
{
	static struct figures f;
	struct opt_list w = { 0 }, c = { 0 };
	const struct figure *found;
	struct errbuf e = { "" };

	f.n = 0;
	figures_read(&f, SLICE(answer));
	if (warning != NULL)
		(void)opt_list_add(&w, warning);
	if (critical != NULL)
		(void)opt_list_add(&c, critical);
	tap_int(figures_judge(&f, &w, &c, &e), 0, "%s %s",
	    warning != NULL ? warning : "-", critical != NULL ? critical :
	    "-");
	found = figures_find(&f, name);
	tap_ok(found != NULL && found->verdict == expected, "%s is %s", name,
	    verdict_name(expected));
	free(w.v);
	free(c.v);
}

static void
refused(const char *warning, const char *why)
{
	static struct figures f;
	struct opt_list w = { 0 }, none = { 0 };
	struct errbuf e = { "" };

	f.n = 0;
	figures_read(&f, SLICE(answer));
	(void)opt_list_add(&w, warning);
	tap_int(figures_judge(&f, &w, &none, &e), -1, "%s is refused",
	    warning);
	tap_str(e.msg, why, "and it is told why");
	free(w.v);
}

static void
test_figures(void)
{
	judged("sessions", NULL, NULL, CHECK_WARNING);
	judged("sessions", "sessions=900", NULL, CHECK_OK);
	judged("sessions", "sessions=90%", "sessions=800", CHECK_CRITICAL);
	judged("sessions", "sessions=", NULL, CHECK_OK);
	judged("queues", NULL, NULL, CHECK_OK);
	judged("queues", "queues=30%", NULL, CHECK_WARNING);
	judged("uptime", "uptime=300:", NULL, CHECK_WARNING);
	judged("new_one", "new_one=5", NULL, CHECK_WARNING);
	judged("new_one", NULL, NULL, CHECK_OK);
	refused("nothing=5", "nothing is known of \"nothing\"");
	refused("slow=5", "nothing is known of \"slow\"");
	refused("uptime=80%", "uptime has no limit, so it needs no %");
	refused("sessions", "a threshold is NAME=RANGE");
	refused("=5", "a threshold is NAME=RANGE");
}

static void
test_report(void)
{
	static struct figures f;
	struct report r = { .verdict = CHECK_OK };
	struct opt_list none = { 0 };
	struct buf out = { 0 };
	struct errbuf e;

	figures_add(&f, "sessions", "", 850, 1000);
	figures_add(&f, "queues", "B", 1536, 0);
	figures_add(&f, "probe", "s", 0.0004, 0);
	(void)figures_judge(&f, &none, &none, &e);
	(void)report_note(&r, "a|b\n%s", "\x1b[31m");
	(void)report_figures(&r, &f);
	(void)report_print(&out, &r, &f, true);
	tap_str(buf_cstr(&out), "WAMP WARNING - sessions is 850 (warning 800);"
	    " a/b\\x0a\\x1b[31m | sessions=850;800;950;0;1000 "
	    "queues=1536B;;;0; probe=0.000400s;;;0;\n"
	    "sessions: 850 of 1000, warning 800, critical 950: WARNING\n"
	    "queues: 1.5 KiB\nprobe: 0.000400 s\n", "the whole report");
	tap_int(verdict_worse(CHECK_UNKNOWN, CHECK_WARNING), CHECK_WARNING,
	    "a problem that is known is worse than one that is not");
	buf_clear(&out);
	report_clear(&r);
}

int
main(void)
{
	test_ranges();
	test_malformed();
	test_figures();
	test_report();
	return tap_done();
}
