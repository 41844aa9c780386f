/*
 * identify.h: who a visitor is, before it gets a session or an answer of HTTP.
 *
 * There are several methods, each for one kind of proof: a ticket, a cookie.
 * The first one for which the visitor brings a proof decides.  It may do that
 * at once, or ask somebody else first: a thread, or another program.  If that
 * proof is wrong, the visitor is refused, even if he brings a second one that
 * is right.  Methods that come later do not look at theirs then: a browser
 * sends its cookies together with a ticket.
 *
 * To add a method, call identify_add().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct address;
struct certificate;
struct identity_ask;
struct principal;

#define IDENTIFY_METHODS	8	/* at most */
#define IDENTIFY_TICKET		(-1)	/* as long as its ticket is valid */
#define IDENTITY_USER_SIZE	128	/* bytes of a name that is logged */

/* A request whose sender is to be identified.  All is borrowed from it. */
struct visitor {
	const struct address *peer;	/* the client, not its proxy */
	struct slice query;		/* of the target, as it came */
	struct slice authorization;	/* a field's value; empty: none */
	struct slice cookies;		/* likewise */
	struct slice origin;		/* likewise */
	bool	     has_origin;	/* there is that field */
	bool	     disguised;		/* a proxy passed it on that we do not
					 * trust, so peer is the proxy */
	bool	     ambiguous;		/* Authorization or Cookie is there
					 * twice */
	const struct certificate *certificate; /* of TLS, verified; NULL:
				 * none */
	const struct principal *unproved; /* who it is without a proof;
					 * static */
};

enum identity_cause {
	IDENTITY_NO_PROOF,	/* and anonymous visitors are not allowed */
	IDENTITY_BAD_TICKET,	/* malformed, or of a kind that is not taken */
	IDENTITY_FUTURE,	/* the ticket is not valid yet */
	IDENTITY_EXPIRED,
	IDENTITY_UNKNOWN_USER,
	IDENTITY_WRONG_TICKET,	/* its digest or signature is wrong */
	IDENTITY_UNKNOWN_KEY,	/* it was made with */
	IDENTITY_FOREIGN,	/* it is for, or from, somebody else */
	IDENTITY_REPLAYED,	/* it was used before */
	IDENTITY_BUSY,		/* too many proofs are being checked */
	IDENTITY_LOOKUP,	/* the program that knows gave no answer */
	IDENTITY_INTERNAL,	/* out of memory */
	IDENTITY_CAUSES
};

struct identity_refusal {
	enum identity_cause cause;
	const char *reason;	/* static; more for the log, or NULL */
	char user[IDENTITY_USER_SIZE];	/* whom the proof names, perhaps cut;
					 * NUL-terminated, "" if unknown */
};

enum identified {
	IDENTITY_ABSENT,	/* of a method: there is no such proof */
	IDENTITY_KNOWN,		/* *out holds a reference */
	IDENTITY_ASKING,	/* ask->done() tells more */
	IDENTITY_REFUSED,	/* *why is filled */
};

/* A question that is not answered yet; a part of its owner. */
struct identity_ask {
	/* Set by the owner: the answer has come, never before
	 * identify_begin() has returned.  p is borrowed, or NULL: refused. */
	void  (*done)(struct identity_ask *ask, const struct principal *p,
		    const struct identity_refusal *why);
	/* Set by the method, if it is known: when the proof ends, in ms since
	 * 1970. */
	int64_t ends;
	/* Set by the method that asks: the answer is not wanted any more. */
	void  (*cancel)(struct identity_ask *ask);
	void   *job;		/* the method's own */
};

struct identify_method {
	const char *name;	/* static */
	enum identified (*begin)(void *arg, const struct visitor *v,
		    struct identity_ask *ask, const struct principal **out,
		    struct identity_refusal *why);
	void	   *arg;	/* borrowed */
};

struct identify {
	struct identify_method methods[IDENTIFY_METHODS]; /* in the order in
					 * which they are tried */
	size_t n;
	bool   anonymous;	/* a visitor need not prove anything */
	bool   certificates;	/* visitors' certificates of TLS are looked
				 * at */
	bool   login;		/* a visitor without a proof becomes a
				 * stranger, who must log in */
	int64_t session_ttl;	/* ms that a session may last that begins with
				 * a ticket; 0: without end, or
				 * IDENTIFY_TICKET */
	bool   warned;		/* that tickets are not read */
};

/* Add a method.  There are fewer than IDENTIFY_METHODS. */
void	identify_add(struct identify *id, const struct identify_method *m);

/* Find out who v is.  ask must live until it is answered or cancelled. */
enum identified identify_begin(struct identify *id, const struct visitor *v,
	    struct identity_ask *ask, const struct principal **out,
	    struct identity_refusal *why);

/* Decide about a visitor without a proof, who is static: IDENTITY_KNOWN or
 * IDENTITY_REFUSED. */
enum identified identify_unproved(const struct identify *id,
	    const struct principal *unproved, const struct principal **out,
	    struct identity_refusal *why);

/* The method has an answer: p is borrowed, or NULL with the reason in *why. */
void	identify_answer(struct identity_ask *ask, const struct principal *p,
	    const struct identity_refusal *why);

/* The answer is not wanted any more: ask->done() is not called.  It does
 * nothing if that was called. */
void	identify_cancel(struct identity_ask *ask);

/* How many ms the session of that principal may last, or -1.  The back end is
 * not bound: Oro's client would connect again with the same ticket. */
int64_t	identify_session_time(const struct identify *id,
	    const struct identity_ask *ask, const struct principal *p,
	    int64_t wall);

/* Fill *why; user may be empty.  Returns IDENTITY_REFUSED. */
enum identified identify_refuse(struct identity_refusal *why,
	    enum identity_cause cause, struct slice user);
