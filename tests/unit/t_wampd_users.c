/*
 * t_wampd_users.c: the file of users, proofs that were used, cookies, and the
 * kinds of tickets.
 */
#include "wampd/auth/users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "route/diag.h"
#include "tap.h"
#include "wampd/auth/cookie.h"
#include "wampd/auth/seen.h"
#include "wampd/auth/ticket.h"
#include "wampd/core/principal.h"

/* ---- users ---- */

static int
load(struct users *all, const char *text, struct diags *d)
{
	char path[] = "/tmp/t_wampd_users.XXXXXX";
	int rc, fd = mkstemp(path);

	if (fd == -1 || write(fd, text, strlen(text)) == -1)
		abort();
	(void)close(fd);
	rc = users_load(all, path, WHO_ANYONE | WHO_AUTHENTICATED, d);
	(void)unlink(path);
	return rc;
}

static void
test_good(void)
{
	struct diags d = { 0 };
	const struct user *u;
	struct users all;

	tap_int(load(&all, "a: &a\n  password: 'p'\nb: *a\n"
	    "J\xc3\xbcrgen: { password: q, id: 3, roles: [R] }\n", &d), 0,
	    "a file of users");
	if ((u = users_find(&all, SLICE("a"))) == NULL)
		abort();
	tap_slice(secret_slice(&u->password), "p", "a hash");
	if ((u = users_find(&all, SLICE("b"))) == NULL)
		abort();
	tap_slice(secret_slice(&u->password), "p", "that of an alias");
	if ((u = users_find(&all, SLICE("J\xc3\xbcrgen"))) == NULL)
		abort();
	tap_str(u->principal->roles[0], "R", "a role");
	tap_int(u->principal->user_id, 3, "an id");
	tap_ok(users_find(&all, SLICE("A")) == NULL, "case matters");
	users_clear(&all);
	tap_int(load(&all, "", &d), 0, "an empty file");
	tap_ok(users_find(&all, SLICE("a")) == NULL, "has no users");
	users_clear(&all);
	diag_clear(&d);
}

static void
bad(const char *text, unsigned line, unsigned column, const char *why)
{
	struct diags d = { 0 };
	struct users all;

	tap_int(load(&all, text, &d), -1, "bad: %s", text);
	if (tap_ok(d.errors > 0, "it is reported")) {
		tap_int(d.v[0].line, line, "the line");
		tap_int(d.v[0].column, column, "the column");
		tap_ok(strstr(d.v[0].text, why) != NULL, "%s: %s", why,
		    d.v[0].text);
	}
	tap_ok(users_find(&all, SLICE("ok")) == NULL, "no user is left");
	diag_clear(&d);
}

static void
test_bad(void)
{
	bad("[a]", 1, 1, "names and users");
	bad("a: b", 1, 4, "keys password");
	bad("ok: { password: x }\na: { id: 1 }", 2, 1, "needs a password");
	bad("a: { password: [] }", 1, 16, "needs a text");
	bad("a: { password: '' }", 1, 16, "between 1 and 1024");
	bad("a: { password: x, id: 0 }", 1, 23, "id");
	bad("a: { password: x, id: x }", 1, 23, "id");
	bad("a: { password: x, roles: R }", 1, 26, "a list");
	bad("a: { password: x, roles: [''] }", 1, 27, "a role");
	bad("a: { password: x, role: [R] }", 1, 19, "role");
	bad("'local:root': { password: x }", 1, 1, "name of a user");
	bad("\"a\\nb\": { password: x }", 1, 1, "name of a user");
	bad("a: { password: x }\na: { password: y }", 2, 1, "");
}

/* ---- proofs ---- */

static struct slice
proof(int n)
{
	static char text[SEEN_KEY_SIZE + 1];

	(void)snprintf(text, sizeof(text), "%0*d", SEEN_KEY_SIZE, n);
	return slice_of(text, SEEN_KEY_SIZE);
}

static void
test_seen(void)
{
	struct seen s;

	seen_init(&s, 2, 1000);
	tap_ok(!seen_has(&s, proof(1)), "a new proof");
	tap_int(seen_add(&s, proof(1), 0), SEEN_NEW, "is used");
	tap_int(seen_add(&s, proof(1), 500), SEEN_BEFORE, "but only once");
	tap_int(seen_add(&s, proof(2), 500), SEEN_NEW, "another one");
	tap_int(seen_add(&s, proof(3), 999), SEEN_FULL, "there is a bound");
	tap_ok(!seen_has(&s, proof(3)), "then it is not used");
	tap_int(seen_add(&s, proof(3), 1000), SEEN_NEW, "until one expires");
	tap_ok(seen_has(&s, proof(2)), "the others stay");
	seen_clear(&s);
}

/* ---- cookies ---- */

static void
cookie(const char *field, const char *want)
{
	struct slice value = { NULL, 0 };
	bool found = cookie_find(slice_str(field), SLICE("sid"), &value);

	tap_ok(found == (want != NULL), "%s: whether it is there", field);
	if (found)
		tap_slice(value, want, "%s: its value", field);
}

static void
test_cookie(void)
{
	struct slice value;

	tap_ok(!cookie_find(slice_of(NULL, 0), SLICE("sid"), &value), "none");
	cookie("", NULL);
	cookie("sid", NULL);
	cookie("SID=1", NULL);
	cookie("asid=1; sidb=2", NULL);
	cookie("sid=", "");
	cookie("sid=1", "1");
	cookie("a=1; sid=2; sid=3", "2");
	cookie("a=1;sid=\"2\" ;b=3", "2");
	cookie(";;  sid=a=b", "a=b");
}

/* ---- tickets ---- */

static struct buf shown;

static enum identified
take(void *arg, const struct visitor *v, struct slice ticket,
    struct identity_ask *ask, const struct principal **out,
    struct identity_refusal *why)
{
	(void)v;
	(void)ask;
	(void)out;
	(void)why;
	buf_reset(&shown);
	(void)buf_addf(&shown, "%s %.*s", (const char *)arg, (int)ticket.len,
	    ticket.p);
	return IDENTITY_KNOWN;
}

/* What the visitor shows is taken for that, or refused (NULL). */
static void
shows(const char *query, const char *authorization, const char *cookies,
    enum identified found, const char *want)
{
	const struct visitor v = { .query = slice_str(query),
	    .authorization = slice_str(authorization),
	    .cookies = slice_str(cookies) };
	struct tickets t = { .cookie = "t" };
	const struct principal *out;
	struct identity_refusal why;
	char kinds[2][8] = { "oro", "paseto" };

	tickets_accept(&t, TICKET_ORO, take, kinds[0]);
	tickets_accept(&t, TICKET_PASETO, take, kinds[1]);
	buf_reset(&shown);
	tap_int(tickets_begin(&t, &v, NULL, &out, &why), found,
	    "%s, %s, %s", query, authorization, cookies);
	tap_slice(buf_slice(&shown), want, "what is taken");
	tickets_clear(&t);
}

static void
test_tickets(void)
{
	shows("", "", "", IDENTITY_ABSENT, "");
	shows("ticket=", "", "", IDENTITY_ABSENT, "");
	shows("a=1&ticket=QQ%3D%3D", "", "t=x", IDENTITY_KNOWN, "oro QQ==");
	shows("", "Bearer QQ==", "t=x", IDENTITY_KNOWN, "oro QQ==");
	shows("", "bearer v4.public.x", "", IDENTITY_KNOWN,
	    "paseto v4.public.x");
	shows("", "Basic QQ==", "", IDENTITY_ABSENT, "");
	shows("", "Basic QQ==", "t=Q+Q=", IDENTITY_KNOWN, "oro Q+Q=");
	shows("ticket=a.b.c", "", "", IDENTITY_REFUSED, "");
	buf_clear(&shown);
}

int
main(void)
{
	test_good();
	test_bad();
	test_seen();
	test_cookie();
	test_tickets();
	return tap_done();
}
