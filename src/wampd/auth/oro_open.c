/*
 * oro_open.c: getting ready to check Oro's tickets.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/opt.h"
#include "route/diag.h"
#include "token/oro_ticket.h"
#include "wampd/auth/oro_state.h"
#include "wampd/core/broker.h"

#define SECRET_MAX	4096	/* bytes of the file */

int
oro_read_secret(struct secret *s, const struct oro_settings *set,
    struct errbuf *e)
{
	int rc;

	if (set->secret_file != NULL)
		rc = secret_read(s, set->secret_file, SECRET_MAX, e);
	else if ((rc = secret_copy(s, slice_str(set->secret))) == -1)
		err_set(e, "out of memory");
	if (rc == 0 && (rc = oro_secret_check(secret_slice(s), e)) == -1)
		secret_clear(s);
	return rc;
}

static int
read_users(struct oro *o, struct errbuf *e)
{
	struct diags own = { 0 }, *d = o->set.diags;
	int rc;

	if (o->set.users == NULL)
		return 0;
	if ((rc = users_load(&o->users, o->set.users, ORO_USER_SETS,
	    d != NULL ? d : &own)) == -1) {
		diag_print(&own, stderr);
		err_set(e, "tickets.oro.users: %s has errors", o->set.users);
	}
	diag_clear(&own);
	return rc;
}

/* By default, those that are not part of the internet (RFC 1918, RFC 4193). */
static int
read_backends(struct oro *o, struct errbuf *e)
{
	const char *texts[] = { "10.0.0.0/8", "172.16.0.0/12",
	    "192.168.0.0/16", "fc00::/7" };
	const struct opt_list private = { .v = texts,
	    .n = sizeof(texts) / sizeof(texts[0]) };

	return networks_read(&o->backends, o->set.backends->n > 0 ?
	    o->set.backends : &private, e);
}

struct oro *
oro_new(const struct oro_settings *set, struct broker *b, struct errbuf *e)
{
	struct oro *o = calloc(1, sizeof(*o));

	if (o == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	o->set = *set;
	o->b = b;
	fair_init(&o->queue, (size_t)set->queue);
	networks_init(&o->backends);
	if (oro_read_secret(&o->secret, set, e) == -1) {
		err_wrap(e, "tickets.oro.secret_file");
	} else if ((o->sha512 = EVP_MD_fetch(NULL, "SHA512", NULL)) == NULL) {
		err_set(e, "OpenSSL has no SHA-512");
	} else if (read_users(o, e) == 0 && read_backends(o, e) == 0 &&
	    (set->command.command == NULL || (o->lookup =
	    lookup_new(&set->command, b, e)) != NULL)) {
		return o;
	}
	oro_free(o);
	return NULL;
}

/* How long a ticket must be remembered, in ms.  It may come as much too early
 * as clocks may differ. */
static int64_t
time_of(const struct oro_settings *set)
{
	return set->ttl + set->tolerance + 1000;
}

/* Tickets that had expired may be forgotten: a longer life must not make them
 * valid again. */
static void
take_seen(struct oro *o, const struct oro *before, struct seen *seen)
{
	o->seen = seen;
	seen->time = time_of(&o->set);
	if (before == NULL)
		return;
	o->not_before = before->not_before;
	if (o->set.once && time_of(&before->set) < seen->time)
		o->not_before = (o->b->wall() - before->set.ttl) / 1000;
}

int
oro_start(struct oro *o, struct oro *before, struct seen *seen,
    struct errbuf *e)
{
	take_seen(o, before, seen);
	if (o->lookup == NULL)
		return 0;
	if (before == NULL || before->lookup == NULL ||
	    !lookup_is(before->lookup, &o->set.command))
		return lookup_join(o->lookup, e);
	lookup_release(o->lookup);
	o->lookup = lookup_hold(before->lookup);
	return 0;
}

bool
oro_is_idle(const struct oro *o)
{
	return o->jobs == 0;
}

bool
oro_knows(const struct oro *o, const struct principal *p,
    const struct principal **now)
{
	const struct user *u = users_find(&o->users, slice_str(p->name));

	*now = u != NULL ? u->principal : NULL;
	return u != NULL || o->lookup != NULL;
}

bool
oro_secrets(const struct oro *o, struct slice user, struct slice *password,
    struct slice *secret)
{
	const struct user *u;

	*password = *secret = secret_slice(&o->secret);
	if (user.len == 0)
		return true;
	if ((u = users_find(&o->users, user)) == NULL)
		return false;
	*password = secret_slice(&u->password);
	return true;
}

void
oro_free(struct oro *o)
{
	if (o == NULL)
		return;
	fair_clear(&o->queue);
	lookup_release(o->lookup);
	users_clear(&o->users);
	networks_clear(&o->backends);
	secret_clear(&o->secret);
	EVP_MD_free(o->sha512);
	buf_clear(&o->text);
	free(o);
}
