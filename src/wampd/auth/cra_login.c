/*
 * cra_login.c: WAMP-CRA, the login of WAMP v1: its two procedures.
 */
#include "wampd/auth/cra_login.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "proto/close_code.h"
#include "proto/json.h"
#include "wampd/auth/cra.h"
#include "wampd/auth/cra_keys.h"
#include "wampd/auth/cra_session.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/ledger.h"
#include "wampd/core/lobby.h"
#include "wampd/core/login.h"
#include "wampd/core/procedure.h"

#define CRA_ERROR	"http://api.wamp.ws/error#"
#define CRA_AUTHID	12	/* random bytes: 16 characters */
#define CRA_DELAY_MOST	8	/* times the mean delay */
#define CRA_SHOWN	100	/* bytes of an unknown key in an error */

/* ---- failures ---- */

/* Fill c->failure; uri is one of CRA_ERROR.  Returns -1. */
static int
fail(struct call *c, const char *uri, const char *what)
{
	c->failure.kind = FAILURE_FORBIDDEN;
	c->failure.uri = uri;
	err_set(&c->failure.reason, "%s", what);
	return -1;
}

static int
fail_type(struct call *c, const char *what, const struct json_elem *arg)
{
	static const char *const types[] = {
		[JSON_NULL] = "null", [JSON_FALSE] = "boolean",
		[JSON_TRUE] = "boolean", [JSON_NUMBER] = "number",
		[JSON_STRING] = "string", [JSON_ARRAY] = "list",
		[JSON_OBJECT] = "object",
	};

	(void)fail(c, CRA_ERROR "invalid-argument", "");
	err_set(&c->failure.reason, "%s (was %s)", what, types[arg->type]);
	return -1;
}

/* Whether the session has logged in, by whatever proof; then c fails. */
static bool
is_authenticated(struct call *c, const struct cra_session *x)
{
	if (x->state != CRA_DONE && !principal_in(c->to.session->principal,
	    WHO_AUTHENTICATED | WHO_BACKEND))
		return false;
	(void)fail(c, CRA_ERROR "already-authenticated",
	    "already authenticated");
	return true;
}

static int
fail_unknown(struct call *c, struct slice authkey)
{
	(void)fail(c, CRA_ERROR "no-such-authkey", "");
	err_set(&c->failure.reason, "authentication key '%.*s' does not "
	    "exist.", (int)utf8_fit(authkey, CRA_SHOWN), authkey.p);
	c->broker->stats.cra_failed++;
	log_debug("session=%s cra key=%s is unknown", c->to.session->id,
	    log_quote(authkey).s);
	return -1;
}

/* ---- authreq ---- */

/* The salt of a key that does not exist: always the same for the same name, as
 * it is for those that exist. */
static struct slice
fake_salt(const struct cra *cra, struct slice authkey, char *text,
    size_t size)
{
	unsigned char hash[12];

	(void)crypto_generichash(hash, sizeof(hash),
	    (const unsigned char *)authkey.p, authkey.len, cra->fake,
	    sizeof(cra->fake));
	(void)sodium_bin2base64(text, size, hash, sizeof(hash),
	    sodium_base64_VARIANT_ORIGINAL);
	return slice_str(text);
}

/* Make the challenge.  0, or -1 when out of memory. */
static int
make_challenge(struct cra_session *x, struct slice authkey,
    struct slice extra)
{
	const struct cra *cra = x->cra;
	unsigned char random[CRA_AUTHID];
	char authid[CRA_AUTHID * 4 / 3 + 1], fake[CRA_AUTHID * 4 / 3 + 1];
	struct cra_challenge c = {
		.authkey = authkey,
		.wall = cra->broker->wall(),
		.session = slice_str(x->session->id),
		.extra = extra,
	};

	randombytes_buf(random, sizeof(random));
	(void)sodium_bin2base64(authid, sizeof(authid), random,
	    sizeof(random), sodium_base64_VARIANT_URLSAFE);
	c.authid = slice_str(authid);
	if (x->key != NULL) {
		c.salt = x->key->salt;
	} else {
		c.salt = cra_keys_first_salt(cra->set.keys);
		if (c.salt.salt.len > 0)
			c.salt.salt = fake_salt(cra, authkey, fake,
			    sizeof(fake));
	}
	/* Permissions would tell that there is such a key. */
	if (!cra->set.hide_keys && x->key != NULL)
		c.permissions = x->key->permissions;
	buf_reset(&x->text);
	return cra_challenge_write(&x->text, &c);
}

/* 0 with the key and extra, whose length is 0 if there is none; or -1. */
static int
read_authreq(struct call *c, struct slice *authkey, struct slice *extra)
{
	const struct json_elem *key = &c->arg[0], *more = &c->arg[1];

	*authkey = slice_of(NULL, 0);
	*extra = SLICE("{}");
	if (c->nargs > 2)
		return fail(c, CRA_ERROR "invalid-argument",
		    "arguments: authentication key, extra information");
	if (c->nargs > 1 && more->type == JSON_OBJECT)
		*extra = more->text;
	else if (c->nargs > 1 && more->type != JSON_NULL)
		return fail_type(c, "authentication extra information is "
		    "not an object", more);
	if (extra->len > CRA_EXTRA_MAX)
		return fail(c, CRA_ERROR "invalid-argument",
		    "authentication extra information is too long");
	if (c->nargs == 0 || key->type == JSON_NULL)
		return 0;
	if (key->type != JSON_STRING)
		return fail_type(c, "authentication key is not a string",
		    key);
	return json_string(authkey, key, &c->broker->scratch_text) == -1 ?
	    call_out_of_memory(c) : 0;
}

static int
ask_anonymous(struct call *c, struct cra_session *x)
{
	if (principal_is_stranger(c->to.session->principal))
		return fail(c, CRA_ERROR "anonymous-auth-forbidden",
		    "authentication as anonymous is forbidden");
	x->state = CRA_ANONYMOUS;
	return 0;		/* an empty answer is null */
}

static int
run_authreq(struct call *c)
{
	struct cra *cra = c->ctx;
	struct cra_session *x = cra_session_obtain(cra, c->to.session);
	struct slice authkey, extra;

	if (x == NULL)
		return call_out_of_memory(c);
	if (is_authenticated(c, x))
		return -1;
	if (x->state != CRA_IDLE)
		return fail(c, CRA_ERROR "authentication-already-requested",
		    "authentication request already issued - "
		    "authentication pending");
	if (read_authreq(c, &authkey, &extra) == -1)
		return -1;
	if (authkey.p == NULL)
		return ask_anonymous(c, x);
	cra_session_set_key(x, authkey.len <= CRA_AUTHKEY_MAX ?
	    cra_keys_find(cra->set.keys, authkey) : NULL);
	if (x->key == NULL && (!cra->set.hide_keys ||
	    authkey.len > CRA_AUTHKEY_MAX))
		return fail_unknown(c, authkey);
	if (make_challenge(x, authkey, extra) == -1 ||
	    json_quote(c->out, buf_slice(&x->text)) == -1)
		return call_out_of_memory(c);
	if (cra_session_charge(x, &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_FORBIDDEN;
		return -1;
	}
	x->state = CRA_ASKED;
	return 0;
}

/* ---- auth ---- */

/* An exponentially distributed time, as waiting for random events takes.  Who
 * measures the answers learns nothing from it. */
static int64_t
random_delay(int64_t mean)
{
	double u = (randombytes_random() + 1.0) / 4294967296.0;
	double times = -log(u);

	return (int64_t)((double)mean * (times < CRA_DELAY_MOST ? times :
	    CRA_DELAY_MOST));
}

static int
fail_signature(struct call *c)
{
	return fail(c, CRA_ERROR "invalid-signature",
	    "signature for authentication request is invalid");
}

/* Send the answer to a wrong signature later.  The id of the call needs memory
 * until then.  A session that may not have it is closed: an answer at once
 * would let it try the next signature without the delay.  Returns 1. */
static int
delay_answer(struct call *c, struct cra_session *x)
{
	struct cra *cra = x->cra;
	struct cra_session *before = TAILQ_LAST(&cra->delayed, cra_list);

	buf_reset(&x->text);
	if (buf_add_slice(&x->text, c->to.id) == -1) {
		session_doom(x->session, 0, "out of memory");
		return 1;
	}
	if (cra_session_charge(x, &c->failure.reason) == -1) {
		session_doom(x->session, CLOSE_POLICY, "wrong signature, and "
		    "no room for a delayed answer");
		return 1;
	}
	x->due = cra->broker->now + random_delay(cra->set.delay);
	x->state = CRA_DELAYED;
	while (before != NULL && before->due > x->due)
		before = TAILQ_PREV(before, cra_list, delayed_link);
	if (before != NULL)
		TAILQ_INSERT_AFTER(&cra->delayed, before, x, delayed_link);
	else
		TAILQ_INSERT_HEAD(&cra->delayed, x, delayed_link);
	TAILQ_INSERT_TAIL(&x->session->ledger->owed, &x->owed, link);
	tap_stir(cra->tap);
	return 1;
}

static int
turn_down(struct call *c, struct cra_session *x)
{
	log_info("session=%s cra key=%s wrong signature", x->session->id,
	    x->key != NULL ? log_quote(slice_str(x->key->authkey)).s : "-");
	c->broker->stats.cra_failed++;
	x->state = CRA_IDLE;
	cra_session_set_key(x, NULL);
	if (x->cra->set.delay > 0)
		return delay_answer(c, x);
	return fail_signature(c);
}

/* The signature is right, but there are too many sessions of that user.  The
 * client may ask again. */
static int
fail_full(struct call *c, struct cra_session *x)
{
	x->state = CRA_IDLE;
	c->failure.kind = FAILURE_FORBIDDEN;
	err_set(&c->failure.reason, "limits.sessions_user is %lld",
	    (long long)c->broker->set.limit_sessions_user);
	return -1;
}

static int
let_in(struct call *c, struct cra_session *x)
{
	struct session *s = x->session;
	bool here = principal_in(s->principal, WHO_LOOPBACK);

	if (x->key != NULL && lobby_user_room(c->broker,
	    x->key->principal[here]) != LOBBY_ROOM)
		return fail_full(c, x);
	x->state = CRA_DONE;
	cra_session_no_stranger(x);
	cra_session_drop_text(x);
	if (x->key != NULL) {
		c->broker->stats.cra_logins++;
		session_log_in(s, x->key->principal[here]);
	}
	buf_reset(c->out);	/* handlers may have used it */
	return cra_permissions_write(c->out, x->key != NULL ?
	    x->key->permissions : NULL) == -1 ? call_out_of_memory(c) : 0;
}

static int
run_auth(struct call *c)
{
	struct cra_session *x = cra_session_obtain(c->ctx, c->to.session);
	const struct json_elem *arg = &c->arg[0];
	bool given = c->nargs > 0 && arg->type != JSON_NULL;
	struct slice signature;

	if (x == NULL)
		return call_out_of_memory(c);
	if (is_authenticated(c, x))
		return -1;
	if (x->state != CRA_ANONYMOUS && x->state != CRA_ASKED)
		return fail(c, CRA_ERROR "no-authentication-requested",
		    "no authentication previously requested");
	if (c->nargs > 1)
		return fail(c, CRA_ERROR "invalid-argument",
		    "argument: signature");
	if (given && arg->type != JSON_STRING)
		return fail_type(c, "signature is not a string", arg);
	if (x->state == CRA_ANONYMOUS) {
		cra_session_set_key(x, NULL);
		return given ? turn_down(c, x) : let_in(c, x);
	}
	if (given && json_string(&signature, arg,
	    &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	if (!given || !cra_session_refresh(x) || !cra_matches(secret_slice(
	    &x->key->secret), buf_slice(&x->text), signature))
		return turn_down(c, x);
	return let_in(c, x);
}

/* ---- time ---- */

static void
send_delayed(struct cra_session *x)
{
	struct session *s = x->session;
	struct reply_to to = { .session = s, .id = buf_slice(&x->text) };
	struct failure f = { .kind = FAILURE_FORBIDDEN,
	    .uri = CRA_ERROR "invalid-signature" };

	err_set(&f.reason, "signature for authentication request is invalid");
	cra_session_no_delay(x);
	if (s->state != SESSION_OPEN)
		return;
	reply_failure(&to, &f);
	cra_session_drop_text(x);
	session_settle(s);
}

static int64_t
cra_tick(void *ctx)
{
	struct cra *cra = ctx;
	int64_t now = cra->broker->now, wait = -1;
	struct cra_session *x;

	while ((x = TAILQ_FIRST(&cra->delayed)) != NULL && x->due <= now)
		send_delayed(x);
	if (x != NULL)
		wait = clock_left(x->due, now);
	while ((x = TAILQ_FIRST(&cra->strangers)) != NULL && x->until <= now) {
		cra_session_no_stranger(x);
		if (x->session->state == SESSION_OPEN)
			cra->broker->stats.cra_late++;
		session_doom(x->session, CLOSE_POLICY,
		    "not authenticated in time");
	}
	if (x != NULL)
		wait = clock_sooner(wait, clock_left(x->until, now));
	return wait;
}

static void
cra_stranger(void *ctx, struct session *s)
{
	struct cra *cra = ctx;
	struct cra_session *x = cra_session_obtain(cra, s);

	if (x == NULL) {
		session_doom(s, 0, "out of memory");
		return;
	}
	x->stranger = true;
	x->until = cra->broker->now + cra->set.timeout;
	TAILQ_INSERT_TAIL(&cra->strangers, x, stranger_link);
	tap_stir(cra->tap);
}

static const struct principal *
cra_find_key(void *ctx, struct slice name)
{
	const struct cra *cra = ctx;
	const struct cra_key *key = cra_keys_find(cra->set.keys, name);

	return key != NULL ? key->principal[0] : NULL;
}

/* ---- joining the broker ---- */

static void
cra_free(void *ctx)
{
	struct cra *cra = ctx;

	cra_keys_free(cra->set.keys);
	free(cra);
}

#define PROCEDURE	"http://api.wamp.ws/procedure#"
/* The procedures in the copy of AutobahnJS that BabDev's server brings: it was
 * taken from an archive, which has changed its URIs. */
#define ARCHIVED	"https://web.archive.org/web/20161010045925/" PROCEDURE

static const struct procedure rows[] = {
	{ PROCEDURE "auth", "signature", PROCEDURE_LOGIN,
	  "log in by WAMP-CRA with the signature of the challenge",
	  run_auth },
	{ PROCEDURE "authreq", "key, extra", PROCEDURE_LOGIN,
	  "the challenge for a login by WAMP-CRA", run_authreq },
	{ ARCHIVED "auth", "", PROCEDURE_LOGIN, NULL, run_auth },
	{ ARCHIVED "authreq", "", PROCEDURE_LOGIN, NULL, run_authreq },
	{ .name = NULL }
};

void
cra_renew(struct cra *cra, const struct cra_settings *set)
{
	cra_keys_free(cra->set.keys);
	cra->set = *set;
	procedures_hide(&cra->broker->procedures, rows, set->keys == NULL);
}

struct cra *
cra_add(struct broker *b)
{
	static const struct tap_ops ops = {
		.name = "cra",
		.stranger = cra_stranger,
		.tick = cra_tick,
		.find_key = cra_find_key,
		.free = cra_free,
	};
	struct cra *cra = calloc(1, sizeof(*cra));

	if (cra == NULL)
		return NULL;
	cra->broker = b;
	TAILQ_INIT(&cra->strangers);
	TAILQ_INIT(&cra->delayed);
	randombytes_buf(cra->fake, sizeof(cra->fake));
	if ((cra->tap = tap_add(&b->taps, &ops, cra)) == NULL) {
		cra_free(cra);
		return NULL;
	}
	if (procedures_add(&b->procedures, rows, cra) == -1)
		return NULL;		/* broker_free() frees it */
	procedures_hide(&b->procedures, rows, true);
	return cra;
}
