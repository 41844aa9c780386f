/*
 * t_wampd_oro.c: the broker checks Oro's tickets: what is refused before
 * anything is hashed, whom a ticket names, and how many may wait.
 */
#include "wampd/auth/oro.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/opt.h"
#include "fake.h"
#include "fake_work.h"
#include "tap.h"
#include "token/oro_ticket.h"
#include "wampd/auth/seen.h"
#include "wampd/core/address.h"

#define CREATED	"2024-01-02T03:04:05+00:00"
#define NOW	INT64_C(1704164645000)
#define SECRET	"s3cr3t"
#define HASH	"$2y$13$abcdefghijklmnopqrstuv"
#define USERS	"admin:\n  password: \"" HASH "\"\n  id: 7\n"	\
		"  roles: [ROLE_A, ROLE_B]\nbob: { password: other }\n"

/* ---- a stage ---- */

struct stage {
	struct broker  *b;
	struct oro     *oro;
	struct seen	seen;
	struct opt_list backends;
	struct oro_settings set;
	char	        users[64];	/* the path of a file */
	bool		disguised;	/* visitors come over a foreign proxy */
};

static int64_t wall_ms;

static int64_t
wall(void)
{
	return wall_ms;
}

static struct oro_settings
settings(struct stage *s)
{
	return (struct oro_settings){
		.secret = SECRET,
		.ttl = 300 * 1000,
		.tolerance = 30 * 1000,
		.queue = 16,
		.threads = 3,
		.users = s->users,
		.backends = &s->backends,
	};
}

static void
stage_init(struct stage *s)
{
	int fd;

	*s = (struct stage){ .users = "/tmp/t_wampd_oro.XXXXXX" };
	fd = mkstemp(s->users);
	if (fd == -1 || write(fd, USERS, sizeof(USERS) - 1) == -1)
		abort();
	(void)close(fd);
	s->set = settings(s);
	wall_ms = NOW;
}

static void
stage_start(struct stage *s)
{
	struct broker_settings core = fake_settings();
	struct errbuf e = { "" };

	s->b = fake_broker(&core);
	s->b->loop = &fake_work_ops;
	s->b->wall = wall;
	s->oro = oro_new(&s->set, s->b, &e);
	seen_init(&s->seen, SEEN_MOST, 0);
	if (s->oro == NULL || oro_start(s->oro, NULL, &s->seen, &e) == -1) {
		tap_diag("%s", e.msg);
		abort();
	}
}

static void
stage_open(struct stage *s)
{
	stage_init(s);
	stage_start(s);
}

static void
stage_close(struct stage *s)
{
	while (fake_works > 0)
		fake_work_do();
	oro_free(s->oro);
	seen_clear(&s->seen);
	fake_end(s->b);
	(void)unlink(s->users);
	free(s->backends.v);
}

/* ---- visitors ---- */

struct asked {
	struct identity_ask ask;	/* first */
	const struct principal *principal; /* a reference; NULL: none yet */
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

static struct address
address(const char *text)
{
	struct address a = { .u.sa.sa_family = AF_UNSPEC };

	if (inet_pton(AF_INET, text, &a.u.in.sin_addr) == 1)
		a.u.sa.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &a.u.in6.sin6_addr) == 1)
		a.u.sa.sa_family = AF_INET6;
	else
		a.u.sa.sa_family = AF_UNIX;
	return a;
}

static int
sha512(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	(void)arg;
	return crypto_hash_sha512(out, p, len);
}

/* A ticket of that user, made with that hash of a password. */
static struct buf
ticket(const char *user, const char *nonce, const char *created,
    const char *password)
{
	const struct oro_hash hash = { sha512, NULL };
	struct buf out = { 0 };

	if (oro_ticket_make(&out, slice_str(user), slice_str(nonce),
	    slice_str(created), slice_str(password), SLICE(SECRET),
	    &hash) == -1)
		abort();
	return out;
}

/* origin may be NULL. */
static enum identified
show(struct stage *s, struct asked *a, struct slice text, const char *from,
    const char *origin)
{
	const struct address peer = address(from);
	const struct visitor v = {
		.peer = &peer,
		.origin = slice_str(origin != NULL ? origin : ""),
		.has_origin = origin != NULL,
		.disguised = s->disguised,
	};
	const struct principal *out = NULL;

	*a = (struct asked){ .ask.done = on_answer };
	return oro_begin(s->oro, &v, text, &a->ask, &out, &a->why);
}

static const char *
cause_name(enum identity_cause cause)
{
	static const char *const names[IDENTITY_CAUSES] = {
		[IDENTITY_BAD_TICKET] = "bad",
		[IDENTITY_FUTURE] = "future",
		[IDENTITY_EXPIRED] = "expired",
		[IDENTITY_UNKNOWN_USER] = "unknown user",
		[IDENTITY_WRONG_TICKET] = "wrong",
		[IDENTITY_REPLAYED] = "replayed",
		[IDENTITY_BUSY] = "busy",
	};

	return names[cause] != NULL ? names[cause] : "another one";
}

/* The ticket is refused for that cause, before anything is hashed. */
static void
refused_at_once(struct stage *s, struct buf text, const char *cause,
    const char *user)
{
	struct asked a;

	tap_int(show(s, &a, buf_slice(&text), "192.0.2.1", NULL),
	    IDENTITY_REFUSED, "%s: it is refused at once", cause);
	tap_str(cause_name(a.why.cause), cause, "for that");
	tap_str(a.why.user, user, "the log names the user");
	tap_int((int64_t)fake_works, 0, "nothing is hashed");
	buf_clear(&text);
}

static struct asked
hashed(struct stage *s, struct buf text, const char *from, const char *origin)
{
	struct asked a;

	tap_int(show(s, &a, buf_slice(&text), from, origin), IDENTITY_ASKING,
	    "a thread is asked");
	tap_ok(!a.answered && fake_works == 1, "which has not answered yet");
	fake_work_do();
	tap_ok(a.answered, "it has answered now");
	buf_clear(&text);
	return a;
}

/* ---- users ---- */

static void
test_user(void)
{
	struct stage s;
	struct asked a;

	stage_open(&s);
	a = hashed(&s, ticket("admin", "n", CREATED, HASH), "192.0.2.1",
	    "https://shop.test");
	if (a.principal == NULL)
		abort();
	tap_str(a.principal->name, "admin", "its bearer's name");
	tap_int(a.principal->user_id, 7, "his id");
	tap_str(a.principal->roles[1], "ROLE_B", "his roles");
	tap_int(a.principal->who, WHO_ANYONE | WHO_AUTHENTICATED |
	    WHO_TICKET | WHO_TICKET_ORO, "his sets");
	principal_unref(a.principal);
	a = hashed(&s, ticket("bob", "n", CREATED, HASH), "192.0.2.1", NULL);
	tap_ok(a.principal == NULL, "another user's hash");
	tap_str(cause_name(a.why.cause), "wrong", "is wrong");
	tap_str(a.why.user, "bob", "the log names the user");
	stage_close(&s);
}

static void
test_at_once(void)
{
	struct buf junk = { 0 };
	struct stage s;

	stage_open(&s);
	refused_at_once(&s, ticket("eve", "n", CREATED, HASH), "unknown user",
	    "eve");
	(void)buf_add_str(&junk, "junk");
	refused_at_once(&s, junk, "bad", "");
	refused_at_once(&s, ticket("bob", "n", "2024-01-02T03:04:36Z", "x"),
	    "future", "bob");
	refused_at_once(&s, ticket("", "n", "2024-01-02T02:59:04Z", "x"),
	    "expired", "");
	wall_ms = NOW + 300 * 1000 + 999;
	principal_unref(hashed(&s, ticket("admin", "n", CREATED, HASH),
	    "192.0.2.1", NULL).principal);
	wall_ms = NOW + 301 * 1000;
	refused_at_once(&s, ticket("admin", "n", CREATED, HASH), "expired",
	    "admin");
	stage_close(&s);
}

/* ---- the back end ---- */

static void
bearer(struct stage *s, const char *from, const char *origin, unsigned who,
    const char *what)
{
	struct asked a = hashed(s, ticket("", "n", CREATED, SECRET), from,
	    origin);

	if (a.principal == NULL)
		abort();
	tap_int(a.principal->who & ~(unsigned)(WHO_ANYONE | WHO_TICKET |
	    WHO_TICKET_ORO), who, "%s: its bearer", what);
	principal_unref(a.principal);
}

static void
test_backend(void)
{
	struct stage s;

	stage_open(&s);
	bearer(&s, "127.0.0.1", "127.0.0.1", WHO_BACKEND, "Oro's client");
	bearer(&s, "127.0.0.1", NULL, WHO_BACKEND, "one without Origin");
	bearer(&s, "unix", "shop.test", WHO_BACKEND, "a Unix socket");
	bearer(&s, "10.1.2.3", NULL, WHO_BACKEND, "a private network");
	bearer(&s, "fd00::1", NULL, WHO_BACKEND, "the same in IPv6");
	bearer(&s, "::ffff:192.168.1.1", NULL, WHO_BACKEND, "mapped");
	bearer(&s, "192.0.2.1", NULL, 0, "the internet");
	bearer(&s, "127.0.0.1", "https://shop.test", 0, "a browser");
	bearer(&s, "127.0.0.1", "null", 0, "a page without an origin");
	s.disguised = true;
	bearer(&s, "127.0.0.1", NULL, 0, "whoever a proxy of others passes on");
	stage_close(&s);

	stage_init(&s);
	(void)opt_list_add(&s.backends, "192.0.2.0/24");
	stage_start(&s);
	bearer(&s, "192.0.2.1", NULL, WHO_BACKEND, "one on the list");
	bearer(&s, "127.0.0.1", NULL, 0, "this machine, not on the list");
	stage_close(&s);

	stage_init(&s);
	s.set.anonymous = ORO_VISITOR;
	stage_start(&s);
	bearer(&s, "127.0.0.1", NULL, 0, "visitor");
	stage_close(&s);

	stage_init(&s);
	s.set.anonymous = ORO_REFUSED;
	stage_start(&s);
	refused_at_once(&s, ticket("", "n", CREATED, SECRET), "bad", "");
	stage_close(&s);
}

/* ---- once ---- */

static void
test_once(void)
{
	struct stage s;
	struct asked a, b;
	struct buf one;

	stage_init(&s);
	s.set.once = true;
	stage_start(&s);
	one = ticket("admin", "n", CREATED, HASH);
	(void)show(&s, &a, buf_slice(&one), "192.0.2.1", NULL);
	(void)show(&s, &b, buf_slice(&one), "192.0.2.2", NULL);
	fake_work_do();
	fake_work_do();
	tap_ok(a.principal != NULL && b.principal == NULL,
	    "of two at the same time, one is served");
	tap_str(cause_name(b.why.cause), "replayed", "the other is a replay");
	principal_unref(a.principal);
	refused_at_once(&s, one, "replayed", "admin");
	a = hashed(&s, ticket("admin", "m", CREATED, HASH), "192.0.2.1", NULL);
	tap_ok(a.principal != NULL, "another ticket is fine");
	principal_unref(a.principal);
	a = hashed(&s, ticket("admin", "o", CREATED, "x"), "192.0.2.1", NULL);
	a = hashed(&s, ticket("admin", "o", CREATED, "x"), "192.0.2.1", NULL);
	tap_str(cause_name(a.why.cause), "wrong",
	    "a wrong one is not remembered");
	stage_close(&s);
}

/* ---- the queue ---- */

#define FLOOD	12

static void
test_queue(void)
{
	struct asked bad[FLOOD], good[2];
	struct buf text;
	struct stage s;
	int i, busy = 0;

	stage_open(&s);
	text = ticket("admin", "n", CREATED, "wrong");
	for (i = 0; i < FLOOD; i++)
		busy += show(&s, &bad[i], buf_slice(&text), "192.0.2.1",
		    NULL) == IDENTITY_REFUSED;
	tap_int((int64_t)fake_works, 3, "some threads work");
	tap_int(busy, FLOOD - 3 - 2, "an eighth of the queue may wait");
	tap_str(cause_name(bad[FLOOD - 1].why.cause), "busy", "others cannot");
	buf_clear(&text);
	text = ticket("admin", "n", CREATED, HASH);
	for (i = 0; i < 2; i++)
		tap_int(show(&s, &good[i], buf_slice(&text), "192.0.2.2",
		    NULL), IDENTITY_ASKING, "another address can");
	for (i = 0; i < 4; i++)
		fake_work_do();
	tap_ok(bad[3].answered && !good[0].answered, "one of the first");
	fake_work_do();
	tap_ok(!bad[4].answered && good[0].answered,
	    "and one of the other, in turn");
	tap_ok(good[0].principal != NULL, "which is right");
	principal_unref(good[0].principal);
	identify_cancel(&bad[4].ask);
	identify_cancel(&good[1].ask);
	while (fake_works > 0)
		fake_work_do();
	tap_ok(!bad[4].answered && !good[1].answered,
	    "who has left hears nothing");
	buf_clear(&text);
	stage_close(&s);
}

/* Everybody may come from this machine, through a proxy. */
static void
test_proxy(void)
{
	struct buf text = ticket("admin", "n", CREATED, "wrong");
	struct asked a[24];
	struct stage s;
	int i, busy = 0;

	stage_open(&s);
	for (i = 0; i < 24; i++)
		busy += show(&s, &a[i], buf_slice(&text), "127.0.0.1",
		    NULL) == IDENTITY_REFUSED;
	tap_int(busy, 24 - 3 - 16, "this machine may fill the queue");
	stage_close(&s);
	buf_clear(&text);
}

/* No thread can be had: whoever asks is refused, and who waits is told. */
static void
test_no_thread(void)
{
	struct buf text = ticket("admin", "n", CREATED, HASH);
	struct asked a[5];
	struct stage s;
	int i;

	stage_open(&s);
	fake_work_refused = true;
	tap_int(show(&s, &a[0], buf_slice(&text), "192.0.2.1", NULL),
	    IDENTITY_REFUSED, "without a thread, a ticket is refused at once");
	tap_ok(!a[0].answered, "and the owner is not told a second time");
	fake_work_refused = false;
	for (i = 0; i < 5; i++)
		(void)show(&s, &a[i], buf_slice(&text), "127.0.0.1", NULL);
	fake_work_refused = true;
	fake_work_do();
	tap_ok(a[3].answered && a[4].answered, "they are told");
	while (fake_works > 0)
		fake_work_do();
	fake_work_refused = false;
	for (i = 0; i < 5; i++)
		principal_unref(a[i].principal);
	buf_clear(&text);
	stage_close(&s);
}

int
main(void)
{
	test_user();
	test_at_once();
	test_backend();
	test_once();
	test_queue();
	test_proxy();
	test_no_thread();
	return tap_done();
}
