/*
 * tokens.h: checking PASETOs and JSON Web Tokens.
 *
 * A check takes some ten microseconds, so it is made at once, on the loop.  All
 * that the bearer is stands in the token; nobody is asked.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wampd/auth/ticket.h"

struct broker;
struct opt_list;
struct seen;
struct tokens;

/* A token that can be used once must end within this time, in ms. */
#define TOKENS_ONCE_LIFE	INT64_C(86400000)

struct tokens_settings {
	const struct opt_list *keys;	/* files; empty: none are accepted */
	const char *audience;		/* NULL: none */
	const char *issuer;		/* NULL: any */
	int64_t	    leeway;		/* ms that clocks may differ */
	bool	    once;		/* a token can be used once */
	bool	    require_exp;	/* it must have an end */
	struct errbuf *warning;		/* filled if other users may read a
					 * secret; NULL: that is logged */
};

/* Check the settings and the files of tokens of that kind, TICKET_PASETO or
 * TICKET_JWT.  *warning is filled if other users may read a secret.  0, or -1
 * with *e filled, which names the key of the configuration. */
int	tokens_check(enum ticket_kind kind, const struct tokens_settings *set,
	    struct errbuf *warning, struct errbuf *e);

/* Read the keys.  It does not work before tokens_start(), and may be made in
 * any thread.  NULL with *e filled on failure.  The settings' lists and texts,
 * and the broker, are borrowed. */
struct tokens *tokens_new(enum ticket_kind kind,
	    const struct tokens_settings *set, struct broker *b,
	    struct errbuf *e);

/* Tokens that were used are remembered in `seen`, which is borrowed. */
void	tokens_start(struct tokens *t, struct seen *seen);

void	tokens_free(struct tokens *t);

/* Check a token; as identify_method.begin(), of a struct tokens. */
enum identified tokens_begin(void *tokens, const struct visitor *v,
	    struct slice ticket, struct identity_ask *ask,
	    const struct principal **out, struct identity_refusal *why);
