/*
 * t_declare_print.c: declared handlers, printed as they stand in wampd.yml:
 * all keys, and what is read from it is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "route/declare.h"
#include "route/yaml.h"
#include "tap.h"

/* What a wampd.yml of that text declares, without faults. */
static struct declarations *
load(const char *file, const char *yml, struct diags *d)
{
	struct yaml_doc *doc = yaml_load_text(file, slice_str(yml), d);
	struct declare_source src = { .file = file };
	struct declarations *t = NULL;

	if (doc != NULL) {
		src.handlers = yaml_get(yaml_root(doc), "handlers");
		src.parameters = yaml_get(yaml_root(doc), "parameters");
		t = declare_load(&src, d);
	}
	yaml_doc_free(doc);
	return t;
}

/* Both keys, as a file. */
static const char *
print(struct buf *out, const struct declarations *t)
{
	struct errbuf e = { "" };

	if (buf_add_str(out, "parameters:\n") == -1 ||
	    declare_print_parameters(out, t, &e) == -1 ||
	    buf_add_str(out, "handlers:\n") == -1 ||
	    declare_print_handlers(out, t, &e) == -1)
		tap_diag("not printed: %s", e.msg);
	return buf_cstr(out);
}

/* Printed, read from another folder's file and printed again. */
static void
round_trip(const char *yml, const char *what)
{
	struct diags d = { 0 };
	struct buf one = { 0 }, two = { 0 };
	struct declarations *t = load("/etc/w.yml", yml, &d);

	(void)print(&one, t);
	declare_free(t);
	t = load("/tmp/out.yml", one.data, &d);
	if (tap_ok(t != NULL && d.n == 0, "%s is read back", what))
		tap_str(print(&two, t), one.data, "to the same");
	diag_print(&d, stderr);
	declare_free(t);
	diag_clear(&d);
	buf_clear(&one);
	buf_clear(&two);
}

/* The shortest handler of each type. */
static const struct {
	const char *type, *needs;
} least[] = {
	{ "broadcast", "" },
	{ "secured", "" },
	{ "ping", "" },
	{ "jq", ", call: '.'" },
	{ "exec", ", command: x" },
};

#define LEAST	(sizeof(least) / sizeof(least[0]))

/* A handler of least[i] with all that the caller adds. */
static const char *
handler(struct buf *yml, size_t i, const char *more)
{
	buf_reset(yml);
	(void)buf_addf(yml, "handlers: { h: { type: %s%s%s } }",
	    least[i].type, least[i].needs, more);
	return buf_cstr(yml);
}

/* The keys that there are, as the complaint about an unknown one lists them,
 * must all be in the text. */
static void
has_all_keys(size_t i, const char *text)
{
	struct buf yml = { 0 }, line = { 0 };
	struct diags d = { 0 };
	char *list, *key, *rest;

	declare_free(load("w", handler(&yml, i, ", no_such_key: 1"), &d));
	list = d.n == 1 ? strstr(d.v[0].text, " has ") : NULL;
	tap_ok(list != NULL, "the keys of %s are known", least[i].type);
	key = list != NULL ? strtok_r(list + strlen(" has "), ", ", &rest) :
	    NULL;
	for (; key != NULL; key = strtok_r(NULL, ", ", &rest)) {
		buf_reset(&line);
		(void)buf_addf(&line, "\n    %s:", key);
		tap_ok(strstr(text, buf_cstr(&line)) != NULL,
		    "%s of %s is printed", key, least[i].type);
	}
	diag_clear(&d);
	buf_clear(&line);
	buf_clear(&yml);
}

static void
test_all_keys(void)
{
	struct buf yml = { 0 }, out = { 0 };
	struct diags d = { 0 };
	struct declarations *t;
	size_t i;

	for (i = 0; i < LEAST; i++) {
		t = load("/etc/w.yml", handler(&yml, i, ""), &d);
		buf_reset(&out);
		has_all_keys(i, print(&out, t));
		declare_free(t);
		round_trip(yml.data, least[i].type);
	}
	diag_clear(&d);
	buf_clear(&out);
	buf_clear(&yml);
}

static void
test_text(void)
{
	struct diags d = { 0 };
	struct buf out = { 0 };
	struct declarations *t = load("/etc/w.yml", "parameters: { a: 1, b: }"
	    "\nhandlers:\n  x.y:\n    type: jq\n    publish: |\n      .a |\n"
	    "        .b\n    rate: 5\n    log: debug\n  'it''s': { type: exec, "
	    "command: ./a 'b c', cwd: d, env: { E: '1' } }\n", &d);

	tap_str(print(&out, t), "parameters:\n  'a': '1'\n  'b':\n"
	    "handlers:\n  'x.y':\n    type: jq\n"
	    "    subscribe: ['anyone']\n"
	    "    publish:\n      who: ['anyone']\n"
	    "      program: |2\n        .a |\n          .b\n"
	    "    call: ['anyone']\n"
	    "    retain: false\n"
	    "    history:\n"
	    "    overflow: disconnect\n"
	    "    rate: { events: 5, burst: 5 }\n"
	    "    max_size:\n"
	    "    log: debug\n"
	    "    timeout: 100ms\n"
	    "  'it''s':\n    type: exec\n"
	    "    subscribe: ['anyone']\n"
	    "    publish: ['local', 'backend']\n"
	    "    call: ['anyone']\n"
	    "    retain: false\n"
	    "    history:\n"
	    "    overflow: disconnect\n"
	    "    rate:\n"
	    "    max_size:\n"
	    "    log: false\n"
	    "    command:\n      - '/bin/sh'\n      - '-c'\n"
	    "      - './a ''b c'''\n"
	    "    cwd: '/etc/d'\n"
	    "    env:\n      'E': '1'\n"
	    "    timeout: 5000ms\n"
	    "    pool: 1\n"
	    "    queue: 1000\n"
	    "    restart: { min: 100ms, max: 30000ms }\n"
	    "    tick:\n",
	    "all keys, in the order of the table");
	declare_free(t);
	diag_clear(&d);
	buf_clear(&out);
}

static void
test_values(void)
{
	round_trip("handlers: {}", "nothing");
	round_trip("parameters: { '': '', \"\\x01\": \"a\\nb\", '~': ~ }",
	    "odd parameters");
	round_trip("handlers: { h: { type: broadcast, subscribe: [], "
	    "publish: ['role:a b', \"user:\\u00e9'\", nobody], retain: true, "
	    "rate: { events: 1, burst: 9 }, max_size: 1G, log: error } }",
	    "broadcast");
	round_trip("handlers: { h: { type: broadcast, retain: 1h, history: 9 "
	    "}, i: { type: broadcast, history: 2d }, j: { type: broadcast, "
	    "history: { events: 100, time: 1h } } }", "kept events");
	round_trip("handlers: { \"\\t~\\u2028\": { type: secured, parameter: "
	    "\"a\\\"'\", wildcard: true } }", "secured");
	round_trip("handlers: { h: { type: ping, interval: 1h, message: "
	    "\"a\\n \\\"b\\\\\\u0007\\U0001F600\\u2029\" } }", "ping");
	round_trip("handlers: { h: { type: jq, subscribe: \"\\n.\\n\\n\", "
	    "publish: \"  .\\n.\", call: { program: \"# \\u00e4\\n.\\t\", who: "
	    "[] } } }", "jq");
	round_trip("handlers: { h: { type: exec, command: [a, '', \"b\\nc\", "
	    "'- d', \"\\u00e4\"], cwd: ../x y, env: { A: '', \"B \\n\": "
	    "\"x\\ny\\n\\n\", C: '#', D: ~ }, timeout: 1.5, pool: 64, "
	    "queue: 1, restart: { min: 1ms, max: 1d }, call: [local], "
	    "tick: 9s } }", "exec");
}

int
main(void)
{
	test_all_keys();
	test_text();
	test_values();
	return tap_done();
}
