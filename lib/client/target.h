/*
 * target.h: which server a tool uses and how it logs in; the same in every
 * tool.  Settings come from options, then the environment, then a profile,
 * which may be the default one, then Oro's environment, then defaults
 * (wamp-profiles(5)).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/opt.h"
#include "client/client.h"
#include "client/retry.h"

/* The settings of one place: the command line, the environment or a profile.
 * Strings are borrowed.  NULL, -1, false and empty mean "not set". */
struct target_opts {
	const char *control;
	const char *url;
	const char *ticket;		/* no option, because it is a secret */
	const char *ticket_file;	/* "-": no ticket */
	const char *cra_user;
	const char *cra_secret;		/* no option */
	const char *cra_secret_file;	/* no option; it belongs to cra_user */
	const char *origin;
	struct opt_list headers;	/* "Name: value" */
	const char *cacert;
	const char *cert;
	const char *key;
	int64_t	    timeout_ms;
	int64_t	    keepalive_ms;
	bool	    insecure;
	bool	    no_subprotocol;
	/* the command line only */
	const char *profile;
	struct retry_opts retry;
	bool	    quiet;
	bool	    verbose;
	bool	    trace;
};

#define TARGET_RETRY_MAX	1000000

#define TARGET_OPTS_INIT	{ .timeout_ms = -1, .keepalive_ms = -1, \
	.retry = RETRY_OPTS_INIT }

#define TARGET_KEEPALIVE_ROW(o)						\
	{ .long_name = "keepalive", .type = OPT_DURATION,		\
	  .arg = "SECONDS",						\
	  .help = "ask a silent server if it is alive (30; 0: never)",	\
	  .at = &(o)->keepalive_ms, .rare = true }

/* The rows, for a tool's table; o is a struct target_opts *. */
#define TARGET_ROWS(o)							\
	{ .type = OPT_HEADING, .help = "General" },			\
	{ .type = OPT_HEADING, .help = "Server", .rare = true },	\
	{ .short_name = 'S', .long_name = "control",			\
	  .type = OPT_STRING, .arg = "PATH",				\
	  .help = "the broker's control socket", .at = &(o)->control,	\
	  .complete = OPT_C_FILE },					\
	{ .short_name = 'u', .long_name = "url", .type = OPT_STRING,	\
	  .arg = "URL", .help = "a server: ws://, wss://, ws+unix://",	\
	  .at = &(o)->url },						\
	{ .short_name = 'P', .long_name = "profile",			\
	  .type = OPT_STRING, .arg = "NAME",				\
	  .help = "a server of ~/.config/wamp/profiles.yml",		\
	  .at = &(o)->profile, .complete = OPT_C_PROFILE },		\
	{ .long_name = "no-subprotocol", .type = OPT_FLAG,		\
	  .help = "do not ask for the subprotocol wamp",		\
	  .at = &(o)->no_subprotocol, .rare = true },			\
	{ .type = OPT_HEADING, .help = "Login", .rare = true },		\
	{ .long_name = "ticket-file", .type = OPT_STRING,		\
	  .arg = "FILE", .help = "log in with this ticket; -: without",	\
	  .at = &(o)->ticket_file, .complete = OPT_C_FILE,		\
	  .rare = true },						\
	{ .long_name = "cra-user", .type = OPT_STRING, .arg = "NAME",	\
	  .help = "log in with WAMP-CRA; WAMP_CRA_SECRET_FILE: secret",	\
	  .at = &(o)->cra_user, .rare = true },				\
	{ .long_name = "origin", .type = OPT_STRING, .arg = "ORIGIN",	\
	  .help = "the header Origin of the handshake",			\
	  .at = &(o)->origin, .rare = true },				\
	{ .long_name = "header", .type = OPT_LIST, .arg = "'K: V'",	\
	  .help = "a header of the handshake (repeatable)",		\
	  .at = &(o)->headers, .rare = true },				\
	{ .type = OPT_HEADING, .help = "TLS", .rare = true },		\
	{ .long_name = "cacert", .type = OPT_STRING, .arg = "FILE",	\
	  .help = "wss: trust these certificates only",			\
	  .at = &(o)->cacert, .complete = OPT_C_FILE, .rare = true },	\
	{ .long_name = "cert", .type = OPT_STRING, .arg = "FILE",	\
	  .help = "wss: the client's certificate",			\
	  .at = &(o)->cert, .complete = OPT_C_FILE, .rare = true },	\
	{ .long_name = "key", .type = OPT_STRING, .arg = "FILE",	\
	  .help = "wss: its key; default: in the same file",		\
	  .at = &(o)->key, .complete = OPT_C_FILE, .rare = true },	\
	{ .long_name = "insecure", .type = OPT_FLAG,			\
	  .help = "wss: accept any certificate",			\
	  .at = &(o)->insecure, .rare = true },				\
	{ .type = OPT_HEADING, .help = "Time limits and retries",	\
	  .rare = true },						\
	{ .short_name = 'w', .long_name = "timeout",			\
	  .type = OPT_DURATION, .arg = "SECONDS",			\
	  .help = "longest wait for the server (10; 0: forever)",	\
	  .at = &(o)->timeout_ms },					\
	TARGET_KEEPALIVE_ROW(o),					\
	{ .long_name = "retry", .type = OPT_INT, .arg = "N",		\
	  .help = "retries if connecting fails",			\
	  .at = &(o)->retry.tries, .max = TARGET_RETRY_MAX,		\
	  .rare = true },						\
	{ .long_name = "retry-delay", .type = OPT_DURATION,		\
	  .arg = "SECONDS",						\
	  .help = "delay before the first retry, then doubled (1)",	\
	  .at = &(o)->retry.delay_ms, .rare = true },			\
	{ .long_name = "retry-max-time", .type = OPT_DURATION,		\
	  .arg = "SECONDS",						\
	  .help = "no retry after this time (0: no limit)",		\
	  .at = &(o)->retry.max_time_ms, .rare = true },		\
	{ .type = OPT_HEADING, .help = "Messages", .rare = true },	\
	{ .short_name = 'q', .long_name = "quiet", .type = OPT_FLAG,	\
	  .help = "print nothing on stderr", .at = &(o)->quiet },	\
	{ .short_name = 'v', .long_name = "verbose", .type = OPT_FLAG,	\
	  .help = "say on stderr what is done", .at = &(o)->verbose },	\
	{ .long_name = "trace", .type = OPT_FLAG,			\
	  .help = "show every WAMP message on stderr",			\
	  .at = &(o)->trace, .rare = true }

/* The settings of all places together. */
struct target {
	struct client_target client;	/* its strings are in mem, in options or
					 * in the environment */
	struct arena mem;
	struct errbuf warning;		/* not "": a warning */
};

/* Fill *out for one connection: secrets are read and tickets made each time.
 * Call target_clear() in any case. */
enum exit_status target_resolve(struct target *out,
	    const struct target_opts *o, struct errbuf *e);

/* Check the settings of a profile alone, its URL and its files, without
 * connecting.  *e is the first error, without a place. */
enum exit_status target_check(const struct target_opts *profile,
	    struct errbuf *e);

void	target_clear(struct target *t);
