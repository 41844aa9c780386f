/*
 * t_wampd_routes.c: the broker's procedures about routes.
 */
#include "fake.h"
#include "tap.h"

static const char routes[] =
    "a: { channel: 'a/{id<\\d+>}/{n?1}', handler: h }\n"
    "b: { channel: 'b/{x<[a-z]+>}', handler: h }\n"
    "\"q\\\"\\t\": { channel: q, handler: h }\n";

/* The arguments of a call of wampd.generate, and its answer. */
static const struct {
	const char *args, *answer;
} rows[] = {
	{ "\"a\",{\"id\":5}", "3,\"i\",{\"topic\":\"a/5\",\"doubt\":null}" },
	{ "\"\\u0061\",{\"i\\u0064\":\"5\",\"n\":\"\\u00e9\"}",
	  "3,\"i\",{\"topic\":\"a/5/\303\251\",\"doubt\":null}" },
	{ "\"a\",{\"id\":5,\"x\":1}", "3,\"i\",{\"topic\":\"a/5\",\"doubt\":"
	  "\"the route \\\"a\\\" has no parameter x\"}" },
	{ "\"b\",{\"x\":\"A\"}", "3,\"i\",{\"topic\":\"b/A\",\"doubt\":"
	  "\"no route matches this topic: the requirements of \\\"b\\\" ask "
	  "for more\"}" },
	{ "\"q\\\"\\t\"", "3,\"i\",{\"topic\":\"q\",\"doubt\":null}" },
	{ "\"a\"", "4,\"i\",\"wampd.error.invalid_argument\","
	  "\"the route \\\"a\\\" needs the parameter id\"" },
	{ "\"a\",{\"id\":\"x\\n\"}", "4,\"i\",\"wampd.error.invalid_argument\","
	  "\"id=x\\n: the route \\\"a\\\" requires \\\\d+\"" },
	{ "\"a\",{\"id\":1,\"id\":2}", "4,\"i\","
	  "\"wampd.error.invalid_argument\","
	  "\"the parameter id is given twice\"" },
	{ "\"a\",{\"id\":[1]}", "4,\"i\",\"wampd.error.invalid_argument\","
	  "\"parameters must be strings or numbers\"" },
	{ "\"none\"", "4,\"i\",\"wampd.error.invalid_argument\","
	  "\"there is no route \\\"none\\\"\"" },
	{ "1", "4,\"i\",\"wampd.error.invalid_argument\","
	  "\"arguments: route[, object of parameters]\"" },
	{ "\"a\",1", "4,\"i\",\"wampd.error.invalid_argument\","
	  "\"arguments: route[, object of parameters]\"" },
};

static void
test_generate(void)
{
	const struct broker_parts parts = fake_parts(routes,
	    "h: { type: broadcast }");
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker_of(&set, &parts);
	struct fake_peer *p = fake_open(b, WIRE_LINE);
	struct buf want = { 0 };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fake_say(p, "[2,\"i\",\"wampd.generate\",%s]", rows[i].args);
		buf_reset(&want);
		(void)buf_addf(&want, "[%s]\n", rows[i].answer);
		tap_str(fake_hear(p), buf_cstr(&want), "generate %s",
		    rows[i].args);
	}
	fake_say(p, "[2,\"i\",\"wampd.routes\"]");
	tap_str(fake_hear(p), "[3,\"i\",[{\"route\":\"a\",\"channel\":"
	    "\"a/{id}/{n}\",\"handler\":\"h\"},{\"route\":\"b\",\"channel\":"
	    "\"b/{x}\",\"handler\":\"h\"},{\"route\":\"q\\\"\\t\",\"channel\":"
	    "\"q\",\"handler\":\"h\"}]]\n", "routes in their order");
	buf_clear(&want);
	fake_end(b);
}

static void
test_none(void)
{
	struct broker_settings set = fake_settings();
	struct broker *b = fake_broker(&set);
	struct fake_peer *local = fake_open(b, WIRE_LINE);
	struct fake_peer *far = fake_open(b, WIRE_WS);

	fake_say(local, "[2,\"i\",\"wampd.generate\",\"a\"]");
	tap_str(fake_hear(local), "[4,\"i\",\"wampd.error.invalid_argument\","
	    "\"the broker runs without routes\"]\n", "without routes");
	fake_say(local, "[2,\"i\",\"wampd.routes\"]");
	tap_str(fake_hear(local), "[3,\"i\",[]]\n", "there are none");
	fake_say(far, "[2,\"i\",\"wampd.generate\",\"a\"]");
	tap_str(fake_hear(far), "TEXT [4,\"i\",\"wampd.error.not_permitted\","
	    "\"only local peers may call this\"]\n",
	    "they are for local peers");
	fake_end(b);
}

int
main(void)
{
	test_generate();
	test_none();
	return tap_done();
}
