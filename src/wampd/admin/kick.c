/*
 * kick.c: the procedure that closes sessions.
 *
 * All sessions are looked at, a piece per turn, oldest first.  Those that begin
 * after the call are not: a client that connects again at once must not be
 * closed again and again.  The caller is closed last, with its answer.
 */
#include "wampd/admin/kick.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/nearest.h"
#include "base/network.h"
#include "base/printable.h"
#include "proto/close_code.h"
#include "wampd/admin/admin.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/ledger.h"

#define REASON		"closed by an administrator"
#define REASON_MAX	120	/* bytes; a close frame has room for 123 */

/* Which sessions, and how to close them. */
struct kick_who {
	struct buf user;	/* owned texts; len 0: any */
	struct buf role;
	bool	   has_network;
	struct network network;
	struct buf reason;	/* len 0: REASON */
	bool	   stay_away;	/* the client should not connect again */
};

struct kick {
	TAILQ_ENTRY(kick) link;	/* admin->kicks */
	struct admin   *admin;
	struct owed	owed;
	struct cursor	cursor;	/* the next session */
	struct kick_who	who;
	int64_t		began;	/* ms, monotonic */
	uint64_t	closed;	/* sessions, the caller included */
	bool		itself;	/* the caller is one of them */
};

static void
who_clear(struct kick_who *w)
{
	buf_clear(&w->user);
	buf_clear(&w->role);
	buf_clear(&w->reason);
}

/* ---- which sessions ---- */

static bool
has_role(const struct principal *p, struct slice role)
{
	const char *const *r;

	for (r = p->roles; r != NULL && *r != NULL; r++)
		if (slice_eq(slice_str(*r), role))
			return true;
	return false;
}

static bool
is_in_network(const struct session *s, const struct network *n)
{
	const struct address a = session_address(s);
	struct network one;

	return address_network(&a, &one) && network_holds(n, &one);
}

static bool
is_meant(const struct session *s, const struct kick_who *w)
{
	const char *user = principal_user(s->principal);

	return (w->user.len == 0 || (user != NULL &&
	    slice_eq(slice_str(user), buf_slice(&w->user)))) &&
	    (w->role.len == 0 ||
	    has_role(s->principal, buf_slice(&w->role))) &&
	    (!w->has_network || is_in_network(s, &w->network));
}

/* The reason, which must live as long as the session. */
static const char *
keep_reason(struct session *s, const struct kick_who *w)
{
	struct ledger *l;

	if (w->reason.len == 0 || (l = ledger_obtain(s)) == NULL)
		return REASON;
	buf_reset(&l->reason);
	if (buf_add_slice(&l->reason, buf_slice(&w->reason)) == -1 ||
	    buf_cstr(&l->reason) == NULL)
		return REASON;
	return l->reason.data;
}

static void
close_one(struct session *s, const struct kick_who *w)
{
	const char *reason = keep_reason(s, w);

	if (w->stay_away)
		session_doom(s, CLOSE_POLICY, reason);
	else
		session_turn_away(s, CLOSE_POLICY, reason);
}

/* ---- the argument ---- */

static int
read_text(struct call *c, const struct json_elem *value, struct buf *out)
{
	if (value->type != JSON_STRING || value->text.len <= 2)
		return call_bad_argument(c, "user, role, address and reason "
		    "must be strings, and not empty");
	buf_reset(out);
	return json_unquote(out, value) == -1 || buf_cstr(out) == NULL ?
	    call_out_of_memory(c) : 0;
}

static int
read_network(struct call *c, const struct json_elem *value, struct kick_who *w)
{
	struct buf text = { 0 };
	struct errbuf e;
	int rc = read_text(c, value, &text);

	if (rc == 0 && network_parse(&w->network, text.data, &e) == -1)
		rc = call_bad_argument(c, e.msg);
	w->has_network = rc == 0;
	buf_clear(&text);
	return rc;
}

/* The reason goes into logs and to people. */
static int
check_reason(struct call *c, const struct buf *reason)
{
	return printable_is(buf_slice(reason)) && reason->len <= REASON_MAX ?
	    0 : call_bad_argument(c,
	    "the reason must be at most 120 printable bytes");
}

static int
read_member(struct call *c, struct slice key, const struct json_elem *value,
    struct kick_who *w)
{
	if (slice_eq(key, SLICE("\"user\"")))
		return read_text(c, value, &w->user);
	if (slice_eq(key, SLICE("\"role\"")))
		return read_text(c, value, &w->role);
	if (slice_eq(key, SLICE("\"address\"")))
		return read_network(c, value, w);
	if (slice_eq(key, SLICE("\"reason\"")))
		return read_text(c, value, &w->reason) == -1 ? -1 :
		    check_reason(c, &w->reason);
	if (slice_eq(key, SLICE("\"stay_away\"")) && json_is_bool(value)) {
		w->stay_away = value->type == JSON_TRUE;
		return 0;
	}
	return call_bad_argument(c, "the members are session, user, role, "
	    "address, reason (strings) and stay_away (boolean)");
}

/* Read the object; *session is its member, if there is one.  In mode oro, a
 * single object comes as its members. */
static int
read_object(struct call *c, struct slice members, struct kick_who *w,
    struct json_elem *session)
{
	struct json_elem key, value;

	while (json_next_member(&members, &key, &value)) {
		if (slice_eq(key.text, SLICE("\"session\"")) &&
		    value.type == JSON_STRING)
			*session = value;
		else if (read_member(c, key.text, &value, w) == -1)
			return -1;
	}
	if (session->text.len > 0 || w->user.len > 0 || w->role.len > 0 ||
	    w->has_network)
		return 0;
	return call_bad_argument(c, "name a session, a user, a role or an "
	    "address");
}

/* ---- one session ---- */

static void
suggest_session(struct call *c, struct slice id)
{
	const struct session *s;
	struct nearest near;

	nearest_init(&near, id.p, id.len);
	TAILQ_FOREACH(s, &c->broker->sessions.open, link)
		nearest_try(&near, s->id);
	err_suggest(&c->failure.reason, near.found);
}

static void
log_kick(const struct session *caller, uint64_t closed)
{
	log_info("session=%s kick by=%s closed=%" PRIu64, caller->id,
	    log_quote(slice_str(caller->principal->name)).s, closed);
}

static int
answer(struct call *c, uint64_t closed)
{
	return buf_addf(c->out, "{\"closed\":%" PRIu64 "}", closed) == -1 ?
	    call_out_of_memory(c) : 0;
}

/* Answer the call, whose caller is to be closed: first the answer. */
static int
answer_and_close(struct call *c, const struct kick_who *w, uint64_t closed)
{
	struct session *s = c->to.session;

	if (answer(c, closed) == -1)
		return -1;
	reply_result(&c->to, buf_slice(c->out), false);
	close_one(s, w);
	return 1;
}

/* Close the session with that id, if everything else fits, too. */
static int
kick_session(struct call *c, const struct json_elem *arg,
    const struct kick_who *w)
{
	struct session *s;
	struct slice id;

	if (json_string(&id, arg, &c->broker->scratch_text) == -1)
		return call_out_of_memory(c);
	if ((s = sessions_find(&c->broker->sessions, id)) == NULL) {
		(void)call_bad_argument(c,
		    "there is no session with that id");
		suggest_session(c, id);
		return -1;
	}
	if (!is_meant(s, w))
		return answer(c, 0);
	log_kick(c->to.session, 1);
	if (s == c->to.session)
		return answer_and_close(c, w, 1);
	close_one(s, w);
	return answer(c, 1);
}

/* ---- many sessions ---- */

/* Look at up to n sessions.  How many were looked at. */
static long
kick_some(struct kick *k, long n)
{
	struct session *s;
	long done;

	for (done = 0; done < n && (s = sessions_walk(&k->cursor)) != NULL;
	    done++) {
		/* The list is sorted by the time of opening. */
		if (s->opened > k->began)
			k->cursor.at = NULL;
		if (s->opened > k->began || !is_meant(s, &k->who))
			continue;
		k->closed++;
		if (s == k->owed.caller)
			k->itself = true;
		else
			close_one(s, &k->who);
	}
	return done;
}

/* The caller has its answer, or leaves. */
static void
kick_end(struct kick *k)
{
	TAILQ_REMOVE(&k->admin->kicks, k, link);
	TAILQ_REMOVE(&k->admin->broker->cursors, &k->cursor, link);
	owed_end(&k->owed);
	who_clear(&k->who);
	free(k);
}

static void
kick_forget(struct owed *o)
{
	kick_end(OWED_IN(o, struct kick, owed));
}

static void
kick_answer(struct kick *k)
{
	const struct reply_to to = owed_to(&k->owed);
	struct session *s = to.session;
	struct buf out = { 0 };

	log_kick(s, k->closed);
	if (buf_addf(&out, "{\"closed\":%" PRIu64 "}", k->closed) == -1)
		session_doom(s, 0, "out of memory");
	else
		reply_result(&to, buf_slice(&out), false);
	buf_clear(&out);
	if (k->itself)
		close_one(s, &k->who);
	kick_end(k);
}

/* Make the rest in later turns; takes *w. */
static int
kick_begin(struct call *c, struct kick_who *w)
{
	struct admin *a = c->ctx;
	struct kick *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return call_out_of_memory(c);
	k->owed.forget = kick_forget;
	if (owed_begin(&k->owed, &c->to, true) == -1) {
		free(k);
		return call_out_of_memory(c);
	}
	k->admin = a;
	k->who = *w;
	*w = (struct kick_who){ .stay_away = false };
	k->began = c->broker->now;
	k->cursor.at = TAILQ_FIRST(&c->broker->sessions.open);
	TAILQ_INSERT_TAIL(&a->kicks, k, link);
	TAILQ_INSERT_TAIL(&c->broker->cursors, &k->cursor, link);
	tap_stir(a->tap);
	return 1;
}

int64_t
admin_kick_continue(struct admin *a)
{
	struct kick *k, *next;

	for (k = TAILQ_FIRST(&a->kicks); k != NULL; k = next) {
		next = TAILQ_NEXT(k, link);
		(void)kick_some(k, KICK_PIECE);
		if (k->cursor.at == NULL)
			kick_answer(k);
	}
	return TAILQ_EMPTY(&a->kicks) ? -1 : 0;
}

/* ---- the procedure ---- */

int
admin_kick(struct call *c)
{
	struct json_elem session = { .text = SLICE("") };
	struct kick_who w = { .stay_away = false };
	bool one = c->nargs == 1 && !c->args.named;
	int rc = 0;

	if (one && c->arg[0].type == JSON_STRING)
		session = c->arg[0];
	else if (one && c->arg[0].type == JSON_OBJECT)
		rc = read_object(c, json_inside(c->arg[0].text), &w, &session);
	else if (c->args.named)
		rc = read_object(c, c->args.text, &w, &session);
	else
		rc = call_bad_argument(c, "argument: session id, or an "
		    "object with session, user, role or address");
	if (rc == 0)
		rc = session.text.len > 0 ? kick_session(c, &session, &w) :
		    kick_begin(c, &w);
	who_clear(&w);
	return rc;
}
