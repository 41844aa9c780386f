/*
 * main.c: wampd's command line.
 */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/endpoint.h"
#include "base/exit.h"
#include "base/io.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/path.h"
#include "client/complete.h"
#include "client/say.h"
#include "wampd/assemble.h"
#include "wampd/check.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"
#include "wampd/init.h"
#include "wampd/net/given.h"
#include "wampd/descriptor_limit.h"
#include "wampd/server.h"
#include "wampd/signals.h"

#define OVERRIDES_MAX	256

struct options {
	const char	*config;
	struct opt_list	 listen;
	struct opt_list	 routes;
	const char	*control;
	const char	*state_dir;
	int		 compat;	/* -1: not given */
	const char	*ports_file;
	bool		 check;
	bool		 print;
	bool		 strict;
	bool		 takeover;
	bool		 background;
	bool		 schema;
	unsigned	 verbose;
	bool		 quiet;
	int		 log_level;	/* -1: not given */
	int		 log_format;	/* -1: not given */
	struct config_override over[OVERRIDES_MAX];	/* made of these */
	struct config_source from;	/* likewise */
};

static void
usage_error(const char *text)
{
	say_line("wampd: ", slice_str(text));
}

/* A wrong address is an error of the command line, like a wrong option, and not
 * of the configuration. */
static int
options_check(const struct options *o, const struct opt_list *operands,
    struct errbuf *e)
{
	struct endpoint at;
	size_t i;

	if (operands->n > 0) {
		err_set(e, "unexpected argument \"%s\": wampd takes options "
		    "only", operands->v[0]);
		return -1;
	}
	for (i = 0; i < o->listen.n; i++)
		if (endpoint_parse(&at, o->listen.v[i], e) == -1) {
			err_wrap(e, "-l");
			return -1;
		}
	if (o->control != NULL && path_check_socket(o->control, e) == -1) {
		err_wrap(e, "-S");
		return -1;
	}
	return 0;
}

static enum opt_outcome
options_read(struct options *o, int argc, char **argv)
{
	const struct opt rows[] = {
		{ .type = OPT_HEADING, .help = "Configuration" },
		{ .short_name = 'c', .long_name = "config",
		  .type = OPT_STRING, .arg = "FILE", .at = &o->config,
		  .complete = OPT_C_FILE,
		  .help = "configuration (wampd.yml); none: defaults" },
		{ .short_name = 'r', .long_name = "routes",
		  .type = OPT_LIST, .arg = "FILE", .at = &o->routes,
		  .complete = OPT_C_FILE,
		  .help = "routing file; repeatable" },
		{ .long_name = "compat", .type = OPT_CHOICE, .arg = "MODE",
		  .at = &o->compat, .choices = key_compat_words,
		  .help = "answer like Oro, or as specified" },
		{ .long_name = "state-dir", .type = OPT_STRING,
		  .arg = "FOLDER", .at = &o->state_dir,
		  .complete = OPT_C_FILE,
		  .help = "folder for the maintenance state", .rare = true },
		{ .long_name = "strict", .type = OPT_FLAG, .at = &o->strict,
		  .help = "do not start with closed routes" },
		{ .type = OPT_HEADING, .help = "Addresses" },
		{ .short_name = 'l', .long_name = "listen",
		  .type = OPT_LIST, .arg = "ADDRESS", .at = &o->listen,
		  .help = "127.0.0.1:8080, tls:*:8443, unix:PATH; repeatable" },
		{ .short_name = 'S', .long_name = "control",
		  .type = OPT_STRING, .arg = "PATH", .at = &o->control,
		  .complete = OPT_C_FILE, .help = "control socket" },
		{ .long_name = "ports-file", .type = OPT_STRING,
		  .arg = "FILE", .at = &o->ports_file,
		  .complete = OPT_C_FILE,
		  .help = "write the addresses to FILE" },
		{ .short_name = 'b', .long_name = "background",
		  .type = OPT_FLAG, .at = &o->background, .rare = true,
		  .help = "return as soon as the broker serves" },
		{ .long_name = "takeover", .type = OPT_FLAG,
		  .at = &o->takeover,
		  .help = "replace the wampd that runs" },
		{ .type = OPT_HEADING, .help = "Checking" },
		{ .short_name = 't', .long_name = "test", .type = OPT_FLAG,
		  .at = &o->check, .help = "check the configuration" },
		{ .short_name = 'T', .long_name = "print",
		  .type = OPT_FLAG, .at = &o->print,
		  .help = "print the effective configuration" },
		{ .long_name = "schema", .type = OPT_FLAG, .rare = true,
		  .at = &o->schema,
		  .help = "print the JSON schema of wampd.yml" },
		{ .type = OPT_HEADING, .help = "Logging" },
		{ .short_name = 'v', .long_name = "verbose",
		  .type = OPT_COUNT, .at = &o->verbose,
		  .help = "log more" },
		{ .short_name = 'q', .long_name = "quiet",
		  .type = OPT_FLAG, .at = &o->quiet,
		  .help = "log errors only" },
		{ .long_name = "log-level", .type = OPT_CHOICE,
		  .arg = "LEVEL", .at = &o->log_level,
		  .choices = key_level_words,
		  .help = "error, warning, info or debug" },
		{ .long_name = "log-format", .type = OPT_CHOICE,
		  .arg = "FORMAT", .at = &o->log_format,
		  .choices = key_format_words,
		  .help = "auto, text, logfmt, json, journald" },
		{ .long_name = NULL }
	};
	const struct opt_spec spec = {
		.name = "wampd",
		.synopsis = "[options]",
		.summary = "The WAMP broker; runs in the foreground.",
		.rows = rows,
	};
	struct opt_list operands = { 0 };
	enum opt_outcome rc;
	struct errbuf e;

	rc = opt_parse(&spec, argc, argv, &operands, &e);
	if (rc == OPT_COMPLETE) {
		if (complete_print(&spec, NULL, argv + 2, (size_t)argc - 2,
		    &e) == EXIT_DONE)
			rc = OPT_DONE;
		else
			usage_error(e.msg);
	}
	if (rc == OPT_RUN && options_check(o, &operands, &e) == -1)
		rc = OPT_USAGE;
	if (rc == OPT_USAGE)
		usage_error(e.msg);
	free(operands.v);
	return rc;
}

/* Collect the options that replace keys.  0, or -1 if there are too many. */
static int
options_overrides(const struct options *o, struct config_override *over,
    size_t *n)
{
	size_t i;

	*n = 0;
	if (o->listen.n + o->routes.n > OVERRIDES_MAX - 8)
		return -1;
	for (i = 0; i < o->listen.n; i++)
		over[(*n)++] = (struct config_override){ "listen",
		    o->listen.v[i] };
	for (i = 0; i < o->routes.n; i++)
		over[(*n)++] = (struct config_override){ "routes",
		    o->routes.v[i] };
	if (o->control != NULL)
		over[(*n)++] = (struct config_override){ "control.path",
		    o->control };
	if (o->state_dir != NULL)
		over[(*n)++] = (struct config_override){ "state_dir",
		    o->state_dir };
	if (o->compat != -1)
		over[(*n)++] = (struct config_override){ "compat",
		    key_compat_words[o->compat] };
	if (o->verbose > 0)
		over[(*n)++] = (struct config_override){ "log.level",
		    "debug" };
	if (o->quiet)
		over[(*n)++] = (struct config_override){ "log.level",
		    "error" };
	if (o->log_level != -1)
		over[(*n)++] = (struct config_override){ "log.level",
		    key_level_words[o->log_level] };
	if (o->log_format != -1)
		over[(*n)++] = (struct config_override){ "log.format",
		    key_format_words[o->log_format] };
	return 0;
}

/* Read the configuration; errors go to *d.  NULL if nothing could be read. */
static struct config *
options_config(struct options *o, struct diags *d)
{
	o->from.file = o->config;
	o->from.over = o->over;
	o->from.ports_file = o->ports_file;
	o->from.strict = o->strict;
	if (options_overrides(o, o->over, &o->from.n) == -1) {
		usage_error("too many -l and -r options");
		return NULL;
	}
	return config_read_again(&o->from, NULL, d);
}

/* Print the diagnostics.  The status tells whether there is an error. */
static enum exit_status
checked(struct diags *d)
{
	diag_print(d, stderr);
	return d->errors == 0 ? EXIT_DONE : EXIT_WORK;
}

/* -t: check everything that can be checked without a change. */
static enum exit_status
check(struct config *cfg, struct diags *d)
{
	assemble_check(cfg, true, d);
	check_machine(cfg, d);
	return checked(d);
}

/* -T: print the effective configuration, and check what does not depend on this
 * machine. */
static enum exit_status
print(struct config *cfg, struct diags *d)
{
	struct buf out = { 0 };
	struct errbuf e;

	if (d->errors == 0 && config_print(&out, cfg, &e) == -1) {
		usage_error(e.msg);
		buf_clear(&out);
		return EXIT_WORK;
	}
	if (out.len > 0)
		(void)fwrite(out.data, 1, out.len, stdout);
	buf_clear(&out);
	assemble_check(cfg, false, d);
	return checked(d);
}

/* --schema: print the schema; no file is read. */
static enum exit_status
print_schema(void)
{
	struct buf out = { 0 };
	enum exit_status status = EXIT_WORK;

	if (config_schema(&out) == 0) {
		(void)fwrite(out.data, 1, out.len, stdout);
		status = EXIT_DONE;
	} else {
		usage_error("out of memory");
	}
	buf_clear(&out);
	return status;
}

static enum exit_status
run(struct config *cfg, const struct config_source *from,
    const struct server_origin *origin, struct diags *d)
{
	enum exit_status status = EXIT_DONE;
	struct errbuf e;

	/* Report all errors at once. */
	if (d->errors > 0)
		return check(cfg, d);
	check_start(cfg, d);
	if (d->errors > 0)
		return checked(d);
	diag_print(d, stderr);
	signals_ignore();
	log_open();
	descriptor_limit_set(cfg->broker.limit_sessions);
	if (server_run(cfg, from, origin, &e) == -1) {
		log_err("%s", e.msg);
		status = EXIT_WORK;
	}
	log_close();
	return status;
}

static int
finish_stdout(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	(void)fprintf(stderr, "wampd: cannot write: %s\n", strerror(errno));
	return -1;
}

/* Become the process that runs the broker.  0, or -1 with *e filled. */
static int
become(const struct options *o, struct server_origin *origin,
    struct errbuf *e)
{
	origin->takeover = o->takeover;
	origin->first_process = init_begin();
	if (o->background && init_background(&origin->ready, e) == -1)
		return -1;
	/* Before we open others. */
	return given_by_manager(origin->given, e);
}

int
main(int argc, char **argv)
{
	struct options o = {
		.compat = -1, .log_level = -1, .log_format = -1
	};
	struct given given = { .n = 0 };
	struct server_origin origin = { .given = &given, .ready = -1 };
	enum exit_status status = EXIT_WORK;
	struct config *cfg = NULL;
	struct diags d = { 0 };
	struct errbuf e;

	switch (options_read(&o, argc, argv)) {
	case OPT_DONE:
		status = EXIT_DONE;
		goto out;
	case OPT_USAGE:
		status = EXIT_USAGE;
		goto out;
	case OPT_COMPLETE:	/* writing the completions failed */
		goto out;
	case OPT_RUN:
	default:
		break;
	}
	if (io_hold_standard(&e) == -1) {
		usage_error(e.msg);
		goto out;
	}
	if (o.schema) {
		status = print_schema();
		goto out;
	}
	if (!o.print && !o.check && become(&o, &origin, &e) == -1) {
		usage_error(e.msg);
		goto out;
	}
	if (sodium_init() == -1) {
		usage_error("libsodium has no source of randomness");
		goto out;
	}
	if ((cfg = options_config(&o, &d)) == NULL) {
		diag_print(&d, stderr);
		goto out;
	}
	log_init("wampd", (enum log_level)cfg->log_level,
	    (enum log_format)cfg->log_format);
	log_set_limits(cfg->log_rate, cfg->log_burst);
	if (o.print)
		status = print(cfg, &d);
	else if (o.check)
		status = check(cfg, &d);
	else
		status = run(cfg, &o.from, &origin, &d);
out:
	if (finish_stdout() == -1)
		status = EXIT_WORK;
	config_free(cfg);
	diag_clear(&d);
	free(o.listen.v);
	free(o.routes.v);
	return (int)status;
}
