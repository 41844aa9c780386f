/*
 * target.h: the options and the environment that say which server a tool
 * talks to, the same in every tool.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"
#include "client/client.h"
#include "client/retry.h"

struct target_opts {
	const char *control;	/* borrowed; NULL: not given, as url */
	const char *url;
	int64_t	    timeout_ms;	/* -1: not given */
	struct retry_opts retry;
	bool	    insecure;
	bool	    quiet;
	bool	    verbose;
	bool	    trace;
};

#define TARGET_RETRY_MAX	1000000

#define TARGET_OPTS_INIT	{ .timeout_ms = -1, .retry = RETRY_OPTS_INIT }

/* The rows, for a tool's table; o is a struct target_opts *. */
#define TARGET_ROWS(o)							\
	{ .type = OPT_HEADING, .help = "General" },			\
	{ .short_name = 'S', .long_name = "control",			\
	  .type = OPT_STRING, .arg = "PATH",				\
	  .help = "the broker's control socket", .at = &(o)->control,	\
	  .complete = OPT_C_FILE },					\
	{ .short_name = 'u', .long_name = "url", .type = OPT_STRING,	\
	  .arg = "URL", .help = "a WebSocket server: ws:// or wss://",	\
	  .at = &(o)->url },						\
	{ .long_name = "insecure", .type = OPT_FLAG,			\
	  .help = "wss: accept any certificate", .rare = true,		\
	  .at = &(o)->insecure },					\
	{ .short_name = 'w', .long_name = "timeout",			\
	  .type = OPT_DURATION, .arg = "SECONDS",			\
	  .help = "longest wait for the server (10; 0: forever)",	\
	  .at = &(o)->timeout_ms },					\
	{ .long_name = "retry", .type = OPT_INT, .arg = "N",		\
	  .help = "try so often again when there is no server",		\
	  .at = &(o)->retry.tries, .max = TARGET_RETRY_MAX,		\
	  .rare = true },						\
	{ .long_name = "retry-delay", .type = OPT_DURATION,		\
	  .arg = "SECONDS", .help = "first delay, doubling (1)",	\
	  .at = &(o)->retry.delay_ms, .rare = true },			\
	{ .long_name = "retry-max-time", .type = OPT_DURATION,		\
	  .arg = "SECONDS", .help = "no longer than that (0: no bound)",	\
	  .at = &(o)->retry.max_time_ms, .rare = true },		\
	{ .short_name = 'q', .long_name = "quiet", .type = OPT_FLAG,	\
	  .help = "nothing on stderr", .at = &(o)->quiet },		\
	{ .short_name = 'v', .long_name = "verbose", .type = OPT_FLAG,	\
	  .help = "say on stderr what is done", .at = &(o)->verbose },	\
	{ .long_name = "trace", .type = OPT_FLAG,			\
	  .help = "show every WAMP message on stderr", .rare = true,	\
	  .at = &(o)->trace }

/* Fill *out from options, environment (WAMP_URL, WAMPD_CONTROL,
 * WAMP_TIMEOUT) and defaults, in this order; its strings are borrowed.  0, or
 * -1 with *e filled: a usage error. */
int	target_resolve(struct client_target *out, const struct target_opts *o,
	    struct errbuf *e);
