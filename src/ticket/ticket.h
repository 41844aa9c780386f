/*
 * ticket.h: what the parts of wamp-ticket share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/secret.h"
#include "client/tool.h"
#include "token/claims.h"
#include "token/jwk.h"
#include "token/paseto_keys.h"

enum ticket_kind { TICKET_PASETO, TICKET_JWT, TICKET_ORO };

struct ticket {
	struct tool	tool;
	/* options */
	struct opt_list key_files;
	const char     *secret_file;	/* Oro's; NULL: not given */
	const char     *hash_file;	/* of the user's password */
	const char     *name, *sub, *audience, *issuer, *key_id;
	struct opt_list roles;
	int64_t		user_id;	/* 0: not given */
	int64_t		for_ms, leeway_ms; /* -1: not given */
	bool		forever;
	int		purpose;	/* of a new key: enum key_purpose */
	const char     *output;
	/* what the options name */
	struct paseto_keys paseto;
	struct jwks	jwks;
	struct secret	oro;		/* empty: none */
	struct secret	hash;		/* likewise */
	struct buf	text;		/* the ticket that was read */
	struct buf	out;
};

enum key_purpose { KEY_PUBLIC, KEY_LOCAL };

/* Read the files of the keys and secrets (files.c). */
enum exit_status ticket_read_keys(struct ticket *t, struct errbuf *e);

/* Read a ticket, the first line of the file, or of stdin if it is NULL or "-"
 * (files.c). */
enum exit_status ticket_read(struct ticket *t, const char *file,
	    struct errbuf *e);

/* Print a new ticket (issue.c). */
enum exit_status ticket_issue(struct ticket *t, struct errbuf *e);

/* Print what the ticket says, without checking it (look.c). */
enum exit_status ticket_show(struct ticket *t, struct errbuf *e);

/* The same, if it is valid; otherwise EXIT_REFUSED (verify.c). */
enum exit_status ticket_verify(struct ticket *t, struct errbuf *e);

/* Make a key, or print the public ones of files (key.c). */
enum exit_status ticket_key(struct ticket *t, struct errbuf *e);

/* ---- for show and verify (look.c) ---- */

enum ticket_kind ticket_kind_of(struct slice text);

/* Append what it says as a JSON object; claims has the content of a token, or
 * is empty. */
enum exit_status ticket_describe(struct ticket *t, struct slice claims,
	    bool verified, struct errbuf *e);
