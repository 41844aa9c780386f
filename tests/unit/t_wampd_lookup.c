/*
 * t_wampd_lookup.c: asking a program who somebody is: questions and answers,
 * what is cached, and a program that fails.
 */
#include "wampd/auth/lookup.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/opt.h"
#include "fake.h"
#include "fake_child.h"
#include "tap.h"
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
stage_open_in(struct stage *s, int64_t cache, int64_t ttl, const char *cwd)
{
	struct broker_settings core = fake_settings();
	struct lookup_settings set = {
		.key = "test", .type = "user", .member = "user",
		.who = WHO_ANYONE | WHO_AUTHENTICATED, .password = true,
		.cwd = cwd, .file = "/etc/wampd/wampd.yml", .timeout = TIMEOUT,
		.queue = QUEUE, .cache = cache, .cache_ttl = ttl,
	};
	struct errbuf e = { "" };

	*s = (struct stage){ .l = NULL };
	if (opt_list_add(&s->command, "program") == -1)
		abort();
	set.command = &s->command;
	s->b = fake_broker(&core);
	s->b->children = &fake_child_ops;
	s->b->children_ctx = &s->children;
	if ((s->l = lookup_new(&set, s->b, &e)) == NULL ||
	    lookup_join(s->l, &e) == -1)
		abort();
}

static void
stage_open(struct stage *s, int64_t cache)
{
	stage_open_in(s, cache, TTL, NULL);
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
	int told;		/* how often */
};

static void
on_done(struct lookup_ask *ask, enum lookup_result result,
    const struct user *u)
{
	struct asked *a = (struct asked *)(void *)ask;

	a->told++;
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
	tap_str(program(&s)->cwd, "/etc/wampd", "in the folder of the file");
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

#ifndef __SANITIZE_ADDRESS__
/* ---- without memory ---- */

static bool no_memory;

void *
realloc(void *p, size_t n)
{
	static void *(*real)(void *, size_t);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "realloc");
	return no_memory ? NULL : real(p, n);
}

static void
test_no_memory(void)
{
	struct buf probe = { 0 };
	struct asked a;
	struct stage s;

	stage_open(&s, 100);
	no_memory = true;
	if (buf_reserve(&probe, 64) == 0)	/* valgrind has its own */
		goto out;
	tap_int(ask(&s, &a, "admin"), LOOKUP_BUSY, "memory is out");
	tap_int(a.told, 0, "who asks is not told by done(), too");
out:
	no_memory = false;
	buf_clear(&probe);
	stage_close(&s);
}
#endif

/* An answer that is no longer fresh is not freed while it is being told. */
static struct stage *asking;

static void
on_done_ask(struct lookup_ask *ask_, enum lookup_result result,
    const struct user *u)
{
	static struct asked more;

	tap_int(ask(asking, &more, "admin"), LOOKUP_ASKING,
	    "who is told asks again");
	on_done(ask_, result, u);
}

static void
test_no_cache(void)
{
	struct asked a, b;
	struct stage s;

	stage_open_in(&s, 100, 0, NULL);
	asking = &s;
	(void)ask(&s, &a, "admin");
	(void)ask(&s, &b, "admin");
	a.ask.done = on_done_ask;
	fake_child_say(program(&s), "{\"id\":1," ADMIN);
	tap_str(a.name, "admin", "an answer that is not kept is told");
	tap_str(b.name, "admin", "to all");
	fake_child_say(program(&s), "{\"id\":2," ADMIN);
	tap_int(ask(&s, &a, "admin"), LOOKUP_ASKING, "and asked for anew");
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
	tap_int(a.result, LOOKUP_ASKING, "the program ends");
	tap_int(ask(&s, &b, "b"), LOOKUP_FAILED, "it is not started at once");
	turn_at(&s, 99);
	tap_int((int64_t)s.children.n, 1, "nor for who waits");
	turn_at(&s, 100);
	tap_str(fake_child_hear(program(&s)),
	    "{\"type\":\"user\",\"id\":1,\"user\":\"a\"}\n",
	    "but after a while, and it gets the question again");
	fake_child_end(program(&s));
	tap_int(a.result, LOOKUP_FAILED, "what ends it twice has failed");
	broker_set_now(s.b, 299);
	tap_int(ask(&s, &b, "b"), LOOKUP_FAILED, "the next delay is longer");
	broker_set_now(s.b, 300);
	tap_int(ask(&s, &b, "b"), LOOKUP_ASKING, "it doubles");
	lookup_cancel(s.l, &b.ask);
	broker_set_now(s.b, 20000);
	fake_child_end(program(&s));
	broker_set_now(s.b, 20100);
	tap_int(ask(&s, &b, "b"), LOOKUP_ASKING,
	    "until it has run for some time");
	lookup_cancel(s.l, &b.ask);
	fake_child_end(program(&s));
	s.children.broken = true;
	broker_set_now(s.b, 40000);
	tap_int(ask(&s, &b, "b"), LOOKUP_FAILED, "it cannot be started");
	stage_close(&s);
}

/* The numbers of the questions that the program has got: "1 2 ". */
static const char *
heard(const struct stage *s)
{
	static char text[256];
	const char *at = fake_child_hear(program(s));
	size_t len = 0;

	text[0] = '\0';
	while ((at = strstr(at, "\"id\":")) != NULL) {
		at += strlen("\"id\":");
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%ld ", strtol(at, NULL, 10));
	}
	return text;
}

/* One question ends the program: the others do not suffer from that. */
static void
test_poison(void)
{
	struct asked a[20];
	struct stage s;
	char name[16];
	int i, lost = 0;

	stage_open(&s, 100);
	for (i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "u%d", i + 1);
		(void)ask_from(&s, &a[i], name, "127.0.0.1");
	}
	tap_str(heard(&s), "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 ",
	    "the program has some questions");
	fake_child_say(program(&s), "{\"id\":1,\"user\":null}");
	lookup_cancel(s.l, &a[3].ask);
	fake_child_end(program(&s));
	turn_at(&s, 100);
	(void)heard(&s);
	for (i = 2; i <= 17; i++) {
		if (i == 4)		/* nobody waits for it any more */
			continue;
		if (i == 7) {
			fake_child_end(program(&s));
			turn_at(&s, 300);
			tap_str(heard(&s), "8 ", "the next one is asked");
			continue;
		}
		fake_child_say(program(&s), "{\"id\":%d,\"user\":null}", i);
		if (i == 2)
			tap_str(heard(&s), "3 ", "then one at a time");
		else if (i == 17)
			tap_str(heard(&s), "18 19 20 ", "then all others");
		else
			(void)heard(&s);
	}
	for (i = 0; i < 17; i++)
		lost += a[i].result == LOOKUP_FAILED;
	tap_int(lost, 1, "one question has failed");
	tap_int(a[6].result, LOOKUP_FAILED, "which ended it twice");
	for (i = 18; i <= 20; i++)
		fake_child_say(program(&s), "{\"id\":%d,\"user\":null}", i);
	tap_int(a[19].result, LOOKUP_NONE, "who waited behind it is told");
	stage_close(&s);
}

/* A program that never answers: those who wait are told in time. */
static void
test_useless(void)
{
	struct asked a[20];
	struct stage s;
	char name[16];
	int64_t now;
	int i;

	stage_open(&s, 100);
	for (i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "u%d", i + 1);
		(void)ask_from(&s, &a[i], name, "127.0.0.1");
	}
	for (now = 0; now < TIMEOUT; now += 100) {
		turn_at(&s, now);
		if (program(&s)->running)
			fake_child_end(program(&s));
	}
	tap_int(a[0].result, LOOKUP_FAILED, "the first has failed");
	tap_int(a[19].result, LOOKUP_ASKING, "the last still waits");
	tap_ok(s.children.n < 10, "few programs were started");
	turn_at(&s, TIMEOUT);
	for (i = 0; i < 20 && a[i].result == LOOKUP_FAILED; i++)
		;
	tap_int(i, 20, "at last, all have failed");
	turn_at(&s, 60000);
	i = (int)s.children.n;
	(void)ask(&s, &a[0], "later");
	tap_int((int64_t)s.children.n, i + 1, "it is not started in vain");
	fake_child_end(program(&s));
	tap_int(a[0].result, LOOKUP_ASKING, "a later question has two tries");
	stage_close(&s);
}

/* When the broker stops, nothing is asked again; and where a program runs. */
static void
test_stop(void)
{
	struct asked a;
	struct stage s;

	stage_open(&s, 100);
	(void)ask(&s, &a, "a");
	s.b->stop_until = 1000;
	fake_child_end(program(&s));
	tap_int(a.result, LOOKUP_FAILED, "the broker stops");
	stage_close(&s);
	stage_open_in(&s, 100, TTL, "/srv/app");
	(void)ask(&s, &a, "a");
	tap_str(program(&s)->cwd, "/srv/app", "it runs where it is told to");
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

int
main(void)
{
	test_found();
	test_cache_bound();
	test_cancel();
	test_bounds();
#ifndef __SANITIZE_ADDRESS__
	test_no_memory();
#endif
	test_no_cache();
	test_end();
	test_poison();
	test_useless();
	test_stop();
	test_stuck();
	return tap_done();
}
