/*
 * cra_session.h: internals of cra_login.c: what WAMP-CRA knows of a session.
 */
#pragma once

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/auth/cra_login.h"
#include "wampd/core/ledger.h"

struct cra_key;
struct cra_keys;
struct tap;

struct cra {
	struct broker	  *broker;	/* borrowed */
	struct tap	  *tap;		/* borrowed */
	struct cra_settings set;	/* its keys are owned */
	TAILQ_HEAD(cra_list, cra_session) strangers; /* by until */
	struct cra_list	   delayed;	/* by due */
	unsigned char	   fake[crypto_generichash_KEYBYTES];	/* makes the
					 * salts of keys that are hidden */
};

enum cra_state {
	CRA_IDLE,
	CRA_ANONYMOUS,	/* it has asked to be anonymous */
	CRA_ASKED,	/* it has a challenge */
	CRA_DELAYED,	/* it waits for the answer to a wrong signature */
	CRA_DONE,	/* it has logged in */
};

/* What is known of a session. */
struct cra_session {
	struct ledger_part part;	/* first */
	struct cra	  *cra;
	struct session	  *session;
	TAILQ_ENTRY(cra_session) stranger_link;	/* cra->strangers */
	TAILQ_ENTRY(cra_session) delayed_link;	/* cra->delayed */
	struct owed	   owed;	/* while CRA_DELAYED */
	enum cra_state	   state;
	bool		   stranger;	/* on cra->strangers */
	int64_t		   until;	/* ms, monotonic: when a stranger is
					 * closed */
	int64_t		   due;		/* ms, monotonic: when the delayed
					 * answer is sent */
	const struct cra_key *key;	/* that must sign, or has signed; NULL:
					 * there is none, which is hidden */
	struct cra_keys	  *keys;	/* a reference, if it has a key */
	struct buf	   text;	/* owned; the challenge, or the id of
					 * the delayed call */
	size_t		   charged;	/* bytes, for text */
};

/* What is known of s, made if it is nothing.  NULL when out of memory. */
struct cra_session *cra_session_obtain(struct cra *cra, struct session *s);

/* Let it have that key of the newest ones, or none. */
void	cra_session_set_key(struct cra_session *x, const struct cra_key *key);

/* Let it have the key of the same name of the newest ones.  Whether there is
 * one that signs the same; if not, it keeps what it has. */
bool	cra_session_refresh(struct cra_session *x);

/* Charge the session for the text.  0, or -1 with *e filled if that is more
 * than it may have; then the text is gone. */
int	cra_session_charge(struct cra_session *x, struct errbuf *e);

/* The text is not needed any more. */
void	cra_session_drop_text(struct cra_session *x);

/* It need not log in any more. */
void	cra_session_no_stranger(struct cra_session *x);

/* It does not wait for a delayed answer any more. */
void	cra_session_no_delay(struct cra_session *x);
