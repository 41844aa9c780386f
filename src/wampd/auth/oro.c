/*
 * oro.c: checking Oro's tickets.
 */
#include "wampd/auth/oro.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/opt.h"
#include "base/utf8.h"
#include "token/oro_ticket.h"
#include "wampd/auth/oro_state.h"
#include "wampd/core/address.h"
#include "wampd/core/broker.h"
#include "wampd/core/loop.h"

static const struct principal principal_backend = {
	.who = WHO_ANYONE | WHO_BACKEND | WHO_TICKET | WHO_TICKET_ORO,
	.name = "backend",
};

static const struct principal principal_guest = {
	.who = WHO_ANYONE | WHO_TICKET | WHO_TICKET_ORO,
	.name = "anonymous",
};

/* A ticket whose digest is being computed. */
struct oro_job {
	struct fair_job	 job;		/* first */
	struct oro	*oro;		/* borrowed */
	struct identity_ask *ask;	/* borrowed; NULL: not wanted any
					 * more */
	const struct principal *principal; /* a reference: who it will be */
	struct secret	 password;	/* what the digest is made with */
	struct lookup_ask lookup;	/* while the user is looked up */
	struct address	 peer;
	int		 result;	/* 0: `computed` is there */
	char		 digest[ORO_DIGEST_SIZE];
	char		 computed[ORO_DIGEST_SIZE];
	size_t		 nonce_len;	/* bytes */
	size_t		 created_len;	/* bytes */
	char		 nonce[ORO_NONCE_MAX];
	char		 created[ORO_CREATED_MAX];
	char		 user[IDENTITY_USER_SIZE]; /* for the log */
};

/* ---- in a thread ---- */

struct hasher {
	EVP_MD	   *sha512;	/* borrowed */
	EVP_MD_CTX *ctx;
};

static int
hash(void *arg, unsigned char *out, const unsigned char *p, size_t len)
{
	struct hasher *h = arg;

	return EVP_DigestInit_ex2(h->ctx, h->sha512, NULL) == 1 &&
	    EVP_DigestUpdate(h->ctx, p, len) == 1 &&
	    EVP_DigestFinal_ex(h->ctx, out, NULL) == 1 ? 0 : -1;
}

static void
on_run(void *arg)
{
	struct oro_job *j = arg;
	struct hasher h = { j->oro->sha512, EVP_MD_CTX_new() };
	const struct oro_hash with = { hash, &h };

	j->result = h.ctx == NULL ? -1 : oro_digest(j->computed,
	    slice_of(j->nonce, j->nonce_len),
	    slice_of(j->created, j->created_len), secret_slice(&j->password),
	    secret_slice(&j->oro->secret), &with);
	EVP_MD_CTX_free(h.ctx);
}

/* ---- jobs ---- */

static void
job_free(struct oro_job *j)
{
	principal_unref(j->principal);
	secret_clear(&j->password);
	j->oro->jobs--;
	free(j);
}

/* No thread takes it. */
static void
job_fail(struct oro_job *j)
{
	struct identity_ask *ask = j->ask;
	struct identity_refusal why;

	(void)identify_refuse(&why, IDENTITY_INTERNAL, slice_str(j->user));
	job_free(j);
	identify_answer(ask, NULL, &why);
}

static void on_done(void *arg, int64_t now);

/* Give it to a thread.  0 or -1. */
static int
start_job(struct oro_job *j)
{
	struct oro *o = j->oro;

	if (o->b->loop->work(o->b->loop_ctx, on_run, on_done, j) == -1)
		return -1;
	o->running++;
	return 0;
}

/* Whoever is told of a failure may begin a new one. */
static void
start_jobs(struct oro *o)
{
	struct fair_job *next;

	while (o->running < o->set.threads &&
	    (next = fair_pop(&o->queue)) != NULL)
		if (start_job((struct oro_job *)(void *)next) == -1)
			job_fail((struct oro_job *)(void *)next);
}

/* Whether the ticket is right, and may be used now.  Fills *why if not. */
static bool
job_is_good(struct oro_job *j, int64_t now, struct identity_refusal *why)
{
	struct oro *o = j->oro;
	enum identity_cause cause = IDENTITY_INTERNAL;

	if (j->result == 0 && sodium_memcmp(j->computed, j->digest,
	    ORO_DIGEST_SIZE) != 0)
		cause = IDENTITY_WRONG_TICKET;
	else if (j->result == 0 && !o->set.once)
		return true;
	else if (j->result == 0)
		switch (seen_add(o->seen, slice_of(j->digest,
		    ORO_DIGEST_SIZE), now)) {
		case SEEN_NEW:
			return true;
		case SEEN_BEFORE:
			cause = IDENTITY_REPLAYED;
			break;
		case SEEN_FULL:
			cause = IDENTITY_BUSY;
			break;
		default:
			break;
		}
	(void)identify_refuse(why, cause, slice_str(j->user));
	return false;
}

static void
on_done(void *arg, int64_t now)
{
	struct oro_job *j = arg;
	struct oro *o = j->oro;
	struct identity_refusal why;

	o->running--;
	if (j->ask != NULL) {
		if (job_is_good(j, now, &why))
			identify_answer(j->ask, j->principal, NULL);
		else
			identify_answer(j->ask, NULL, &why);
	}
	job_free(j);
	start_jobs(o);
}

static void
on_cancel(struct identity_ask *ask)
{
	struct oro_job *j = ask->job;

	j->ask = NULL;
	if (j->lookup.question != NULL)
		lookup_cancel(j->oro->lookup, &j->lookup);
	else if (j->job.origin != NULL)
		fair_remove(&j->oro->queue, &j->job);
	else
		return;			/* a thread has it */
	job_free(j);
}

/* NULL when out of memory. */
static struct oro_job *
job_new(struct oro *o, const struct visitor *v, const struct oro_ticket *t,
    struct identity_ask *ask)
{
	struct oro_job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->oro = o;
	o->jobs++;
	j->peer = *v->peer;
	memcpy(j->digest, t->digest.p, ORO_DIGEST_SIZE);
	memcpy(j->nonce, t->nonce.p, j->nonce_len = t->nonce.len);
	memcpy(j->created, t->created.p, j->created_len = t->created.len);
	memcpy(j->user, t->user.p, utf8_fit(t->user, sizeof(j->user) - 1));
	j->ask = ask;
	ask->job = j;
	ask->cancel = on_cancel;
	return j;
}

/* Let a thread compute the digest of the ticket.  p becomes its bearer; takes a
 * reference.  0; or -1 when too many wait, or memory is out. */
static int
job_hash(struct oro_job *j, const struct principal *p, struct slice password)
{
	struct oro *o = j->oro;

	j->principal = principal_ref(p);
	if (secret_copy(&j->password, password) == -1)
		return -1;
	/* Others that wait come first.  To start them is up to on_done(): if
	 * that fails, their owners are told, which must not happen here, where
	 * a visitor's question is still being asked. */
	return o->running < o->set.threads && o->queue.n == 0 ?
	    start_job(j) : fair_push(&o->queue, &j->job, &j->peer);
}

/* Refuse at once, and forget the job, which may be NULL.  The name of the user
 * may be the job's. */
static enum identified
job_refuse(struct oro_job *j, struct identity_refusal *why,
    enum identity_cause cause, struct slice user)
{
	enum identified refused = identify_refuse(why, cause, user);

	if (j != NULL) {
		j->ask->cancel = NULL;
		job_free(j);
	}
	return refused;
}

static enum identified
oro_ask(struct oro *o, const struct visitor *v, const struct oro_ticket *t,
    const struct principal *p, struct slice password,
    struct identity_ask *ask, struct identity_refusal *why)
{
	struct oro_job *j = job_new(o, v, t, ask);

	if (j != NULL && job_hash(j, p, password) == 0)
		return IDENTITY_ASKING;
	return job_refuse(j, why, j == NULL ? IDENTITY_INTERNAL :
	    IDENTITY_BUSY, t->user);
}

/* ---- looking users up ---- */

static enum identity_cause
cause_of(enum lookup_result result)
{
	return result == LOOKUP_NONE ? IDENTITY_UNKNOWN_USER :
	    result == LOOKUP_BUSY ? IDENTITY_BUSY : IDENTITY_LOOKUP;
}

static void
on_looked_up(struct lookup_ask *lookup, enum lookup_result result,
    const struct user *u)
{
	struct oro_job *j = (struct oro_job *)(void *)((char *)lookup -
	    offsetof(struct oro_job, lookup));
	struct identity_ask *ask = j->ask;
	struct identity_refusal why;

	if (result == LOOKUP_FOUND) {
		if (job_hash(j, u->principal,
		    secret_slice(&u->password)) == 0)
			return;
		result = LOOKUP_BUSY;
	}
	(void)job_refuse(j, &why, cause_of(result), slice_str(j->user));
	identify_answer(ask, NULL, &why);
}

static enum identified
oro_look_up(struct oro *o, const struct visitor *v,
    const struct oro_ticket *t, struct identity_ask *ask,
    struct identity_refusal *why)
{
	struct oro_job *j = job_new(o, v, t, ask);
	const struct user *u;
	enum lookup_result result;

	if (j == NULL)
		return identify_refuse(why, IDENTITY_INTERNAL, t->user);
	j->lookup.done = on_looked_up;
	result = lookup_begin(o->lookup, t->user, v->peer, &j->lookup, &u);
	if (result == LOOKUP_ASKING || (result == LOOKUP_FOUND &&
	    job_hash(j, u->principal, secret_slice(&u->password)) == 0))
		return IDENTITY_ASKING;
	return job_refuse(j, why, result == LOOKUP_FOUND ? IDENTITY_BUSY :
	    cause_of(result), t->user);
}

/* ---- who it is ---- */

/* A browser always sends an Origin that begins with a scheme, or "null".  Oro's
 * back end sends a host. */
static bool
is_browser(const struct visitor *v)
{
	return v->has_origin && (slice_eq(v->origin, SLICE("null")) ||
	    (v->origin.len > 0 && memmem(v->origin.p, v->origin.len, "://",
	    3) != NULL));
}

/* Whether back ends are there. */
static bool
is_near(struct oro *o, const struct address *a)
{
	if (networks_match(&o->backends, a, o->b->wall()) != NULL)
		return true;
	/* An address that is not known is that of a Unix socket, too. */
	return o->set.backends->n == 0 && address_is_loopback(a);
}

static const struct principal *
anonymous_bearer(struct oro *o, const struct visitor *v)
{
	struct buf text = { 0 };

	if (o->set.anonymous != ORO_BACKEND || is_browser(v) || v->disguised)
		return &principal_guest;
	if (is_near(o, v->peer))
		return &principal_backend;
	if (!o->warned && address_describe(v->peer, &text) == 0)
		log_warn("transport=ws address=%s has a ticket of the back "
		    "end, but is not on the list tickets.oro.backends",
		    log_quote(buf_slice(&text)).s);
	o->warned = true;
	buf_clear(&text);
	return &principal_guest;
}

/* The ticket has no user. */
static enum identified
begin_anonymous(struct oro *o, const struct visitor *v,
    const struct oro_ticket *t, struct identity_ask *ask,
    struct identity_refusal *why)
{
	if (o->set.anonymous != ORO_REFUSED)
		return oro_ask(o, v, t, anonymous_bearer(o, v),
		    secret_slice(&o->secret), ask, why);
	(void)identify_refuse(why, IDENTITY_BAD_TICKET, SLICE(""));
	why->reason = "tickets without a user are not accepted";
	return IDENTITY_REFUSED;
}

static enum identified
begin_user(struct oro *o, const struct visitor *v,
    const struct oro_ticket *t, struct identity_ask *ask,
    struct identity_refusal *why)
{
	const struct user *u = users_find(&o->users, t->user);

	if (u != NULL)
		return oro_ask(o, v, t, u->principal,
		    secret_slice(&u->password), ask, why);
	if (o->lookup != NULL)
		return oro_look_up(o, v, t, ask, why);
	(void)identify_refuse(why, IDENTITY_UNKNOWN_USER, t->user);
	if (o->set.users == NULL)
		why->reason = "neither tickets.oro.users nor "
		    "tickets.oro.command is set";
	return IDENTITY_REFUSED;
}

enum identified
oro_begin(void *oro, const struct visitor *v, struct slice ticket,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	struct oro *o = oro;
	int64_t now = o->b->wall() / 1000;
	enum identity_cause cause = IDENTITY_INTERNAL;
	const char *reason = NULL;
	struct oro_ticket t;

	(void)out;
	buf_reset(&o->text);
	switch (oro_ticket_read(&t, ticket, &o->text, &reason)) {
	case TOKEN_MALFORMED:
		cause = IDENTITY_BAD_TICKET;
		goto refuse;
	case TOKEN_OK:
		break;
	default:
		goto refuse;
	}
	switch (oro_ticket_check(&t, now, o->set.ttl / 1000,
	    o->set.tolerance / 1000)) {
	case TOKEN_EARLY:
		cause = IDENTITY_FUTURE;
		goto refuse;
	case TOKEN_EXPIRED:
		cause = IDENTITY_EXPIRED;
		goto refuse;
	default:
		break;
	}
	if (t.when < o->not_before) {
		cause = IDENTITY_EXPIRED;
		goto refuse;
	}
	ask->ends = t.when * 1000 + o->set.ttl;
	cause = IDENTITY_REPLAYED;
	if (!o->set.once || !seen_has(o->seen, t.digest))
		return (t.user.len > 0 ? begin_user : begin_anonymous)(o, v,
		    &t, ask, why);
refuse:
	(void)identify_refuse(why, cause, t.user);
	why->reason = reason;
	return IDENTITY_REFUSED;
}
