/*
 * issue.c: making tickets.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/when.h"
#include "ticket/ticket.h"
#include "token/base64url.h"
#include "token/oro_sodium.h"

#define FOR_MS		300000		/* as long as Oro's */

static enum exit_status
print_ticket(struct ticket *t, struct errbuf *e)
{
	if (buf_add_char(&t->out, '\n') == 0)
		return tool_print(&t->out, e);
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* ---- Oro ---- */

/* Without a user, the secret of the application is the password. */
static enum exit_status
issue_oro(struct ticket *t, struct errbuf *e)
{
	struct oro_stamp stamp;
	struct slice user = slice_str(t->name != NULL ? t->name : "");

	if ((t->name != NULL) != (t->hash.len > 0)) {
		err_set(e, "a ticket of Oro needs --name and --hash-file, or "
		    "neither of them");
		return EXIT_USAGE;
	}
	if (memchr(user.p, ';', user.len) != NULL) {
		err_set(e, "--name: Oro cannot read a name with ; in it");
		return EXIT_USAGE;
	}
	oro_stamp_fill(&stamp, clock_wall_ms() / 1000);
	if (oro_ticket_make(&t->out, user, slice_str(stamp.nonce),
	    slice_str(stamp.created), secret_slice(user.len > 0 ? &t->hash :
	    &t->oro), secret_slice(&t->oro), &oro_hash_sodium) == 0)
		return print_ticket(t, e);
	err_set(e, "the ticket could not be made: the hash is too long, or "
	    "memory is out");
	return EXIT_WORK;
}

/* ---- PASETO ---- */

static enum exit_status
issue_claims(struct ticket *t, const struct paseto_key *key,
    const char *const *roles, struct errbuf *e)
{
	const char *audiences[] = { t->audience, NULL };
	char id[BASE64URL_ID_SIZE];
	int64_t now = clock_wall_ms(), life = t->for_ms >= 0 ? t->for_ms :
	    FOR_MS;
	struct claims c = {
		.sub = t->sub, .name = t->name, .iss = t->issuer,
		.jti = id, .roles = roles, .user_id = t->user_id,
		.aud = t->audience != NULL ? audiences : NULL,
		.iat = now, .nbf = CLAIMS_NEVER,
		.exp = t->forever ? CLAIMS_NEVER : now + life,
	};

	base64url_make_id(id);
	if (!t->forever && c.exp > WHEN_MAX) {
		err_set(e, "--for: too far in the future");
		return EXIT_USAGE;
	}
	if (paseto_issue(&t->out, key, &c) == 0)
		return print_ticket(t, e);
	err_set(e, "out of memory");
	return EXIT_WORK;
}

/* What would be refused when the ticket is read: its reader says only that it
 * is malformed. */
static int
check_texts(const struct ticket *t, struct errbuf *e)
{
	const struct { const char *option, *text; } rows[] = {
		{ "--name", t->name }, { "--sub", t->sub },
		{ "--audience", t->audience }, { "--issuer", t->issuer },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].text != NULL &&
		    !claims_is_text(slice_str(rows[i].text))) {
			err_set(e, "%s: longer than %d bytes, or with control "
			    "characters", rows[i].option, CLAIMS_TEXT_MAX);
			return -1;
		}
	for (i = 0; i < t->roles.n; i++)
		if (!claims_is_text(slice_str(t->roles.v[i]))) {
			err_set(e, "--role: longer than %d bytes, or with "
			    "control characters", CLAIMS_TEXT_MAX);
			return -1;
		}
	if (t->roles.n <= CLAIMS_LIST_MAX)
		return 0;
	err_set(e, "--role: given more than %d times", CLAIMS_LIST_MAX);
	return -1;
}

static enum exit_status
issue_paseto(struct ticket *t, struct errbuf *e)
{
	const char *roles[CLAIMS_LIST_MAX + 1] = { NULL };
	const struct paseto_key *key = paseto_keys_maker(&t->paseto);

	if (key == NULL) {
		err_set(e, "--key-file: no key in it makes tickets: it takes "
		    "one that begins with k4.secret. or k4.local.");
		return EXIT_USAGE;
	}
	if (t->hash_file != NULL) {
		err_set(e, "--hash-file is for tickets of Oro");
		return EXIT_USAGE;
	}
	if (t->name == NULL && t->sub == NULL) {
		err_set(e, "issue needs --name or --sub: whose ticket is it?");
		return EXIT_USAGE;
	}
	if (check_texts(t, e) == -1)
		return EXIT_USAGE;
	if (t->roles.n > 0)
		memcpy(roles, t->roles.v, t->roles.n * sizeof(roles[0]));
	return issue_claims(t, key, t->roles.n > 0 ? roles : NULL, e);
}

static enum exit_status
check_oro_options(const struct ticket *t, struct errbuf *e)
{
	if (t->sub == NULL && t->audience == NULL && t->issuer == NULL &&
	    t->roles.n == 0 && t->user_id == 0 && t->for_ms < 0 &&
	    !t->forever)
		return EXIT_DONE;
	err_set(e, "a ticket of Oro has only --name: wampd knows the rest of "
	    "the user");
	return EXIT_USAGE;
}

enum exit_status
ticket_issue(struct ticket *t, struct errbuf *e)
{
	enum exit_status status;

	if (t->key_files.n > 0 && t->secret_file != NULL) {
		err_set(e, "--key-file and --secret-file exclude each other");
		return EXIT_USAGE;
	}
	if (t->for_ms >= 0 && t->forever) {
		err_set(e, "--for and --forever exclude each other");
		return EXIT_USAGE;
	}
	if (t->for_ms == 0) {
		err_set(e, "--for: must be more than 0");
		return EXIT_USAGE;
	}
	if ((status = ticket_read_keys(t, e)) != EXIT_DONE)
		return status;
	if (t->oro.len == 0 && t->key_files.n == 0) {
		err_set(e, "issue needs --key-file for a PASETO, or "
		    "--secret-file for a ticket of Oro");
		return EXIT_USAGE;
	}
	if (t->oro.len == 0)
		return issue_paseto(t, e);
	status = check_oro_options(t, e);
	return status == EXIT_DONE ? issue_oro(t, e) : status;
}
