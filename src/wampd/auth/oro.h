/*
 * oro.h: checking Oro's tickets.
 *
 * What costs little is checked first: the form, the time, whether the user
 * exists.  The digest takes milliseconds; threads of the loop compute it, and
 * the tickets that wait for them are bounded, see fair.h.
 *
 * A ticket without a user proves the secret of the application.  Its back end
 * has such tickets, but the application may also hand them to visitors who have
 * not logged in.  So its bearer is the back end only if he is no browser, and
 * comes from where back ends are.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/slice.h"
#include "wampd/auth/identify.h"
#include "wampd/auth/lookup.h"
#include "wampd/core/principal.h"

struct broker;
struct diags;
struct opt_list;
struct oro;
struct seen;

/* The sets of a user who has proved his name with a ticket. */
#define ORO_USER_SETS	(WHO_ANYONE | WHO_AUTHENTICATED | WHO_TICKET |	\
			    WHO_TICKET_ORO)

/* What the bearer of a ticket without a user is. */
enum oro_anonymous { ORO_BACKEND, ORO_VISITOR, ORO_REFUSED };

struct oro_settings {
	const char *secret_file;	/* NULL: secret has it */
	const char *secret;		/* NULL: there is none */
	const char *users;		/* a file; NULL: none */
	struct lookup_settings command;	/* that knows the others; without a
					 * command, nobody does */
	int64_t	    ttl;		/* ms, as all times */
	int64_t	    tolerance;		/* of a ticket from the future */
	int64_t	    queue;		/* tickets that wait for threads */
	unsigned    threads;		/* that work at one time, at least 1 */
	bool	    once;		/* a ticket can be used once */
	int	    anonymous;		/* enum oro_anonymous */
	const struct opt_list *backends; /* networks; empty: this machine and
					 * private networks */
	struct diags *diags;		/* borrowed; gets the faults of the
					 * users; NULL: they are printed */
};

/* Read the secret of the application.  0, or -1 with *e filled. */
int	oro_read_secret(struct secret *s, const struct oro_settings *set,
	    struct errbuf *e);

/* Read the files.  It does not work before oro_start(), and may be made in any
 * thread.  NULL with *e filled on failure.  The broker is borrowed. */
struct oro *oro_new(const struct oro_settings *set, struct broker *b,
	    struct errbuf *e);

/*
 * Start, in place of `before` (NULL: there was none), whose questions go on.  A
 * program that is declared like its own goes on, with what it has answered.
 * Tickets that were used are remembered in `seen`, which is borrowed.  0, or -1
 * with *e filled: no program can be started for now.
 */
int	oro_start(struct oro *o, struct oro *before, struct seen *seen,
	    struct errbuf *e);

/* Whether nobody waits for it. */
bool	oro_is_idle(const struct oro *o);

/* Whether it still knows that user, whose principal is p.  *now is that
 * principal as the file of users has it now, borrowed; NULL: it has none, but a
 * program may know him. */
bool	oro_knows(const struct oro *o, const struct principal *p,
	    const struct principal **now);

/* What makes tickets of that user, or of none if it is empty: the password and
 * the secret of the application, borrowed.  False if there is no such user. */
bool	oro_secrets(const struct oro *o, struct slice user,
	    struct slice *password, struct slice *secret);

/* It must be idle. */
void	oro_free(struct oro *o);

/* Check a ticket; as identify_method.begin(), of a struct oro. */
enum identified oro_begin(void *oro, const struct visitor *v,
	    struct slice ticket, struct identity_ask *ask,
	    const struct principal **out, struct identity_refusal *why);
