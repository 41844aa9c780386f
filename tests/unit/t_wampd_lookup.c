/*
 * t_wampd_lookup.c: asking a program who somebody is: questions and answers,
 * what is cached, and a program that fails.
 */
#include "wampd/auth/lookup.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "fake.h"
#include "fake_child.h"
#include "tap.h"
#include "wampd/auth/lookup_answer.h"
#include "wampd/auth/lookup_cache.h"
#include "wampd/auth/users.h"
#include "wampd/core/address.h"
#include "wampd/core/principal.h"
#include "wampd/core/turn.h"

#define TIMEOUT	5000	/* ms */
#define TTL	60000	/* ms */
#define QUEUE	16
#define ADMIN	"\"user\":\"admin\",\"password\":\"hash\","	\
		"\"user_id\":7,\"roles\":[\"A\",\"B\"]}"

/* ---- a stage ---- */

struct stage {
	struct fake_children children;
	struct opt_list command;
	struct broker *b;
	struct lookup *l;
};

static void
stage_open(struct stage *s, int64_t cache)
{
	struct broker_settings core = fake_settings();
	struct lookup_settings set = {
		.key = "test", .type = "user", .member = "user",
		.who = WHO_ANYONE | WHO_AUTHENTICATED, .password = true,
		.file = "/etc/wampd/wampd.yml", .timeout = TIMEOUT,
		.queue = QUEUE, .cache = cache, .cache_ttl = TTL,
	};
	struct errbuf e = { "" };

	*s = (struct stage){ .l = NULL };
	if (opt_list_add(&s->command, "program") == -1)
		abort();
	set.command = &s->command;
	s->b = fake_broker(&core);
	s->b->children = &fake_child_ops;
	s->b->children_ctx = &s->children;
	/* Its warnings are expected here. */
	if ((s->l = lookup_new(&set, s->b, &e)) == NULL)
		abort();
}

static void
stage_close(struct stage *s)
{
	fake_end(s->b);
	fake_children_clear(&s->children);
	free(s->command.v);
}

/* The program that was started last. */
static struct child *
program(const struct stage *s)
{
	return s->children.child[s->children.n - 1];
}

static void
turn_at(struct stage *s, int64_t now)
{
	broker_set_now(s->b, now);
	(void)turn_end(s->b);
}

struct asked {
	struct lookup_ask ask;	/* first */
	enum lookup_result result;
	char name[32];
};

static void
on_done(struct lookup_ask *ask, enum lookup_result result,
    const struct user *u)
{
	struct asked *a = (struct asked *)(void *)ask;

	a->result = result;
	(void)snprintf(a->name, sizeof(a->name), "%s", u != NULL ?
	    u->principal->name : "");
}

static enum lookup_result
ask_from(struct stage *s, struct asked *a, const char *text, const char *from)
{
	struct address peer = { .u.in.sin_family = AF_INET };
	const struct user *u;

	if (inet_pton(AF_INET, from, &peer.u.in.sin_addr) != 1)
		abort();
	*a = (struct asked){ .ask.done = on_done, .result = LOOKUP_ASKING };
	a->result = lookup_begin(s->l, slice_str(text), &peer, &a->ask, &u);
	if (u != NULL)
		(void)snprintf(a->name, sizeof(a->name), "%s",
		    u->principal->name);
	return a->result;
}

static enum lookup_result
ask(struct stage *s, struct asked *a, const char *text)
{
	return ask_from(s, a, text, "192.0.2.1");
}

/* ---- questions and answers ---- */

static void
test_found(void)
{
	struct asked a, b, c;
	struct stage s;

	stage_open(&s, 100);
	tap_int((int64_t)s.children.n, 0, "no program runs in vain");
	tap_int(ask(&s, &a, "ad\"min"), LOOKUP_ASKING, "a question");
	tap_str(fake_child_hear(program(&s)),
	    "{\"type\":\"user\",\"id\":1,\"user\":\"ad\\\"min\"}\n",
	    "the program gets it");
	tap_int(ask(&s, &b, "ad\"min"), LOOKUP_ASKING, "the same again");
	tap_int(ask(&s, &c, "eve"), LOOKUP_ASKING, "and another one");
	tap_str(fake_child_hear(program(&s)),
	    "{\"type\":\"user\",\"id\":2,\"user\":\"eve\"}\n",
	    "is one question more");
	fake_child_say(program(&s), "{\"id\":2,\"user\":null}");
	tap_int(c.result, LOOKUP_NONE, "answers come in any order");
	tap_int(a.result, LOOKUP_ASKING, "the first one still waits");
	fake_child_say(program(&s), "{\"id\":1," ADMIN);
	tap_ok(a.result == LOOKUP_FOUND && b.result == LOOKUP_FOUND,
	    "both are told");
	tap_str(a.name, "admin", "the name as the program has it");
	tap_int(ask(&s, &a, "ad\"min"), LOOKUP_FOUND, "then it is known");
	tap_str(a.name, "admin", "from the cache");
	tap_int(ask(&s, &c, "eve"), LOOKUP_NONE, "what is not there, too");
	broker_set_now(s.b, 5000);
	tap_int(ask(&s, &c, "eve"), LOOKUP_ASKING, "but not for long");
	tap_int(ask(&s, &a, "ad\"min"), LOOKUP_FOUND, "the user longer");
	broker_set_now(s.b, TTL);
	tap_int(ask(&s, &a, "ad\"min"), LOOKUP_ASKING, "but not for ever");
	stage_close(&s);
}

static void
test_cache_bound(void)
{
	struct asked a;
	struct stage s;
	char name[16];
	int i;

	stage_open(&s, 3);
	(void)ask(&s, &a, "admin");
	fake_child_say(program(&s), "{\"id\":1," ADMIN);
	for (i = 2; i < 12; i++) {
		(void)snprintf(name, sizeof(name), "no%d", i);
		(void)ask(&s, &a, name);
		fake_child_say(program(&s), "{\"id\":%d,\"user\":null}", i);
	}
	tap_int(ask(&s, &a, "no2"), LOOKUP_ASKING, "the cache has a bound");
	tap_int(ask(&s, &a, "no11"), LOOKUP_NONE, "the newest are there");
	tap_int(ask(&s, &a, "admin"), LOOKUP_FOUND,
	    "names of nobody push no user out");
	stage_close(&s);
}

static void
test_cancel(void)
{
	struct asked a[20];
	struct stage s;
	char name[16];
	int i;

	stage_open(&s, 100);
	for (i = 0; i < 17; i++) {
		(void)snprintf(name, sizeof(name), "u%d", i);
		(void)ask_from(&s, &a[i], name, "127.0.0.1");
	}
	(void)fake_child_hear(program(&s));
	lookup_cancel(s.l, &a[0].ask);
	lookup_cancel(s.l, &a[16].ask);
	(void)ask_from(&s, &a[17], "u17", "127.0.0.1");
	fake_child_say(program(&s), "{\"id\":1,\"user\":null}");
	tap_int(a[0].result, LOOKUP_ASKING, "who has left is not told");
	tap_str(fake_child_hear(program(&s)),
	    "{\"type\":\"user\",\"id\":18,\"user\":\"u17\"}\n",
	    "what nobody waits for is not asked");
	lookup_cancel(s.l, &a[0].ask);
	stage_close(&s);
}

static void
test_bounds(void)
{
	struct asked a[64];
	static char much[LOOKUP_TEXT_MAX + 2];
	struct stage s;
	char name[16];
	int i, busy = 0;

	stage_open(&s, 100);
	for (i = 0; i < 40; i++) {
		(void)snprintf(name, sizeof(name), "u%d", i);
		busy += ask(&s, &a[i], name) == LOOKUP_BUSY;
	}
	tap_int(busy, 40 - 16 - QUEUE / 8, "one address may ask so much");
	tap_int(ask_from(&s, &a[40], "other", "192.0.2.2"), LOOKUP_ASKING,
	    "others may still ask");
	memset(much, 'x', sizeof(much) - 1);
	tap_int(ask(&s, &a[41], much), LOOKUP_NONE, "a long text is nobody");
	tap_int(ask(&s, &a[41], ""), LOOKUP_NONE, "and so is no text");
	stage_close(&s);
}

/* ---- a program that fails ---- */

static void
test_end(void)
{
	struct asked a, b;
	struct stage s;

	stage_open(&s, 100);
	(void)ask(&s, &a, "a");
	fake_child_end(program(&s));
	tap_int(a.result, LOOKUP_FAILED, "the program ends");
	tap_int(ask(&s, &b, "b"), LOOKUP_FAILED, "it is not started at once");
	broker_set_now(s.b, 100);
	tap_int(ask(&s, &b, "b"), LOOKUP_ASKING, "but after a while");
	fake_child_end(program(&s));
	broker_set_now(s.b, 299);
	tap_int(ask(&s, &b, "b"), LOOKUP_FAILED, "then after a longer one");
	broker_set_now(s.b, 300);
	tap_int(ask(&s, &b, "b"), LOOKUP_ASKING, "which doubles");
	broker_set_now(s.b, 20000);
	fake_child_end(program(&s));
	broker_set_now(s.b, 20100);
	tap_int(ask(&s, &b, "b"), LOOKUP_ASKING,
	    "until it has run for some time");
	fake_child_end(program(&s));
	s.children.broken = true;
	broker_set_now(s.b, 40000);
	tap_int(ask(&s, &b, "b"), LOOKUP_FAILED, "it cannot be started");
	stage_close(&s);
}

static void
test_stuck(void)
{
	struct asked a;
	struct stage s;

	stage_open(&s, 100);
	(void)ask(&s, &a, "a");
	turn_at(&s, TIMEOUT - 1);
	tap_int(a.result, LOOKUP_ASKING, "the program has time");
	turn_at(&s, TIMEOUT);
	tap_int(a.result, LOOKUP_FAILED, "but not for ever");
	tap_ok(program(&s)->stopped, "then it is stopped");
	stage_close(&s);
}

/* ---- lines ---- */

static void
line(const char *text, enum lookup_said want, const char *why)
{
	struct buf scratch = { 0 };
	struct slice got = SLICE("");
	struct user *u = NULL;
	int64_t id;

	tap_int(lookup_answer_read(slice_str(text), WHO_ANYONE, true, &id, &u,
	    &got, &scratch), want, "%s", text);
	tap_ok(got.len >= strlen(why) &&
	    memmem(got.p, got.len, why, strlen(why)) != NULL, "since %s", why);
	tap_ok((u != NULL) == (want == LOOKUP_SAID_USER), "whether there is "
	    "a user");
	user_free(u);
	buf_clear(&scratch);
}

static void
test_lines(void)
{
	line("{\"id\":1," ADMIN, LOOKUP_SAID_USER, "");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\"}", LOOKUP_SAID_USER,
	    "");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"roles\":null,"
	    "\"user_id\":null,\"more\":{}}", LOOKUP_SAID_USER, "");
	line("{\"id\":1,\"user\":null}", LOOKUP_SAID_NONE, "");
	line("{\"id\":1,\"error\":\"no database\"}", LOOKUP_SAID_ERROR,
	    "no database");
	line("", LOOKUP_SAID_NONSENSE, "JSON object");
	line("null", LOOKUP_SAID_NONSENSE, "JSON object");
	line("{\"user\":null}", LOOKUP_SAID_NONSENSE, "\"id\"");
	line("{\"id\":\"1\",\"user\":null}", LOOKUP_SAID_NONSENSE, "\"id\"");
	line("{\"id\":1}", LOOKUP_SAID_NONSENSE, "\"user\" is missing");
	line("{\"id\":1,\"user\":7}", LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"local:root\",\"password\":\"p\"}",
	    LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"a\\nb\",\"password\":\"p\"}",
	    LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"a\\u0000b\",\"password\":\"p\"}",
	    LOOKUP_SAID_NONSENSE, "not a name");
	line("{\"id\":1,\"user\":\"a\"}", LOOKUP_SAID_NONSENSE, "password");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"\"}",
	    LOOKUP_SAID_NONSENSE, "password");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"user_id\":0}",
	    LOOKUP_SAID_NONSENSE, "user_id");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"user_id\":1.5}",
	    LOOKUP_SAID_NONSENSE, "user_id");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"roles\":\"A\"}",
	    LOOKUP_SAID_NONSENSE, "roles");
	line("{\"id\":1,\"user\":\"a\",\"password\":\"p\",\"roles\":[1]}",
	    LOOKUP_SAID_NONSENSE, "roles");
}

int
main(void)
{
	test_found();
	test_cache_bound();
	test_cancel();
	test_bounds();
	test_end();
	test_stuck();
	test_lines();
	return tap_done();
}
