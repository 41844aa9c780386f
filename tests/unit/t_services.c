/*
 * t_services.c: handlers of Symfony service files: what is read, and what is
 * said about their faults.
 */
#include "route/declare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "route/table.h"
#include "route/yaml.h"
#include "declare_text.h"
#include "tap.h"

/* A file that is gone when its descriptor is closed. */
static int
file_of(const char *text)
{
	int fd = memfd_create("service", MFD_CLOEXEC);

	if (fd == -1 || io_write_all(fd, text, strlen(text)) == -1)
		abort();
	return fd;
}

/* What two service files and a wampd.yml declare; the files' names in it
 * become 1, 2 and w. */
static void
services(const char *yml, const char *one, const char *two, const char *want)
{
	int fds[2] = { file_of(one), file_of(two) };
	char names[2][32];
	const char *paths[2] = { names[0], names[1] };
	struct declare_source src = { .file = "w", .services = paths,
	    .n_services = 2 };
	struct diags d = { 0 };
	struct yaml_doc *doc = yaml_load_text("w", slice_str(yml), &d);
	char *got, *p;
	int i;

	for (i = 0; i < 2; i++)
		(void)snprintf(names[i], sizeof(names[i]),
		    "/proc/self/fd/%d", fds[i]);
	src.handlers = yaml_get(yaml_root(doc), "handlers");
	src.parameters = yaml_get(yaml_root(doc), "parameters");
	got = declare_text(&src, &d);
	for (i = 0; i < 2; i++) {
		while ((p = strstr(got, names[i])) != NULL) {
			*p++ = (char)('1' + i);
			memmove(p, p + strlen(names[i]) - 1,
			    strlen(p + strlen(names[i]) - 1) + 1);
		}
		(void)close(fds[i]);
	}
	tap_str(got, want, "services: %.*s", LINE(want));
	free(got);
	yaml_doc_free(doc);
	diag_clear(&d);
}

#define TOPIC	"tags: [{ name: gos_web_socket.topic }] }\n"
#define SYNC	"Oro\\Bundle\\SyncBundle\\Topic\\"
#define IMAP	"Oro\\Bundle\\ImapBundle\\Topic\\"

static void
test_classes(void)
{
	services("", "services:\n"
	    "  a: { class: " SYNC "BroadcastTopic, arguments: [x.a], " TOPIC
	    "  b: { class: '\\" SYNC "SecuredTopic', arguments: ['x.b', "
	    "'@gos'], " TOPIC
	    "  c: { class: " IMAP "SyncFailTopic, arguments: [x.c], " TOPIC
	    "  d: { class: " SYNC "WebsocketPingTopic, arguments: [x.d, "
	    "'@logger', '%oro_sync.websocket_ping.interval%'], " TOPIC
	    "  e: { class: " SYNC "WebsocketPingTopic, arguments: [x.e, 9], "
	    TOPIC, "",
	    "2:3 x.a broadcast\n"
	    "3:3 x.b secured {user_id}\n"
	    "4:3 x.c secured {user_id} wildcard\n"
	    "5:3 x.d ping \"Connection keep alive\" every 50000 ms\n"
	    "6:3 x.e ping \"Connection keep alive\" every 9000 ms\n");
}

/* Whatever else a container has is none of our business. */
static void
test_container(void)
{
	services("", "imports: [{ resource: x.yml }]\n"
	    "services:\n"
	    "  _defaults: { public: false }\n"
	    "  a: '@b'\n"
	    "  b: ~\n"
	    "  App\\C: ['@b']\n"
	    "  d: { class: X, arguments: [!tagged_iterator t] }\n"
	    "  base: { abstract: true, class: " SYNC "BroadcastTopic, "
	    "arguments: [x], " TOPIC
	    "  e: { parent: base, arguments: { index_0: x.e }, " TOPIC
	    "  " SYNC "BroadcastTopic: { arguments: { $topicName: x.f }, tags: "
	    "[gos_web_socket.topic] }\n"
	    "  g: { class: Oro\\Bundle\\SyncBundle\\Periodic\\DbPingPeriodic, "
	    "tags: [gos_web_socket.periodic: {}] }\n",
	    "services:\n  _defaults: { tags: [gos_web_socket.topic] }\n  h: {"
	    " class: " SYNC "BroadcastTopic, arguments: [x.h] }\n",
	    "9:3 x.e broadcast\n10:3 x.f broadcast\n3:3 x.h broadcast\n"
	    "1:1:1: warning: \"imports\" is not followed: name the service "
	    "files themselves in wampd.yml [ignored-key]\n");
}

static void
test_parameters(void)
{
	const char *one = "parameters: { n: 5, name: 'x%%', c: '%d%Topic', "
	    "d: " SYNC "Websocket%e%, e: Ping }\nservices:\n"
	    "  a: { class: '%c%', arguments: ['%name%y % %n%', '%n%%m%'], "
	    TOPIC;

	services("", one, "parameters: { m: 0 }\n", "3:3 x%y % 5 ping "
	    "\"Connection keep alive\" every 50000 ms\n");
	services("parameters: { m: 1 }\n", one, "parameters: { m: 0, n: 6 }\n",
	    "3:3 x%y % 6 ping \"Connection keep alive\" every 61000 ms\n");
	services("", one, "", "3:3 x%y % 5 ping \"Connection keep alive\" "
	    "every 50000 ms\n1:3:51: error: the parameter \"m\" is not set: "
	    "add it under \"parameters:\" in wampd.yml [unknown-parameter]\n");
	services("parameters: { m: [1] }\n", one, "", "3:3 x%y % 5 ping "
	    "\"Connection keep alive\" every 50000 ms\nw:1:18: error: a "
	    "parameter must be text: quote it if it begins with { or [ "
	    "[not-text]\n1:3:51: error: the "
	    "parameter \"m\" is no text here: set it under \"parameters:\" in "
	    "wampd.yml [bad-parameter]\n");
	services("parameters: { m: '%n%', n: '%m%' }\n", one, "", "1:3:34: "
	    "error: the parameter \"m\" refers to itself, or to too many "
	    "others [recursive-parameter]\n");
	services("parameters: x\n", one, "parameters: { m: x }\n", "3:3 x%y % "
	    "5 ping \"Connection keep alive\" every 50000 ms\nw:1:13: error: "
	    "parameters must be a mapping: write \"NAME: VALUE\" "
	    "[not-a-mapping]\n1:3:51: error: the interval in seconds: \"5x\" "
	    "is not a whole number [bad-value]\n");
}

static void
test_precedence(void)
{
	const char *one = "services:\n  a: { class: " SYNC "BroadcastTopic, "
	    "arguments: [x.a], " TOPIC;

	services("handlers: { x.a: { type: ping } }\n", one, "",
	    "1:13 x.a ping \"Connection keep alive\" every 50000 ms\n");
	services("", one, "services:\n\n  a: { class: " SYNC "SecuredTopic, "
	    "arguments: [x.b], " TOPIC, "3:3 x.b secured {user_id}\n");
	services("", one, "services:\n\n  b: { class: " SYNC "SecuredTopic, "
	    "arguments: [x.a], " TOPIC, "3:3 x.a secured {user_id}\n"
	    "2:3:3: warning: the handler \"x.a\" is also declared in 1:2; "
	    "this declaration is used [duplicate-handler]\n");
}

static void
test_faulty_services(void)
{
	services("", "services:\n  a: { class: App\\Chat, arguments: [app.chat]"
	    ", " TOPIC, "services:\n  b: { class: App\\Jobs, tags: "
	    "[gos_web_socket.periodic] }\n  App\\Rpc: { tags: "
	    "[gos_web_socket.rpc] }\n", "1:2:3: warning: the class App\\Chat "
	    "is unknown: declare the handler under \"handlers:\" in "
	    "wampd.yml, as \"app.chat: { type: exec, command: PROGRAM }\" with "
	    "the name that its routes use [unknown-class]\n"
	    "2:2:3: warning: the periodic job of class App\\Jobs is not run: "
	    "let cron or a timer of systemd run it [unknown-class]\n"
	    "2:3:3: warning: the class App\\Rpc is unknown: declare "
	    "the handler under \"handlers:\" in wampd.yml, as \"App\\Rpc: { "
	    "type: exec, command: PROGRAM }\" with the name that its routes "
	    "use [unknown-class]\n");
	services("handlers: { app.chat: { type: broadcast } }\n",
	    "services:\n  a: { class: App\\Chat, arguments: [app.chat], "
	    TOPIC, "", "1:13 app.chat broadcast\n");
	services("", "services:\n  a: { class: " SYNC "BroadcastTopic, " TOPIC
	    "  b: { class: " SYNC "BroadcastTopic, arguments: [!php/const "
	    "X::Y], " TOPIC
	    "  c: { parent: d, " TOPIC
	    "  e: { parent: e, " TOPIC
	    "  f: { class: " SYNC "WebsocketPingTopic, arguments: [x.f, 0], "
	    TOPIC, "- x\n",
	    "6:3 x.f ping \"Connection keep alive\" every 50000 ms\n"
	    "2:1:1: error: a service file has \"services:\" and "
	    "\"parameters:\" [not-a-mapping]\n"
	    "1:2:3: error: the handler has no name: give it as the first of "
	    "the \"arguments:\" [missing-argument]\n"
	    "1:3:71: error: only text can be read here: declare the handler "
	    "under \"handlers:\" in wampd.yml [not-text]\n"
	    "1:4:16: error: the parent \"d\" is in none of the service files: "
	    "name its file as well [unknown-parent]\n"
	    "1:5:16: error: the parent \"e\" is its own ancestor "
	    "[recursive-parent]\n"
	    "1:6:80: error: the interval in seconds: 0 is not between 1 and "
	    "86400 [bad-value]\n");
}

/* The example declares a handler for each route of the other example. */
static void
test_example(void)
{
	static const char *const files[] = { "examples/services.yml" };
	static const char *const routing = "examples/websocket_routing.yml";
	const struct declare_source src = { .file = "wampd.yml",
	    .services = files, .n_services = 1 };
	struct diags d = { 0 };
	struct declarations *t = declare_load(&src, &d);
	struct routes *r = routes_load(&routing, 1, 0, &d);
	const struct handler_decl *h;
	size_t i;

	tap_ok(t != NULL && r != NULL, "the examples are read");
	tap_int(d.n, 0, "nothing is said about them");
	tap_int(declare_count(t), 10, "ten handlers");
	for (i = 0; i < routes_count(r); i++) {
		h = declare_find(t, slice_str(routes_at(r, i)->handler));
		tap_ok(h != NULL && h->service, "%s has its handler",
		    routes_at(r, i)->name);
	}
	tap_ok(declare_find(t, SLICE("oro_sync")) == NULL, "no other");
	routes_free(r);
	declare_free(t);
	diag_clear(&d);
}

int
main(void)
{
	test_classes();
	test_container();
	test_parameters();
	test_precedence();
	test_faulty_services();
	test_example();
	return tap_done();
}
