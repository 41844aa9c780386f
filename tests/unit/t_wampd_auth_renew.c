/*
 * t_wampd_auth_renew.c: other rules of who visitors are, while some are being
 * found out, and while there are sessions.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/opt.h"
#include "fake.h"
#include "fake_child.h"
#include "fake_work.h"
#include "proto/json.h"
#include "route/diag.h"
#include "tap.h"
#include "token/oro_ticket.h"
#include "wampd/auth/auth.h"
#include "wampd/auth/cra.h"
#include "wampd/auth/identify.h"

#define NOW	INT64_C(1767225600000)	/* ms: 2026-01-01T00:00:00Z */
#define CREATED	"2026-01-01T00:00:00+00:00"
#define SECRET	"s3cr3t"
#define USERS	"alice: { password: hash, id: 1, roles: [A] }\n"	\
		"bob: { password: hash, id: 2 }\n"
#define ALICE	"alice: { password: hash, id: 1, roles: [B] }\n"
#define ANSWER	"{\"id\":%d,\"user\":\"%s\",\"password\":\"hash\"}"
#define KEYS	"ann: { secret: one }\nben: { secret: two }\n"

static char folder[] = "/tmp/t_wampd_auth_renew.XXXXXX";
static char users_path[64], keys_path[64];
static const struct opt_list none;
static int64_t wall_ms;
static unsigned freed;

static int64_t
wall(void)
{
	return wall_ms;
}

static void
free_source(void *source)
{
	freed += source == NULL;
}

static void
put(const char *path, const char *text)
{
	struct errbuf e;

	if (io_replace_file(path, slice_str(text), 0600, &e) == -1)
		abort();
}

struct stage {
	struct fake_children children;
	struct opt_list command;
	struct broker  *b;
	struct auth    *auth;
};

static struct auth_settings
settings(void)
{
	return (struct auth_settings){
		.anonymous = true,
		.oro = {
			.secret = SECRET, .ttl = 300 * 1000,
			.tolerance = 30 * 1000, .queue = 16, .threads = 1,
			.users = users_path, .backends = &none,
		},
		.paseto.keys = &none,
		.jwt.keys = &none,
		.source_free = free_source,
	};
}

static void
renew(struct stage *s, const struct auth_settings *set)
{
	struct diags d = { 0 };
	struct errbuf e = { "" };
	struct auth_rules *fresh = auth_read(set, s->b, &d, &e);

	if (!tap_ok(fresh != NULL, "rules are read%s", e.msg))
		abort();
	if (auth_renew(s->auth, fresh, &e) == -1)
		abort();
	diag_clear(&d);
}

static void
stage_open(struct stage *s)
{
	struct broker_settings core = fake_settings();
	struct errbuf e;

	*s = (struct stage){ .auth = NULL };
	wall_ms = NOW;
	freed = 0;
	put(users_path, USERS);
	put(keys_path, KEYS);
	s->b = fake_broker(&core);
	s->b->loop = &fake_work_ops;
	s->b->wall = wall;
	s->b->children = &fake_child_ops;
	s->b->children_ctx = &s->children;
	if ((s->auth = auth_new(s->b, &e)) == NULL ||
	    opt_list_add(&s->command, "program") == -1)
		abort();
}

static void
stage_close(struct stage *s, unsigned sources)
{
	while (fake_works > 0)
		fake_work_do();
	auth_free(s->auth);
	fake_end(s->b);
	fake_children_clear(&s->children);
	free(s->command.v);
	tap_int(freed, sources, "what the rules borrow is freed");
}

/* ---- visitors ---- */

struct asked {
	struct identity_ask ask;	/* first */
	const struct principal *principal; /* a reference; NULL: refused */
	struct identity_refusal why;
	bool answered;
};

static void
on_answer(struct identity_ask *ask, const struct principal *p,
    const struct identity_refusal *why)
{
	struct asked *a = (struct asked *)(void *)ask;

	a->answered = true;
	if (p != NULL)
		a->principal = principal_ref(p);
	else
		a->why = *why;
}

static int
sha512(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	(void)arg;
	return crypto_hash_sha512(out, p, len);
}

static enum identified
show(struct stage *s, struct asked *a, const char *user, const char *nonce)
{
	const struct oro_hash hash = { sha512, NULL };
	const struct address peer = { .u.sa.sa_family = AF_UNIX };
	struct visitor v = { .peer = &peer, .unproved = &principal_anonymous };
	struct buf ticket = { 0 }, bearer = { 0 };
	const struct principal *p = NULL;
	enum identified found;

	*a = (struct asked){ .ask.done = on_answer };
	if (oro_ticket_make(&ticket, slice_str(user), slice_str(nonce),
	    SLICE(CREATED), SLICE("hash"), SLICE(SECRET), &hash) == -1 ||
	    buf_add_str(&bearer, "Bearer ") == -1 ||
	    buf_add_slice(&bearer, buf_slice(&ticket)) == -1)
		abort();
	v.authorization = buf_slice(&bearer);
	found = identify_begin(auth_identify(s->auth), &v, &a->ask, &p,
	    &a->why);
	principal_unref(p);
	buf_clear(&ticket);
	buf_clear(&bearer);
	return found;
}

static bool
passes(struct stage *s, const char *user, const char *nonce)
{
	struct asked a;

	if (show(s, &a, user, nonce) != IDENTITY_ASKING)
		return false;
	fake_work_do();
	principal_unref(a.principal);
	return a.principal != NULL;
}

static void
test_thread(void)
{
	struct auth_settings set = settings();
	struct asked a, waits;
	struct stage s;

	stage_open(&s);
	renew(&s, &set);
	tap_int(show(&s, &a, "bob", "1"), IDENTITY_ASKING, "a thread checks");
	tap_int(show(&s, &waits, "bob", "2"), IDENTITY_ASKING, "one waits");
	put(users_path, ALICE);
	renew(&s, &set);
	tap_ok(!passes(&s, "bob", "3"), "the new rules do not know him");
	(void)fake_turn(s.b);
	tap_int(freed, 0, "the old ones are in use");
	fake_work_do();
	fake_work_do();
	tap_ok(a.principal != NULL && waits.principal != NULL, "they answer");
	fake_pass(s.b, 200);
	tap_int(freed, 1, "then they are freed");
	tap_ok(passes(&s, "alice", "4"), "the new rules know others");
	principal_unref(a.principal);
	principal_unref(waits.principal);
	stage_close(&s, 2);
}

static void
test_cancelled(void)
{
	struct auth_settings set = settings();
	struct asked a;
	struct stage s;

	stage_open(&s);
	renew(&s, &set);
	(void)show(&s, &a, "bob", "1");
	renew(&s, &set);
	identify_cancel(&a.ask);
	fake_pass(s.b, 200);
	tap_int(freed, 0, "a thread still has the old rules");
	fake_work_do();
	fake_pass(s.b, 200);
	tap_ok(!a.answered && freed == 1, "nobody is told");
	stage_close(&s, 2);
}

static void
test_many(void)
{
	struct auth_settings set = settings();
	struct diags d = { 0 };
	struct errbuf e;
	struct stage s;
	int i;

	stage_open(&s);
	set.cra_keys = keys_path;
	set.cra.timeout = 1000;
	for (i = 0; i < 100; i++)
		if (auth_renew(s.auth, auth_read(&set, s.b, &d, &e), &e) ==
		    -1)
			abort();
	diag_clear(&d);
	(void)fake_turn(s.b);
	tap_int(freed, 99, "only the last of many is kept");
	stage_close(&s, 100);
}

static void
test_program(void)
{
	struct auth_settings set = settings();
	struct asked a, b;
	struct stage s;
	struct child *old;

	stage_open(&s);
	set.oro.command = (struct lookup_settings){
		.key = "tickets.oro.command", .type = "user",
		.member = "user", .who = ORO_USER_SETS, .password = true,
		.command = &s.command, .file = "/etc/wampd.yml",
		.timeout = 5000, .queue = 16, .cache = 100,
		.cache_ttl = 60000,
	};
	renew(&s, &set);
	(void)show(&s, &a, "eve", "1");
	tap_int((int64_t)s.children.n, 1, "a program is started");
	old = s.children.child[0];
	renew(&s, &set);
	(void)show(&s, &b, "eve", "2");
	tap_int((int64_t)s.children.n, 1, "declared as before, it goes on");
	fake_child_say(old, ANSWER, 1, "eve");
	tap_int((int64_t)fake_works, 2, "it answers both");
	fake_work_do();
	fake_work_do();
	tap_ok(a.principal != NULL && b.principal != NULL, "who are known");
	principal_unref(a.principal);
	principal_unref(b.principal);
	renew(&s, &set);
	tap_ok(passes(&s, "eve", "3"), "what it has answered is kept");

	(void)show(&s, &a, "fay", "4");
	set.oro.command.timeout = 6000;
	renew(&s, &set);
	(void)show(&s, &b, "fay", "5");
	tap_int((int64_t)s.children.n, 2, "declared anew, another one starts");
	(void)fake_turn(s.b);
	fake_child_say(old, ANSWER, 2, "fay");
	fake_work_do();
	tap_ok(a.principal != NULL && !b.answered, "the old one still answers");
	principal_unref(a.principal);
	fake_pass(s.b, 200);
	tap_int(freed, 3, "and ends");
	fake_child_say(s.children.child[1], ANSWER, 1, "fay");
	fake_work_do();
	tap_ok(b.principal != NULL, "the new one does as well");
	principal_unref(b.principal);
	stage_close(&s, 4);
}

static void
test_once(void)
{
	struct auth_settings set = settings();
	struct asked a;
	struct stage s;

	stage_open(&s);
	set.oro.once = true;
	renew(&s, &set);
	tap_ok(passes(&s, "alice", "1"), "a ticket is used");
	renew(&s, &set);
	tap_int(show(&s, &a, "alice", "1"), IDENTITY_REFUSED,
	    "a reload does not make it new");
	tap_int(a.why.cause, IDENTITY_REPLAYED, "it was used");
	set.oro.secret = NULL;
	renew(&s, &set);
	set.oro.secret = SECRET;
	renew(&s, &set);
	tap_ok(!passes(&s, "alice", "1"),
	    "nor do two, with no tickets between them");
	wall_ms = NOW + 400 * 1000;
	set.oro.ttl = 3000 * 1000;
	renew(&s, &set);
	tap_int(show(&s, &a, "alice", "9"), IDENTITY_REFUSED,
	    "a longer life does not bring one back");
	tap_int(a.why.cause, IDENTITY_EXPIRED, "that had ended");
	stage_close(&s, 5);
}

/* ---- sessions ---- */

static struct fake_peer *
come(struct stage *s, const char *user)
{
	struct address from = { .u.sa.sa_family = AF_INET };
	struct fake_peer *peer;
	struct asked a;

	if (show(s, &a, user, user) != IDENTITY_ASKING)
		abort();
	fake_work_do();
	if (a.principal == NULL)
		abort();
	peer = fake_open_from(s->b, &from, a.principal);
	principal_unref(a.principal);
	return peer;
}

static void
test_users(void)
{
	struct auth_settings set = settings();
	struct fake_peer *alice, *bob, *other;
	struct stage s;

	stage_open(&s);
	renew(&s, &set);
	alice = come(&s, "alice");
	bob = come(&s, "bob");
	other = fake_open(s.b, WIRE_WS);
	renew(&s, &set);
	(void)fake_turn(s.b);
	tap_int((int64_t)s.b->stats.sessions_revoked, 0,
	    "the same users change nothing");
	put(users_path, ALICE);
	renew(&s, &set);
	(void)fake_turn(s.b);
	(void)fake_turn(s.b);
	tap_ok(bob->closed && bob->code == 1008, "who was removed is closed");
	tap_int((int64_t)s.b->stats.sessions_revoked, 1, "and counted");
	tap_ok(!alice->closed && !other->closed, "the others are not");
	tap_str(alice->session->principal->roles[0], "B",
	    "who has other roles gets them");
	set.oro.users = NULL;
	renew(&s, &set);
	(void)fake_turn(s.b);
	tap_ok(!alice->closed, "without a file, nobody was removed from it");
	stage_close(&s, 4);
}

/* Ask for a challenge of that key, and return its signature by `secret`. */
static const char *
challenge(struct fake_peer *peer, const char *key, const char *secret)
{
	static char signature[CRA_SIGNATURE_SIZE];
	struct buf text = { 0 };
	struct json_elem elem;
	struct json_error e;
	const char *said, *from;

	(void)fake_say(peer, "[2,\"c\",\"http://api.wamp.ws/"
	    "procedure#authreq\",\"%s\"]", key);
	said = fake_hear(peer);
	from = strstr(said, "\"{");
	if (from == NULL || json_scan_value(slice_of(from,
	    strlen(from) - 2), 8, &elem, &e) == -1 ||
	    json_unquote(&text, &elem) == -1)
		return "x";
	(void)cra_signature(signature, slice_str(secret), buf_slice(&text));
	buf_clear(&text);
	return signature;
}

static const char *
sign(struct fake_peer *peer, const char *signature)
{
	(void)fake_say(peer, "[2,\"s\",\"http://api.wamp.ws/procedure#auth\","
	    "\"%s\"]", signature);
	return fake_hear(peer);
}

static bool
logs_in(struct fake_peer *peer, const char *key, const char *secret)
{
	return strstr(sign(peer, challenge(peer, key, secret)), "[3,") != NULL;
}

static void
test_cra(void)
{
	struct auth_settings set = settings();
	struct fake_peer *ann, *ben, *late, *gone;
	char signature[CRA_SIGNATURE_SIZE];
	struct stage s;

	stage_open(&s);
	renew(&s, &set);
	ann = fake_open(s.b, WIRE_WS);
	tap_ok(!logs_in(ann, "ann", "one"), "without keys, nobody logs in");
	set.cra_keys = keys_path;
	set.cra.timeout = 1000;
	renew(&s, &set);
	tap_ok(logs_in(ann, "ann", "one"), "with keys, one does");
	ben = fake_open(s.b, WIRE_WS);
	tap_ok(logs_in(ben, "ben", "two"), "another one");
	late = fake_open(s.b, WIRE_WS);
	(void)snprintf(signature, sizeof(signature), "%s",
	    challenge(late, "ann", "one"));
	gone = fake_open(s.b, WIRE_WS);
	(void)challenge(gone, "ben", "two");
	put(keys_path, "ann: { secret: one, roles: [R] }\n");
	renew(&s, &set);
	(void)fake_turn(s.b);
	(void)fake_turn(s.b);
	tap_ok(!ann->closed && ben->closed, "whose key has gone is closed");
	tap_str(ann->session->principal->roles[0], "R",
	    "whose key has a role gets it");
	tap_ok(strstr(sign(late, signature), "[3,") != NULL,
	    "a challenge can be signed with the key that stays");
	tap_str(late->session->principal->roles[0], "R", "as it is now");
	tap_ok(strstr(sign(gone, "x"), "[4,") != NULL,
	    "not with one that has gone");
	put(keys_path, "ann: { secret: new }\n");
	renew(&s, &set);
	(void)fake_turn(s.b);
	(void)fake_turn(s.b);
	tap_ok(ann->closed && late->closed,
	    "who logged in with another secret is closed");
	set.cra_keys = NULL;
	renew(&s, &set);
	tap_ok(!logs_in(gone, "ann", "new"), "the keys can go again");
	stage_close(&s, 5);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL || sodium_init() == -1)
		abort();
	(void)snprintf(users_path, sizeof(users_path), "%s/users", folder);
	(void)snprintf(keys_path, sizeof(keys_path), "%s/keys", folder);
	test_thread();
	test_cancelled();
	test_many();
	test_program();
	test_once();
	test_users();
	test_cra();
	(void)unlink(users_path);
	(void)unlink(keys_path);
	(void)rmdir(folder);
	return tap_done();
}
