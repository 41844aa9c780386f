/*
 * oro_open.c: getting ready to check Oro's tickets.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/opt.h"
#include "route/diag.h"
#include "token/oro_ticket.h"
#include "wampd/auth/oro_state.h"

#define SEEN_MOST	262144	/* tickets that are remembered, 100 bytes
				 * each */
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
	struct diags d = { 0 };
	int rc;

	if (o->set.users == NULL)
		return 0;
	if ((rc = users_load(&o->users, o->set.users, ORO_USER_SETS,
	    &d)) == -1) {
		diag_print(&d, stderr);
		err_set(e, "tickets.oro.users: %s has errors", o->set.users);
	}
	diag_clear(&d);
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
	/* It may come as much too early as clocks may differ. */
	seen_init(&o->seen, SEEN_MOST, set->ttl + set->tolerance + 1000);
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
	seen_clear(&o->seen);
	users_clear(&o->users);
	networks_clear(&o->backends);
	secret_clear(&o->secret);
	EVP_MD_free(o->sha512);
	buf_clear(&o->text);
	free(o);
}
