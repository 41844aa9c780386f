/*
 * t_wampd_identify.c: which method decides who a visitor is, and the query of a
 * URL.
 */
#include <stdio.h>
#include <string.h>

#include "tap.h"
#include "wampd/auth/identify.h"
#include "wampd/auth/query.h"
#include "wampd/auth/ticket.h"
#include "wampd/core/principal.h"

/* ---- methods ---- */

struct fixed {
	enum identified found;
	unsigned	tried;
};

static enum identified
fixed_begin(void *arg, const struct visitor *v, struct identity_ask *ask,
    const struct principal **out, struct identity_refusal *why)
{
	struct fixed *f = arg;

	(void)v;
	(void)ask;
	f->tried++;
	if (f->found == IDENTITY_KNOWN)
		*out = principal_new(WHO_ANYONE, "known", 0, NULL);
	if (f->found == IDENTITY_REFUSED)
		return identify_refuse(why, IDENTITY_EXPIRED, SLICE("bob"));
	return f->found;
}

/* Two methods that find this; the name of the principal, or the cause of the
 * refusal as a digit. */
static const char *
found(enum identified one, enum identified two, bool anonymous,
    const struct visitor *given, unsigned *tried)
{
	static char text[IDENTITY_USER_SIZE + 8];
	struct fixed fixed[2] = { { one, 0 }, { two, 0 } };
	struct identify id = { .anonymous = anonymous };
	struct visitor v = { .unproved = &principal_anonymous };
	const struct principal *p = NULL;
	struct identity_refusal why;
	struct identity_ask ask = { 0 };
	size_t i;

	if (given != NULL)
		v = *given;
	for (i = 0; i < 2; i++) {
		const struct identify_method m = { "fixed", fixed_begin,
		    &fixed[i] };

		identify_add(&id, &m);
	}
	text[0] = '\0';
	switch (identify_begin(&id, &v, &ask, &p, &why)) {
	case IDENTITY_KNOWN:
		(void)snprintf(text, sizeof(text), "%s", p->name);
		principal_unref(p);
		break;
	case IDENTITY_REFUSED:
		(void)snprintf(text, sizeof(text), "%d%s", (int)why.cause,
		    why.user);
		break;
	default:
		break;
	}
	*tried = fixed[0].tried + 10 * fixed[1].tried;
	return text;
}

static void
test_order(void)
{
	const struct visitor twice = { .unproved = &principal_anonymous,
	    .ambiguous = true };
	unsigned tried;

	tap_str(found(IDENTITY_ABSENT, IDENTITY_KNOWN, false, NULL, &tried),
	    "known", "the second method decides if the first does not");
	tap_int((int64_t)tried, 11, "both were tried");
	tap_str(found(IDENTITY_REFUSED, IDENTITY_KNOWN, true, NULL, &tried),
	    "3bob", "a wrong proof is refused");
	tap_int((int64_t)tried, 1, "whatever follows");
	tap_str(found(IDENTITY_ABSENT, IDENTITY_ABSENT, true, NULL, &tried),
	    "anonymous", "nobody need prove anything");
	tap_str(found(IDENTITY_ABSENT, IDENTITY_ABSENT, false, NULL, &tried),
	    "0", "unless that is required");
	tap_str(found(IDENTITY_KNOWN, IDENTITY_KNOWN, true, &twice, &tried),
	    "1", "two fields of a kind are refused");
}

static void
test_user(void)
{
	struct identity_refusal why;
	char name[300];

	memset(name, 'n', sizeof(name));
	(void)identify_refuse(&why, IDENTITY_EXPIRED,
	    slice_of(name, sizeof(name)));
	tap_int((int64_t)strlen(why.user), IDENTITY_USER_SIZE - 1,
	    "a long name is cut");
	(void)identify_refuse(&why, IDENTITY_EXPIRED, slice_of(NULL, 0));
	tap_str(why.user, "", "none is fine");
}

/* ---- the time of a session ---- */

static void
lasts(int64_t ttl, int64_t ends, unsigned who, int64_t want)
{
	const struct identify id = { .session_ttl = ttl };
	const struct identity_ask ask = { .ends = ends };
	const struct principal p = { .who = who };

	tap_int(identify_session_time(&id, &ask, &p, 5000), want,
	    "ttl %lld, ticket until %lld, sets %u", (long long)ttl,
	    (long long)ends, who);
}

static void
test_time(void)
{
	lasts(0, 9000, WHO_TICKET, -1);
	lasts(700, 9000, WHO_TICKET, 700);
	lasts(700, 9000, WHO_COOKIE, -1);
	lasts(700, 9000, WHO_TICKET | WHO_BACKEND, -1);
	lasts(IDENTIFY_TICKET, 9000, WHO_TICKET, 4000);
	lasts(IDENTIFY_TICKET, 5000, WHO_TICKET, 0);
	lasts(IDENTIFY_TICKET, 4000, WHO_TICKET, 0);
	lasts(IDENTIFY_TICKET, 0, WHO_TICKET, -1);
}

/* ---- the query ---- */

static void
value(const char *query, const char *want)
{
	struct slice value = { NULL, 0 };
	struct buf out = { 0 };
	bool found = query_find(slice_str(query), SLICE("ticket"), &value) > 0;

	tap_ok(found == (want != NULL), "%s: whether it is there", query);
	if (found) {
		tap_int(query_decode(value, &out), 0, "it is decoded");
		tap_slice(buf_slice(&out), want, "%s: its value", query);
	}
	buf_clear(&out);
}

static void
test_query(void)
{
	struct slice value_;

	tap_ok(!query_find(slice_of(NULL, 0), SLICE("ticket"), &value_),
	    "no query");
	value("", NULL);
	value("ticket", NULL);
	value("tickets=1", NULL);
	value("aticket=1", NULL);
	value("ticket=", "");
	value("ticket=abc", "abc");
	value("a=1&ticket=abc&b=2", "abc");
	value("ticket=a&ticket=b", "b");
	tap_int(query_find(SLICE("ticket=a&b=1&ticket="), SLICE("ticket"),
	    &value_), 2, "all are counted");
	value("&&ticket=a%2Bb%3d+c", "a+b= c");
	value("ticket=%", "%");
	value("ticket=%4", "%4");
	value("ticket=%zz%4a", "%zzJ");
	value("ticket=a=b", "a=b");
}

/* ---- where tickets are ---- */

static enum identified
ticket_begin(void *arg, const struct visitor *v, struct slice ticket,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	char *text = arg;

	(void)v;
	(void)ask;
	(void)out;
	(void)why;
	(void)snprintf(text, 32, "%.*s", (int)ticket.len, ticket.p);
	return IDENTITY_KNOWN;
}

/* The ticket that decides; "-": there is none, "refused": it is not clear. */
static void
decides(const char *query, const char *authorization, const char *cookies,
    const char *want)
{
	struct tickets t = { .cookie = "T" };
	struct visitor v = {
		.query = slice_str(query),
		.authorization = slice_str(authorization),
		.cookies = slice_str(cookies),
	};
	struct identity_ask ask = { 0 };
	const struct principal *out;
	struct identity_refusal why;
	char text[32] = "-";

	tickets_accept(&t, TICKET_ORO, ticket_begin, text);
	if (tickets_begin(&t, &v, &ask, &out, &why) == IDENTITY_REFUSED)
		(void)snprintf(text, sizeof(text), "%s", why.cause ==
		    IDENTITY_BAD_TICKET && why.reason != NULL ? "refused" :
		    "another cause");
	tap_str(text, want, "query \"%s\", Authorization \"%s\", cookies "
	    "\"%s\"", query, authorization, cookies);
	tickets_clear(&t);
}

static void
test_tickets(void)
{
	decides("", "", "", "-");
	decides("ticket=", "Basic eA==", "T=", "-");
	decides("ticket=a%2B", "", "", "a+");
	decides("", "bearer a", "", "a");
	decides("", "", "S=x; T=a", "a");
	decides("ticket=a", "Bearer a", "", "a");
	decides("ticket=a", "Basic eA==", "", "a");
	decides("ticket=", "Bearer a", "", "a");
	decides("ticket=a", "Bearer b", "", "refused");
	decides("ticket=a", "Bearer ab", "", "refused");
	decides("ticket=a&ticket=b", "", "", "refused");
	decides("ticket=a&ticket=", "", "", "refused");
	/* Browsers send cookies with everything. */
	decides("ticket=a", "", "T=b", "a");
	decides("", "Bearer a", "T=b", "a");
}

int
main(void)
{
	test_order();
	test_user();
	test_time();
	test_query();
	test_tickets();
	return tap_done();
}
