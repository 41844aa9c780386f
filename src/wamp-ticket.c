/*
 * wamp-ticket.c: make, show and check tickets, and make keys.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "ticket/ticket.h"

enum action { ACTION_ISSUE, ACTION_KEY, ACTION_SHOW, ACTION_VERIFY };

static const char *const action_names[] = { "issue", "key", "show",
    "verify", NULL };
static const char *const purposes[] = { "public", "local", NULL };

/* An option and the actions that take it, as bits. */
struct use {
	const char *option;
	bool	    given;
	unsigned    actions;
};

#define ISSUE	(1u << ACTION_ISSUE)
#define KEY	(1u << ACTION_KEY)
#define VERIFY	(1u << ACTION_VERIFY)

static int
check_options(const struct ticket *t, enum action action, struct errbuf *e)
{
	const struct use uses[] = {
		{ "--key-file", t->key_files.n > 0, ISSUE | KEY | VERIFY },
		{ "--secret-file", t->secret_file != NULL, ISSUE | VERIFY },
		{ "--hash-file", t->hash_file != NULL, ISSUE | VERIFY },
		{ "--name", t->name != NULL, ISSUE },
		{ "--sub", t->sub != NULL, ISSUE },
		{ "--user-id", t->user_id != 0, ISSUE },
		{ "--role", t->roles.n > 0, ISSUE },
		{ "--for", t->for_ms >= 0, ISSUE },
		{ "--forever", t->forever, ISSUE | VERIFY },
		{ "--audience", t->audience != NULL, ISSUE | VERIFY },
		{ "--issuer", t->issuer != NULL, ISSUE | VERIFY },
		{ "--leeway", t->leeway_ms >= 0, VERIFY },
		{ "--output", t->output != NULL, KEY },
		{ "--key-id", t->key_id != NULL, KEY },
		{ "--purpose", t->purpose != KEY_PUBLIC, KEY },
	};
	size_t i;

	for (i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (uses[i].given && (uses[i].actions & 1u << action) == 0) {
			err_set(e, "%s does not take %s",
			    action_names[action], uses[i].option);
			return -1;
		}
	return 0;
}

static int
check_usage(const struct ticket *t, const struct opt_list *operands,
    enum action *action, struct errbuf *e)
{
	size_t most;
	int i;

	if (operands->n == 0) {
		err_set(e, "need one of issue, key, show and verify");
		return -1;
	}
	if ((i = opt_word(action_names, operands->v[0], e)) == -1)
		return -1;
	*action = (enum action)i;
	most = *action == ACTION_SHOW || *action == ACTION_VERIFY ? 2 : 1;
	if (operands->n > most) {
		err_set(e, most == 2 ? "%s takes one FILE" :
		    "%s takes options only", operands->v[0]);
		return -1;
	}
	return check_options(t, *action, e);
}

static enum exit_status
act(struct ticket *t, enum action action, const char *file, struct errbuf *e)
{
	enum exit_status status = EXIT_DONE;

	if (sodium_init() == -1) {
		err_set(e, "libsodium cannot be used: no random numbers");
		return EXIT_WORK;
	}
	if (action == ACTION_SHOW || action == ACTION_VERIFY)
		status = ticket_read(t, file, e);
	if (status != EXIT_DONE)
		return status;
	switch (action) {
	case ACTION_ISSUE:
		return ticket_issue(t, e);
	case ACTION_KEY:
		return ticket_key(t, e);
	case ACTION_SHOW:
		return ticket_show(t, e);
	case ACTION_VERIFY:
	default:
		return ticket_verify(t, e);
	}
}

static void
ticket_clear(struct ticket *t)
{
	free(t->key_files.v);
	free(t->roles.v);
	paseto_keys_clear(&t->paseto);
	jwks_clear(&t->jwks);
	secret_clear(&t->oro);
	secret_clear(&t->hash);
	buf_clear(&t->text);
	buf_clear(&t->out);
}

int
main(int argc, char **argv)
{
	struct ticket t = { .tool = TOOL_INIT("wamp-ticket"), .for_ms = -1,
	    .leeway_ms = -1 };
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Keys" },
		{ 'k', "key-file", OPT_LIST, .arg = "FILE",
		  .at = &t.key_files, .complete = OPT_C_FILE,
		  .help = "keys of PASETO; verify: of JWT, too (repeatable)" },
		{ .long_name = "secret-file", .type = OPT_STRING,
		  .arg = "FILE", .at = &t.secret_file,
		  .complete = OPT_C_FILE,
		  .help = "Oro: the application's secret (ORO_SECRET)" },
		{ .long_name = "hash-file", .type = OPT_STRING,
		  .arg = "FILE", .at = &t.hash_file, .complete = OPT_C_FILE,
		  .rare = true,
		  .help = "Oro: the hash of the user's password" },
		{ .type = OPT_HEADING, .help = "The bearer of a new ticket" },
		{ 'n', "name", OPT_STRING, .arg = "NAME", .at = &t.name,
		  .help = "name of the user" },
		{ .long_name = "sub", .type = OPT_STRING, .arg = "TEXT",
		  .at = &t.sub,
		  .help = "the subject; without --name, it is the name" },
		{ .long_name = "user-id", .type = OPT_INT, .arg = "N",
		  .at = &t.user_id, .min = 1, .max = INT64_MAX,
		  .help = "id of the user in the application" },
		{ .long_name = "role", .type = OPT_LIST, .arg = "ROLE",
		  .at = &t.roles, .help = "a role of the user (repeatable)" },
		{ .type = OPT_HEADING, .help = "When and where it is valid" },
		{ .long_name = "for", .type = OPT_DURATION,
		  .arg = "DURATION", .at = &t.for_ms,
		  .help = "how long, 90, 2h (5m)" },
		{ .long_name = "forever", .type = OPT_FLAG, .at = &t.forever,
		  .rare = true,
		  .help = "it has no end; verify: it needs none" },
		{ .long_name = "audience", .type = OPT_STRING, .arg = "TEXT",
		  .at = &t.audience,
		  .help = "for whom it is; verify: who we are" },
		{ .long_name = "issuer", .type = OPT_STRING, .arg = "TEXT",
		  .at = &t.issuer, .help = "who makes it" },
		{ .long_name = "leeway", .type = OPT_DURATION,
		  .arg = "DURATION", .at = &t.leeway_ms, .rare = true,
		  .help = "verify: how much clocks may differ (0)" },
		{ .type = OPT_HEADING, .help = "New keys" },
		{ .long_name = "output", .type = OPT_STRING, .arg = "FILE",
		  .at = &t.output, .complete = OPT_C_FILE,
		  .help = "where the secret goes; it must not exist yet" },
		{ .long_name = "purpose", .type = OPT_CHOICE,
		  .arg = "PURPOSE", .at = &t.purpose, .choices = purposes,
		  .help = "public (default) signs, local encrypts" },
		{ .long_name = "key-id", .type = OPT_STRING, .arg = "ID",
		  .at = &t.key_id, .rare = true,
		  .help = "how tickets name it, instead of its own id" },
		{ .type = OPT_HEADING, .help = "Messages" },
		{ 'q', "quiet", OPT_FLAG, .at = &t.tool.where.quiet,
		  .help = "print nothing on stderr" },
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wamp-ticket",
		.synopsis = "[options] issue | key | show [FILE] | "
		    "verify [FILE]",
		.summary = "Make and check the tickets with which clients "
		    "prove who they are.",
		.rows = rows,
		.operand = OPT_C_WORDS,
		.words = action_names,
	};
	struct opt_list operands = { 0 };
	enum action action = ACTION_ISSUE;
	struct errbuf e = { "" };
	enum exit_status status;

	if (!tool_parse(&t.tool, &spec, argc, argv, &operands, &status))
		return (int)status;
	status = EXIT_USAGE;
	if (check_usage(&t, &operands, &action, &e) == 0)
		status = act(&t, action, operands.n > 1 ? operands.v[1] :
		    NULL, &e);
	free(operands.v);
	ticket_clear(&t);
	return tool_end(&t.tool, status, &e);
}
