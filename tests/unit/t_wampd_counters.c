/*
 * t_wampd_counters.c: what is counted is one table: what wampd.stats and
 * wampd.info answer, and the lists in the manual, are that table's rows.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fake.h"
#include "tap.h"
#include "wampd/core/counters.h"

#define MANUAL	"man/wamp-control.7"

/* ---- the answers ---- */

/* The same text with a 0 for each number. */
static void
hide_numbers(struct buf *out, const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n > 0 ? n : 1) {
		n = strspn(text, "0123456789");
		(void)buf_add_char(out, n > 0 ? '0' : *text);
	}
}

/* The procedure's answer has the rows of that kind, in their order, between
 * these two texts. */
static void
check_answer(const char *procedure, enum counter_kind kind,
    const char *before, const char *after)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct buf got = { 0 }, want = { 0 };
	const struct counter *c;
	const char *comma = before;

	fake_say(p, "[2,\"1\",\"%s\"]", procedure);
	hide_numbers(&got, fake_hear(p));
	for (c = counters; c->name != NULL; c++) {
		if (c->kind != kind)
			continue;
		(void)buf_addf(&want, "%s\"%s\":0", comma, c->name);
		comma = ",";
	}
	(void)buf_add_str(&want, after);
	if (!tap_ok(has(buf_cstr(&got), buf_cstr(&want)),
	    "%s answers with the rows of the table", procedure))
		tap_diag("got %swant %s", buf_cstr(&got), buf_cstr(&want));
	buf_clear(&got);
	buf_clear(&want);
	fake_end(b);
}

static void
test_values(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct fake_peer *q = fake_open(b, WIRE_LINE);

	fake_say(p, "[5,\"a\"]");
	fake_say(p, "[5,\"b\"]");
	fake_say(q, "[5,\"b\"]");
	fake_say(q, "[7,\"b\",1]");
	(void)fake_hear(p);
	fake_say(p, "[2,\"1\",\"wampd.info\"]");
	tap_ok(has(fake_hear(p), ",\"sessions\":2,\"topics\":2,"
	    "\"subscriptions\":3,\"retained_events\":0,"
	    "\"retained_bytes\":0,\"history_events\":0,"
	    "\"history_bytes\":0,\"generations\":1,\"draining\":false,"
	    "\"maintenance\":false}"),
	    "gauges tell what there is");
	fake_say(p, "[2,\"1\",\"wampd.stats\"]");
	tap_ok(has(fake_hear(p), ",\"messages\":6,\"events\":1,"
	    "\"events_refused\":0,\"subscribes_refused\":0,"
	    "\"subscriptions_ended\":0,\"deliveries\":2,"
	    "\"events_dropped\":0,\"meta_events\":0,\"meta_lost\":0,"
	    "\"calls\":2,"),
	    "counters tell what there was");
	fake_end(b);
}

/* ---- the table ---- */

static void
test_rows(void)
{
	const struct counter *c;
	char first;

	for (c = counters; c->name != NULL; c++) {
		first = c->help[0];
		tap_ok(first >= 'A' && first <= 'Z' &&
		    c->help[strlen(c->help) - 1] == '.',
		    "%s: the help is a sentence", c->name);
		if (c->unit[0] != '\0')
			tap_ok(strncasecmp(c->help, c->unit,
			    strlen(c->unit)) == 0, "which names the unit");
	}
}

/* ---- the manual ---- */

/* The list of the rows of that kind, as the manual has to have it. */
static void
list_rows(struct buf *out, enum counter_kind kind)
{
	const struct counter *c;
	const char *longest = "";

	for (c = counters; c->name != NULL; c++)
		if (c->kind == kind && strlen(c->name) > strlen(longest))
			longest = c->name;
	(void)buf_addf(out, ".Bl -tag -width %s -compact\n", longest);
	for (c = counters; c->name != NULL; c++)
		if (c->kind == kind)
			(void)buf_addf(out, ".It Li %s\n%s\n", c->name,
			    c->help);
	(void)buf_add_str(out, ".El\n");
}

static void
test_manual(void)
{
	static char page[256u << 10];
	struct buf want = { 0 };
	FILE *f = fopen(MANUAL, "re");
	size_t len;
	int kind;

	if (!tap_ok(f != NULL, MANUAL " can be read, from the top of the tree"))
		return;
	len = fread(page, 1, sizeof(page) - 1, f);
	fclose(f);
	tap_ok(len < sizeof(page) - 1, "as a whole");
	page[len] = '\0';
	for (kind = COUNTER; kind <= GAUGE; kind++) {
		buf_reset(&want);
		list_rows(&want, (enum counter_kind)kind);
		if (!tap_ok(strstr(page, buf_cstr(&want)) != NULL,
		    "it lists the %s",
		    kind == COUNTER ? "counters" : "gauges"))
			tap_diag("what it has to say:\n%s", buf_cstr(&want));
	}
	buf_clear(&want);
}

int
main(void)
{
	check_answer("wampd.stats", COUNTER, "[0,\"0\",{", "}]\n");
	check_answer("wampd.info", GAUGE, ",\"routes\":0,",
	    ",\"draining\":false,\"maintenance\":false}]\n");
	test_values();
	test_rows();
	test_manual();
	return tap_done();
}
