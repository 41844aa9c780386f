/*
 * t_routes.c: which route a topic finds, with which attributes.
 */
#include "route/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "tap.h"

static struct routes *
load_as(const char *text, bool legacy)
{
	struct diags d = { 0 };
	struct routes *r = routes_load_text("t.yml", slice_str(text), legacy,
	    &d);

	if (!tap_int(d.n, 0, "the routes load without complaint"))
		diag_print(&d, stderr);
	diag_clear(&d);
	return r;
}

static struct routes *
load(const char *text)
{
	return load_as(text, false);
}

/* "name a=1 b=2", or "none"; valid until the next call. */
static const char *
match_slice(const struct routes *r, struct slice topic)
{
	static char out[512];
	struct route_attrs attrs;
	const struct route *route = routes_match(r, topic, &attrs);
	size_t i, len;

	if (route != routes_match(r, topic, NULL))
		return "differs without attributes";
	if (route == NULL)
		return "none";
	len = (size_t)snprintf(out, sizeof(out), "%s", route->name);
	for (i = 0; i < attrs.n; i++)
		len += (size_t)snprintf(out + len, sizeof(out) - len,
		    " %s=%.*s", attrs.v[i].name, (int)attrs.v[i].value.len,
		    attrs.v[i].value.p);
	return out;
}

static void
is(const struct routes *r, const char *topic, const char *want)
{
	tap_str(match_slice(r, slice_str(topic)), want, "%s", topic);
}

/* The ten routes of an Oro application. */
static void
test_oro(void)
{
	const char *file = "examples/websocket_routing.yml";
	struct diags d = { 0 };
	struct routes *r = routes_load(&file, 1, 0, &d);
	const struct route *at;

	if (!tap_ok(r != NULL && d.n == 0, "the example loads cleanly"))
		return;
	tap_int(routes_count(r), 10, "it has ten routes");
	is(r, "oro/ping", "oro_sync.ping");
	is(r, "oro/data/update", "oro_sync.data_update");
	is(r, "oro/maintenance", "oro_sync.maintenance");
	is(r, "oro/email_event/7/1",
	    "oro_email.event user_id=7 organization_id=1");
	is(r, "oro/email_event/7/*",
	    "oro_email.event user_id=7 organization_id=*");
	is(r, "oro/email_event/*/1", "none");
	is(r, "oro/email_event/7", "none");
	is(r, "oro/email_event/7/1/", "none");
	is(r, "oro/email_event/7x/1", "none");
	is(r, "oro/attribute_import/7/22", "oro_entity_config.attribute_import "
	    "user_id=7 config_model_id=22");
	is(r, "oro/imap_sync_fail/*", "oro_imap.sync_fail user_id=*");
	is(r, "oro/imap_sync_fail/all", "none");
	is(r, "oro/reminder_remind/12", "oro_reminder.remind user_id=12");
	is(r, "oro/conversation_event/1/2",
	    "conversation_event.event user_id=1 organization_id=2");
	is(r, "ORO/ping", "none");
	is(r, "oro/ping\n", "none");
	is(r, "", "none");
	at = routes_at(r, 9);
	tap_str(at->name, "conversation_event.event", "the last route's name");
	tap_str(at->channel, "oro/conversation_event/{user_id}/"
	    "{organization_id}", "its channel");
	tap_str(at->handler, "oro_conversation.event", "its handler");
	tap_str(at->file, file, "its file");
	tap_int(at->index, 9, "its index");
	tap_ok(routes_find(r, at->name) == at, "it is found by its name");
	tap_ok(routes_find(r, "oro/ping") == NULL, "a channel is no name");
	routes_free(r);
	diag_clear(&d);
}

static void
test_attributes(void)
{
	struct routes *r = load(
	    "a: {channel: 'blog/{page}/{size}', handler: h,"
	    " requirements: {page: '\\d+'},"
	    " defaults: {page: 1, size: big, title: 'all', no: ~}}\n"
	    "b: {channel: static, handler: h, defaults: {x: 'y z'}}\n"
	    "c: {channel: 'n/{x}', handler: h, requirements:"
	    " {x: '(?<first>a)?(b)+'}}\n"
	    "d: {channel: 'e/{x}', handler: h, requirements: {x: '.*'}}\n"
	    "e: {channel: 'null/{x}', handler: h, defaults: {x: ~}}\n"
	    "f: {channel: '{x<z>?1}/{y<\\d>?2}', handler: h}\n"
	    "g: {channel: 'g/{x}', handler: h, requirements: {x: '[()]+'}}\n");

	is(r, "blog", "a page=1 size=big title=all");
	is(r, "blog/2", "a page=2 size=big title=all");
	is(r, "blog/2/s%20m", "a page=2 size=s%20m title=all");
	is(r, "blog/x", "none");
	is(r, "blog/", "none");
	is(r, "static", "b x=y z");
	is(r, "n/abb", "c x=abb first=a");
	is(r, "n/b", "c x=b");
	is(r, "e/", "d x=");
	is(r, "null", "none");
	is(r, "null/1", "e x=1");
	/* what PHP makes of a default before a value */
	is(r, "", "f x=1 y=2");
	is(r, "/5", "f x= y=5");
	/* and of a class with parentheses */
	is(r, "g/(?:)", "g x=(?:)");
	routes_free(r);
}

/* The first in order wins, wherever a topic's candidates lie. */
static void
test_order(void)
{
	struct routes *r = load(
	    "s1: {channel: x/y/z, handler: h}\n"
	    "d1: {channel: 'x/y/{a}', handler: h, requirements: {a: '[a-m]'}}\n"
	    "d2: {channel: 'x/{a}', handler: h, requirements: {a: '.+'}}\n"
	    "s2: {channel: x/y/n, handler: h}\n"
	    "d3: {channel: 'x/y/{b}', handler: h}\n"
	    "s3: {channel: free, handler: h}\n"
	    "s4: {channel: free, handler: other}\n"
	    "d4: {channel: '{a}', handler: h}\n"
	    "s5: {channel: late, handler: h}\n"
	    "d5: {channel: '{a}/{b}', handler: h}\n"
	    "d6: {channel: 'w/{b}', handler: h}\n"
	    "d7: {channel: 'w/x{b}', handler: h}\n");

	is(r, "x/y/z", "s1");
	is(r, "x/y/a", "d1 a=a");
	is(r, "x/y/n", "d2 a=y/n");
	is(r, "x/y/q", "d2 a=y/q");
	is(r, "free", "s3");
	is(r, "late", "d4 a=late");
	is(r, "other", "d4 a=other");
	is(r, "w/x1", "d5 a=w b=x1");
	is(r, "w/", "none");
	is(r, "x/", "none");
	routes_free(r);
}

/* What lies behind a parameter can be all that tells routes apart. */
static void
test_behind_parameters(void)
{
	struct routes *r = load(
	    "a: {channel: 'x/{i}/a', handler: h}\n"
	    "any: {channel: 'x/{all}', handler: h,"
	    " requirements: {all: '.*/c'}}\n"
	    "b: {channel: 'x/{i}/b/{j}', handler: h,"
	    " requirements: {i: '\\d+'}}\n"
	    "bb: {channel: 'x/{i}/b/{j}/end', handler: h}\n"
	    "c: {channel: 'x/{i}/c', handler: h}\n"
	    "dot: {channel: 'x/{i}.{j}', handler: h, defaults: {j: z}}\n"
	    "empty: {channel: 'e/{i}/a', handler: h,"
	    " requirements: {i: '\\d*'}}\n");

	is(r, "x/1/a", "a i=1");
	is(r, "x/1/b/2", "b i=1 j=2");
	is(r, "x/z/b/2", "none");
	is(r, "x/z/b/2/end", "bb i=z j=2");
	is(r, "x/1/c", "any all=1/c");
	is(r, "x//c", "any all=/c");
	is(r, "x/1", "dot i=1 j=z");
	is(r, "x/1.2", "dot i=1 j=2");
	is(r, "x/1.2/a", "a i=1.2");
	is(r, "x//a", "none");
	is(r, "e//a", "empty i=");
	is(r, "e/1", "none");
	routes_free(r);
}

/* Version 0.3: parts of a topic, tested one by one. */
static void
test_legacy(void)
{
	struct routes *r = load_as(
	    "mail: {channel: 'mail/{user}/{org}', handler: h, requirements:"
	    " {user: {pattern: '\\d+'}, org: {pattern: '\\d+',"
	    " wildcard: true}}}\n"
	    "word: {channel: 'word/{w}/x', handler: h, requirements:"
	    " {w: {pattern: 'ab|c'}}}\n"
	    "any: {channel: '{a}/any', handler: h}\n"
	    "plain: {channel: '{plain}', handler: h}\n"
	    "start: {channel: '/s/{x-y}', handler: h, requirements:"
	    " {x-y: {wildcard: true}}}\n"
	    "end: {channel: 'end/{x}', handler: h, requirements:"
	    " {x: {pattern: '(a|b)\\1.$'}}}\n", true);

	is(r, "mail/7/1", "mail user=7 org=1");
	is(r, "mail/7x/1", "mail user=7x org=1");
	is(r, "mail/x7/1", "none");
	is(r, "mail/7/*", "mail user=7 org=*");
	is(r, "mail/7/all", "mail user=7 org=all");
	is(r, "mail/all/1", "none");
	is(r, "mail/7", "none");
	is(r, "mail/7/1/", "none");
	is(r, "word/ABC/x", "word w=ABC");
	is(r, "word/xxC/x", "word w=xxC");
	is(r, "word/ba/x", "none");
	is(r, "WORD/ab/x", "none");
	is(r, "/any", "any a=");
	is(r, "x/any", "any a=x");
	is(r, "{plain}", "plain");
	is(r, "plain", "none");
	is(r, "/s/", "start x-y=");
	is(r, "end/bbc", "end x=bbc");
	is(r, "end/abc", "none");
	is(r, "end/bb\n", "none");
	is(r, "end/bbc\n", "end x=bbc\n");
	is(r, "", "none");
	routes_free(r);
}

/* So many routes whose expressions backtrack for ever, then one that matches
 * at once. */
static void
test_give_ups(unsigned evil, const char *want)
{
	struct buf text = { 0 };
	struct routes *r;
	unsigned i;

	for (i = 0; i < evil; i++)
		(void)buf_addf(&text, "evil%u: {channel: 'a/{x}', handler: h, "
		    "requirements: {x: '(a|aa)+[bc]'}}\n", i);
	(void)buf_add_str(&text, "good: {channel: 'a/{x}', handler: h}\n"
	    "static: {channel: a/b, handler: h}\n");
	r = load(buf_cstr(&text));
	is(r, "a/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", want);
	is(r, "a/d", "good x=d");
	routes_free(r);
	buf_clear(&text);
}

/* Prefixes that start each other, and topics around and between them. */
static void
test_prefixes(void)
{
	struct routes *r = load(
	    "c: {channel: 'a/b/c/{x}', handler: h}\n"
	    "b: {channel: 'a/b/{x}', handler: h}\n"
	    "bb: {channel: 'a/bb/{x}', handler: h}\n"
	    "a: {channel: 'a/{x}', handler: h}\n"
	    "z: {channel: 'z/{x}', handler: h}\n");

	is(r, "a/b/c/1", "c x=1");
	is(r, "a/b/d", "b x=d");
	is(r, "a/b/zz", "b x=zz");
	is(r, "a/bb/1", "bb x=1");
	is(r, "a/bc", "a x=bc");
	is(r, "a/b", "a x=b");
	is(r, "a/zz", "a x=zz");
	is(r, "a/zz/1", "none");
	is(r, "b/1", "none");
	is(r, "z/1", "z x=1");
	is(r, "zz", "none");
	is(r, "0", "none");
	routes_free(r);
}

static void
test_any_bytes(void)
{
	struct routes *r = load(
	    "bytes: {channel: 'b/{x}', handler: h}\n"
	    "text: {channel: 't/{x}', handler: h, options: {utf8: true}}\n");
	static char topic[65536];

	tap_str(match_slice(r, SLICE("b/\xff\n")), "bytes x=\xff\n",
	    "bytes that are no text match");
	tap_ok(routes_match(r, SLICE("b/\0x"), NULL) != NULL, "so does NUL");
	tap_ok(routes_match(r, SLICE("b\0/x"), NULL) == NULL,
	    "but it ends nothing");
	tap_ok(routes_match(r, slice_of(NULL, 0), NULL) == NULL,
	    "nothing matches no topic");
	is(r, "t/\303\251", "text x=\303\251");
	tap_str(match_slice(r, SLICE("t/\xff")), "none",
	    "invalid UTF-8 matches no route with utf8");
	memset(topic, 'x', sizeof(topic));
	topic[0] = 'b';
	topic[1] = '/';
	tap_ok(routes_match(r, slice_of(topic, sizeof(topic)), NULL) != NULL,
	    "a topic of 64 KiB matches");
	routes_free(r);
}

/* A topic cannot stall the broker: the route that backtracks is passed over. */
static void
test_catastrophe(void)
{
	struct routes *r = load(
	    "evil: {channel: 'e/{x}', handler: h,"
	    " requirements: {x: '(.*a){20}[bc]'}}\n"
	    "good: {channel: 'e/{x}', handler: h}\n");
	static char topic[65536];

	memset(topic, 'a', sizeof(topic));
	topic[0] = 'e';
	topic[1] = '/';
	tap_str(routes_match(r, slice_of(topic, sizeof(topic)), NULL)->name,
	    "good", "a route over its limits does not match");
	routes_free(r);
}

/* ---- several files ---- */

/* Write a file of that name into the folder; its path goes to out. */
static void
write_file(char out[64], const char *folder, const char *name,
    const char *text)
{
	FILE *f;

	(void)snprintf(out, 64, "%s/%s", folder, name);
	f = fopen(out, "w");
	tap_ok(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0,
	    "%s is written", name);
}

static void
test_files(const char *folder)
{
	char a[64], b[64], bad[64];
	const char *files[4] = { a, b, bad, "/nonexistent.yml" };
	struct diags d = { 0 };
	struct routes *r;

	write_file(a, folder, "a.yml", "x: {channel: x, handler: 1}\n"
	    "y: {channel: '{any}', handler: 2}\n");
	write_file(b, folder, "b.yml", "x: {channel: x, handler: 3}\n");
	write_file(bad, folder, "c.yml", "z: {chanel: x}\nq: 1\n");
	r = routes_load(files, 2, 0, &d);
	if (tap_ok(r != NULL && d.n == 0, "two files make one table")) {
		tap_int(routes_count(r), 2, "a name counts once");
		is(r, "x", "y any=x");
		tap_str(routes_at(r, 1)->handler, "3",
		    "the later definition stands at the end");
		tap_str(routes_at(r, 1)->file, b, "and names its file");
		tap_int(routes_at(r, 1)->index, 1, "positions have no gaps");
		tap_int(routes_at(r, 0)->line, 2, "lines are kept");
	}
	routes_free(r);
	r = routes_load(files, 4, 0, &d);
	tap_ok(r == NULL, "a file with faults spoils the table");
	tap_int(d.errors, 5, "the faults of all files are told");
	tap_ok(d.n == 5 && strcmp(d.v[4].rule, "unreadable-file") == 0,
	    "those of the last file last");
	diag_clear(&d);
	(void)unlink(a);
	(void)unlink(b);
	(void)unlink(bad);
}

static void
test_no_files(void)
{
	struct diags d = { 0 };
	struct routes *r = routes_load(NULL, 0, 0, &d);

	tap_ok(r != NULL && d.n == 0, "no files make a table");
	tap_int(routes_count(r), 0, "an empty one");
	is(r, "x", "none");
	routes_free(r);
}

/* One mapping with a thousand faults, used by as many routes. */
static void
test_shared_faults(void)
{
	struct diags d = { 0 };
	struct buf text = { 0 };
	int i;

	(void)buf_add_str(&text, "bad: &bad\n");
	for (i = 0; i < 2000; i++)
		(void)buf_addf(&text, "  k%d: 1\n", i);
	for (i = 0; i < 2000; i++)
		(void)buf_addf(&text, "r%d: *bad\n", i);
	tap_ok(routes_load_text("t.yml", buf_slice(&text), false, &d) == NULL,
	    "shared faults are faults");
	tap_int(d.n, DIAGS_MAX, "and so many are enough");
	tap_ok(d.errors < 3000, "the reader gave up early");
	diag_clear(&d);
	buf_clear(&text);
}

int
main(void)
{
	char folder[] = "/tmp/t_routes.XXXXXX";

	test_oro();
	test_attributes();
	test_order();
	test_behind_parameters();
	test_legacy();
	test_give_ups(7, "good x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	test_give_ups(100, "none");
	test_prefixes();
	test_any_bytes();
	test_catastrophe();
	if (tap_ok(mkdtemp(folder) != NULL, "a folder for files")) {
		test_files(folder);
		(void)rmdir(folder);
	}
	test_no_files();
	test_shared_faults();
	return tap_done();
}
