/*
 * t_wampd_handover.c: what one broker hands over to another one, as JSON.
 */
#include "wampd/core/handover.h"

#include <string.h>

#include "fake.h"
#include "tap.h"
#include "wampd/core/broker.h"

#define ALL	(HANDOVER_KEPT | HANDOVER_TAPS)

static int
take(struct broker *b, const char *json, size_t *events)
{
	struct errbuf e;

	return handover_read(b, slice_str(json), ALL, events, &e);
}

static void
test_round_trip(void)
{
	struct broker_settings set = fake_settings();
	struct broker *old = fake_broker(&set), *new = fake_broker(&set);
	struct fake_peer *p = fake_open(old, WIRE_LINE);
	struct buf text = { 0 }, again = { 0 };
	size_t events;

	fake_say(p, "[2,\"1\",\"wampd.publish\",\"t/\\\"1\\\"\","
	    "[{\"a\":1.0}],{\"retain\":true}]");
	fake_say(p, "[2,\"2\",\"wampd.publish\",\"u\",\"\\u00e9\","
	    "{\"retain\":true}]");
	fake_say(p, "[2,\"3\",\"wampd.maintenance.set\",true]");
	tap_int(handover_write(old, &text), 0, "a broker writes it");
	tap_int(take(new, buf_cstr(&text), &events), 0, "another reads it");
	tap_int((int64_t)events, 2, "all events");
	tap_int(handover_write(new, &again), 0, "it writes it again");
	tap_str(buf_cstr(&again), buf_cstr(&text), "the same");
	buf_clear(&text);
	buf_clear(&again);
	fake_end(old);
	fake_end(new);
}

static void
test_hostile(void)
{
	static const char *const bad[] = {
		"", "[]", "null", "{", "{\"kept\":[}", "{\"kept\":[1]}",
		"{\"kept\":[[]]}", "{\"kept\":[[\"t\",1,2,3]]}",
		"{\"kept\":[[1,1,2,3,1]]}", "{\"kept\":[[\"t\",1,\"2\",3,1]]}",
		"{\"kept\":[[\"t\",1,1e99,0,1]]}",
		"{\"taps\":{\"maintenance\":1}}",
		"{\"taps\":{\"maintenance\":[]}}",
		"{\"taps\":{\"maintenance\":[\"x\",{},1,2]}}",
	};
	static const char *const empty[] = {
		"{}", "{\"kept\":1}", "{\"kept\":[]}", "{\"taps\":[]}",
		"{\"taps\":{}}", "{\"taps\":{\"none\":1}}",
		"{\"kept\":[[\"t\",1,1,0,0]]}", "{\"new\":[[[]]]}",
		"{\"kept\":[[\"t\",1,1,1,1]]}",
	};
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	size_t i, events;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_int(take(b, bad[i], &events), -1, "%s", bad[i]);
	for (i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		tap_ok(take(b, empty[i], &events) == 0 && events == 0, "%s",
		    empty[i]);
	tap_int((int64_t)b->topics.retained_bytes, 0,
	    "nothing is kept of these");
	fake_end(b);
}

int
main(void)
{
	test_round_trip();
	test_hostile();
	return tap_done();
}
