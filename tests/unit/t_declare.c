/*
 * t_declare.c: handlers of wampd.yml: what is read, and what is said about
 * their faults.
 */
#include "route/declare.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "route/yaml.h"
#include "declare_text.h"
#include "tap.h"

/* What a wampd.yml with that text declares. */
static void
declares(const char *yml, const char *want)
{
	struct diags d = { 0 };
	struct yaml_doc *doc = yaml_load_text("etc/w.yml", slice_str(yml),
	    &d);
	struct declare_source src = { .file = "etc/w.yml" };
	char *got;

	if (tap_ok(doc != NULL, "the text is YAML")) {
		src.handlers = yaml_get(yaml_root(doc), "handlers");
		got = declare_text(&src, &d);
		tap_str(got, want, "declares %.*s", LINE(want));
		free(got);
	}
	yaml_doc_free(doc);
	diag_clear(&d);
}

/* Handlers one below the other, and what they are read as. */
static void
test_keys(void)
{
	declares("handlers:\n  a: { type: broadcast }\n"
	    "  b: { type: broadcast, retain: true, publish: [local, backend],"
	    " subscribe: anyone }\n",
	    "2:3 a broadcast\n"
	    "3:3 b broadcast subscribe=[anyone] publish=[local,backend] "
	    "retain\n");
	declares("handlers:\n  a: { subscribe: [], publish: [role:R, 'user:a "
	    "b', nobody, loopback, authenticated], type: broadcast }\n",
	    "2:3 a broadcast subscribe=[] publish=[role:R,user:a b,nobody,"
	    "loopback,authenticated]\n");
	declares("handlers:\n  a: { type: broadcast, retain: 1h, history: 5 "
	    "}\n  b: { type: broadcast, history: 1h }\n  c: { type: "
	    "broadcast, history: { events: 7, time: 1m } }\n",
	    "2:3 a broadcast retain=3600000 history=5/0\n"
	    "3:3 b broadcast history=0/3600000\n"
	    "4:3 c broadcast history=7/60000\n");
	declares("handlers:\n  a: { type: broadcast, rate: 10, max_size: 4k, "
	    "log: true }\n  b: { type: broadcast, rate: { events: 5, burst: "
	    "50 }, log: debug }\n  c: { type: broadcast, rate: { events: 5 "
	    "}, log: false }\n",
	    "2:3 a broadcast rate=10/10 max_size=4096 log=2\n"
	    "3:3 b broadcast rate=5/50 log=3\n"
	    "4:3 c broadcast rate=5/5\n");
	declares("handlers:\n  a: { type: secured }\n  b: { type: secured, "
	    "parameter: owner, wildcard: true, publish: ~ }\n",
	    "2:3 a secured {user_id}\n"
	    "3:3 b secured {owner} wildcard\n");
	declares("handlers:\n  a: { type: ping }\n  b: { type: ping, interval:"
	    " 1.5, message: 'a\"b' }\n",
	    "2:3 a ping \"Connection keep alive\" every 50000 ms\n"
	    "3:3 b ping \"a\\\"b\" every 1500 ms\n");
	declares("handlers:\n", "");
	declares("handlers: {}\n", "");
}

#define WORDS	"write anyone, authenticated, local, backend, loopback, " \
		"ticket, ticket:oro, ticket:paseto, ticket:jwt, cookie, " \
		"cra, certificate, nobody, role:NAME, user:local:NAME or " \
		"user:NAME, or a list of them"

/* The words of lists, and texts that are almost one. */
static void
test_words(void)
{
	static const char *const none[] = { "", "ticket:", "ticket:other",
	    "Ticket", "role:", "user:", "user:local:", "cra ", "certificates",
	    "local:root" };
	enum declare_who who;
	struct slice name;
	struct buf text = { 0 };
	size_t i;

	for (i = DECLARE_ANYONE; i <= DECLARE_USER; i++) {
		buf_reset(&text);
		if (buf_addf(&text, "%s%s", declare_who_word(
		    (enum declare_who)i), i >= DECLARE_ROLE ? "x" : "") == -1)
			abort();
		tap_ok(declare_who_parse(buf_slice(&text), &who, &name) &&
		    who == i && slice_eq(name, i >= DECLARE_ROLE ?
		    SLICE("x") : SLICE("")), "%s is read", buf_cstr(&text));
	}
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		tap_ok(!declare_who_parse(slice_str(none[i]), &who, &name),
		    "\"%s\" is no word", none[i]);
	buf_clear(&text);
	declares("handlers:\n  a: { type: broadcast, publish: [ticket:oro, "
	    "user:local:www-data, cra], call: certificate }\n",
	    "2:3 a broadcast publish=[ticket:oro,user:local:"
	    "www-data,cra] call=[certificate]\n");
	declares("handlers:\n  a: { type: broadcast, publish: 'user:local:' }"
	    "\n", "2:3 a broadcast publish=[]\n"
	    "etc/w.yml:2:34: error: publish: " WORDS " [bad-value]\n");
}

/* For jq, one that is no word of a list is a program. */
static void
test_programs(void)
{
	declares("handlers:\n  a:\n    type: jq\n    publish: |\n      "
	    "select(.event.a)\n      | {event}\n    subscribe: anyone\n"
	    "    call: .args[0]\n",
	    "2:3 a jq subscribe=[anyone] publish@4:14='select(.event.a)\n"
	    "| {event}\n' call@8:11='.args[0]'\n");
	declares("handlers:\n  a: { type: jq, timeout: 2, publish: { who: "
	    "local, program: .event } }\n  b: { type: jq, subscribe: { "
	    "program: . }, call: { who: [] } }\n",
	    "2:3 a jq publish@2:62='.event' publish=[local] timeout=2000\n"
	    "3:3 b jq subscribe@3:40='.' call=[]\n");
	declares("handlers:\n  a: { type: jq, publish: { who: x, what: y } }\n",
	    "2:3 a jq publish=[]\n"
	    "etc/w.yml:2:37: error: unknown key \"what\": write one of who, "
	    "program [unknown-key]\n"
	    "etc/w.yml:2:34: error: publish: " WORDS " [bad-value]\n"
	    "etc/w.yml:2:3: error: the handler \"a\" has no program: give one "
	    "as \"subscribe:\", \"publish:\" or \"call:\" [missing-key]\n");
	declares("handlers:\n  a: { type: jq, publish: [.], call: role:x }\n",
	    "2:3 a jq publish=[] call=[role:x]\n"
	    "etc/w.yml:2:28: error: publish: " WORDS " [bad-value]\n"
	    "etc/w.yml:2:3: error: the handler \"a\" has no program: give one "
	    "as \"subscribe:\", \"publish:\" or \"call:\" [missing-key]\n");
}

#define EXEC	"cwd=etc timeout=5000 pool=1 queue=1000 restart=100-30000"

static void
test_commands(void)
{
	declares("handlers:\n  a: { type: exec, command: [./a b, '$x', ''] }"
	    "\n  b: { type: exec, command: ' /bin/b -x  1\t2 ' }\n  c: { type:"
	    " exec, command: 'jq .a | tee b' }\n",
	    "2:3 a exec <./a b> <$x> <> " EXEC "\n"
	    "3:3 b exec </bin/b> <-x> <1> <2> " EXEC "\n"
	    "4:3 c exec </bin/sh> <-c> <jq .a | tee b> " EXEC "\n");
	declares("handlers:\n  a: { type: exec, command: a, env: { X: ~, Y: "
	    "} }\n  b: { type: exec, command: a, env: [X, { Y: 1, Z: }, Q] }"
	    "\n  c: { type: exec, command: a, env: [] }\n",
	    "2:3 a exec <a> " EXEC " X Y\n"
	    "3:3 b exec <a> " EXEC " X Y='1' Z Q\n"
	    "4:3 c exec <a> " EXEC "\n");
	declares("handlers:\n  a: { type: exec, command: a, cwd: b/c, env: { "
	    "X: 1, Y: '' }, timeout: 10, pool: 4, queue: 5, restart: { min: "
	    "1s, max: 2m } }\n  b: { type: exec, command: a, cwd: /, call: "
	    "local, restart: { min: 5ms }, tick: 1m }\n",
	    "2:3 a exec <a> cwd=etc/b/c timeout=10000 pool=4 queue=5 "
	    "restart=1000-120000 X='1' Y=''\n"
	    "3:3 b exec call=[local] <a> cwd=/ timeout=5000 pool=1 queue=1000 "
	    "restart=5-30000 tick=60000\n");
}

/* ---- faults ---- */

/* The only handler, of that type and with that text, gives this fault. */
static void
faulty(const char *type, const char *rest, const char *want)
{
	struct buf yml = { 0 }, all = { 0 };
	struct diags d = { 0 };
	struct yaml_doc *doc;
	struct declare_source src = { .file = "w.yml" };
	char *got;

	(void)buf_addf(&yml, "h:\n  a:\n    type: %s\n    %s\n", type, rest);
	doc = yaml_load_text("w.yml", buf_slice(&yml), &d);
	src.handlers = yaml_get(yaml_root(doc), "h");
	got = declare_text(&src, &d);
	(void)buf_addf(&all, "w.yml:%s\n", want);
	tap_ok(strchr(got, '\n') != NULL, "a is declared all the same");
	tap_str(strchr(got, '\n') + 1, buf_cstr(&all), "says %.*s", LINE(want));
	free(got);
	yaml_doc_free(doc);
	diag_clear(&d);
	buf_clear(&yml);
	buf_clear(&all);
}

static void
test_faulty_keys(void)
{
	faulty("broadcast", "retian: true", "4:5: error: unknown key "
	    "\"retian\": type broadcast has type, subscribe, publish, call, "
	    "retain, history, overflow, rate, max_size, log [unknown-key]");
	faulty("broadcast", "timeout: 1s", "4:5: error: \"timeout\" does "
	    "nothing for type broadcast, only for jq, exec: remove it "
	    "[key-of-other-type]");
	faulty("exec", "queue: 1", "2:3: error: the handler \"a\" has no "
	    "program: add \"command:\" [missing-key]");
	faulty("brodcast", "x: 1", "3:11: error: there is no type "
	    "\"brodcast\": write one of broadcast, secured, ping, jq, exec "
	    "[unknown-type]");
	faulty("", "x: 1", "2:3: error: the handler \"a\" has no type: add "
	    "\"type:\" and one of broadcast, secured, ping, jq, exec "
	    "[missing-key]");
	faulty("[]", "x: 1", "3:11: error: the type must be text: quote it if "
	    "it begins with { or [ [not-text]");
	declares("handlers:\n  a: broadcast\n", "2:3 a broadcast\n"
	    "etc/w.yml:2:3: error: the handler \"a\" must be a mapping: write "
	    "{ type: broadcast } [not-a-mapping]\n");
	declares("handlers:\n  - a\n", "etc/w.yml:2:3: error: handlers must "
	    "be a mapping: write \"NAME: { type: TYPE }\" [not-a-mapping]\n");
}

static void
test_faulty_values(void)
{
	faulty("broadcast", "retain: 1", "4:13: error: retain: write true, "
	    "false, or how long, such as 1h [bad-value]");
	faulty("broadcast", "retain: 0s", "4:13: error: retain: write true, "
	    "false, or how long, such as 1h [bad-value]");
	faulty("broadcast", "history: 0", "4:14: error: history: 0 is not "
	    "between 1 and 1000000 [bad-value]");
	faulty("broadcast", "history: long", "4:14: error: history: \"long\" "
	    "is not a duration such as 90, 1.5, 250ms, 10m or 2h [bad-value]");
	faulty("broadcast", "history: {}", "4:14: error: history: write "
	    "{ events: 100, time: 1h } [bad-value]");
	faulty("broadcast", "history: { size: 1 }", "4:16: error: unknown key "
	    "\"size\": write one of events, time [unknown-key]");
	faulty("broadcast", "rate: 0", "4:11: error: rate: 0 is not between 1 "
	    "and 1000000000 [bad-value]");
	faulty("broadcast", "rate: { burst: 2 }", "4:11: error: rate: add "
	    "\"events:\", how many a second [bad-value]");
	faulty("broadcast", "rate: { events: 2, brust: 1 }", "4:24: error: "
	    "unknown key \"brust\": write one of events, burst "
	    "[unknown-key]");
	faulty("broadcast", "max_size: 0", "4:15: error: max_size: 0 lets no "
	    "event pass: leave the key out for any size [bad-value]");
	faulty("broadcast", "max_size: big", "4:15: error: max_size: \"big\" "
	    "is not a size such as 4096, 64k or 1MiB [bad-value]");
	faulty("broadcast", "log: loud", "4:10: error: log: write true, "
	    "false, error, warning, info or debug [bad-value]");
	faulty("ping", "interval: 0s", "4:15: error: interval: must be more "
	    "than 0 [bad-value]");
	faulty("ping", "interval: soon", "4:15: error: interval: \"soon\" is "
	    "not a duration such as 90, 1.5, 250ms, 10m or 2h [bad-value]");
	faulty("ping", "message: [a]", "4:14: error: message must be text: "
	    "quote it if it begins with { or [ [not-text]");
	faulty("exec", "command: ' '", "4:14: error: command: name a program "
	    "[bad-value]");
	faulty("exec", "command: []", "4:14: error: command: name a program "
	    "[bad-value]");
	faulty("exec", "command: {}", "4:14: error: command must be text: "
	    "quote it if it begins with { or [ [not-text]\n"
	    "w.yml:2:3: error: the handler \"a\" has no program: add "
	    "\"command:\" [missing-key]");
	faulty("exec\n    command: x", "env: { a=b: 1 }", "5:12: error: env: "
	    "the name of a variable has at least one character and no = "
	    "[bad-value]");
	faulty("exec\n    command: x", "env: a", "5:10: error: env: write { "
	    "NAME: VALUE }, or [NAME] to pass the broker's value on "
	    "[bad-value]");
	faulty("exec\n    command: x", "env: [a=b, c, { c: 1 }]", "5:11: "
	    "error: env: the name of a variable has at least one character "
	    "and no = [bad-value]\n"
	    "w.yml:5:21: error: env: a variable is given twice [bad-value]");
	faulty("exec\n    command: x", "env: { a: [] }", "5:15: error: env "
	    "must be text: quote it if it begins with { or [ [not-text]");
	faulty("exec\n    command: x", "env: [[a]]", "5:11: error: env "
	    "must be text: quote it if it begins with { or [ [not-text]");
	faulty("exec\n    command: x", "restart: 1s", "5:14: error: restart: "
	    "write { min: 100ms, max: 30s } [bad-value]");
	faulty("exec\n    command: x", "restart: { min: 1m }", "5:14: error: "
	    "restart: min must not be more than max [bad-value]");
	faulty("exec\n    command: x", "tick: 0", "5:11: error: tick: must be "
	    "more than 0 [bad-value]");
	faulty("exec\n    command: x", "pool: 65", "5:11: error: pool: 65 is "
	    "not between 1 and 64 [bad-value]");
}

/* An alias is short, and what it stands for is long. */
static void
test_bomb(void)
{
	struct buf yml = { 0 };
	struct diags d = { 0 };
	struct declare_source src = { .file = "w.yml" };
	struct yaml_doc *doc;
	int i;

	(void)buf_add_str(&yml, "x: &x \"");
	for (i = 0; i < 20; i++)
		(void)buf_addf(&yml, "%50000d", i);
	(void)buf_add_str(&yml, "\"\nh:\n");
	for (i = 0; i < 1000; i++)
		(void)buf_addf(&yml, "  h%d: { type: ping, message: *x }\n",
		    i);
	doc = yaml_load_text("w.yml", buf_slice(&yml), &d);
	src.handlers = yaml_get(yaml_root(doc), "h");
	tap_ok(declare_load(&src, &d) == NULL, "a bomb is refused");
	tap_int(d.n, 1, "with one error");
	tap_str(d.v[0].rule, "out-of-memory", "that says why");
	yaml_doc_free(doc);
	diag_clear(&d);
	buf_clear(&yml);
}

int
main(void)
{
	test_keys();
	test_words();
	test_programs();
	test_commands();
	test_faulty_keys();
	test_faulty_values();
	test_bomb();
	return tap_done();
}
