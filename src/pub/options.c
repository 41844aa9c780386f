/*
 * options.c: which options and operands of wamp-pub can be combined.
 */
#include "pub/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/tempo.h"
#include "base/utf8.h"

/* ---- operands ---- */

static bool
is_input(const struct pub_options *o)
{
	return o->lines || o->nul || o->files.n > 0;
}

static enum exit_status
take_topic(struct pub_options *o, const char *topic, struct errbuf *e)
{
	if (topic[0] == '\0')
		err_set(e, "TOPIC is empty");
	else if (!utf8_valid(slice_str(topic)))
		err_set(e, "TOPIC is not UTF-8");
	else {
		o->topic = topic;
		return EXIT_DONE;
	}
	return EXIT_USAGE;
}

/* With --replay: [TOPIC], unless another option gives the topic. */
static enum exit_status
take_replay(struct pub_options *o, const struct opt_list *operands,
    struct errbuf *e)
{
	bool given = o->routed.route != NULL || o->topic_filter != NULL;

	if (operands->n > (given ? 0 : 1)) {
		err_set(e, given ? "--replay with --route or --topic-jq takes "
		    "no TOPIC and no event" : "--replay takes at most TOPIC, "
		    "and no event");
		return EXIT_USAGE;
	}
	return operands->n > 0 ? take_topic(o, operands->v[0], e) : EXIT_DONE;
}

/* The operands without those of --route: [TOPIC] [JSON]. */
static enum exit_status
take_operands(struct pub_options *o, const struct opt_list *operands,
    struct errbuf *e)
{
	bool routed = o->routed.route != NULL;
	size_t topics = routed || o->topic_filter != NULL ? 0 : 1;

	if (o->replay != NULL)
		return take_replay(o, operands, e);
	if (operands->n < topics || operands->n > topics + 1) {
		err_set(e, topics > 0 ? "need TOPIC, and at most one event" :
		    routed ? "--route takes name=value, no TOPIC, and at most "
		    "one event" :
		    "--topic-jq takes no TOPIC, and at most one event");
		return EXIT_USAGE;
	}
	o->is_stdin = operands->n > topics &&
	    strcmp(operands->v[topics], "-") == 0;
	if (operands->n > topics && !o->is_stdin)
		o->text = operands->v[topics];
	return topics > 0 ? take_topic(o, operands->v[0], e) : EXIT_DONE;
}

/* ---- options ---- */

/* Why the options for the input cannot be combined; NULL: they can. */
static const char *
source_conflict(const struct pub_options *o)
{
	bool records = o->lines || o->nul;

	if (o->replay != NULL && (o->files.n > 0 || o->null || o->string))
		return "--replay and -f, -n or -s exclude each other";
	if (o->replay != NULL && o->from_value > 0)
		return "--replay reads lines: --from-line counts them";
	if (o->replay != NULL && o->repeat > 0)
		return "--replay and --repeat exclude each other";
	if (o->text != NULL && (is_input(o) || o->null))
		return "an event on the command line and -l, -0, -f or -n "
		    "exclude each other";
	if (o->is_stdin && o->files.n > 0)
		return "- and -f exclude each other: write -f - for stdin "
		    "among files";
	if (o->null && (is_input(o) || o->string || o->is_stdin))
		return "-n and -l, -0, -f, -s or - exclude each other";
	if (o->lines && o->nul)
		return "-l and -0 exclude each other";
	if (o->skip_invalid && !records)
		return "--skip-invalid needs -l or -0";
	if (o->from > 0 && !records)
		return "--from-line needs -l or -0; --from-value counts "
		    "values";
	if (o->from_value > 0 && (records || o->string || o->null ||
	    o->text != NULL))
		return "--from-value is for a stream of JSON values: not for "
		    "-l, -0, -s or a single event";
	if (o->repeat > 0 && records)
		return "--repeat is for single events, not for -l or -0";
	return NULL;
}

static const char *
other_conflict(const struct pub_options *o)
{
	const struct publisher_opts *how = &o->how;

	if (o->topic_filter != NULL && o->routed.route != NULL)
		return "--topic-jq and --route exclude each other";
	if (o->speed_text != NULL && o->replay == NULL)
		return "--speed needs --replay";
	if (o->speed_text != NULL && (o->delay_ms >= 0 || o->rate >= 0))
		return "--speed and --delay or --rate exclude each other";
	if (program_args_given(&o->args) && o->filter == NULL &&
	    o->topic_filter == NULL)
		return "--arg and --argjson need -e or --topic-jq";
	if (o->delay_ms >= 0 && o->rate >= 0)
		return "--delay and --rate exclude each other";
	if (o->dry_run && o->routed.route != NULL && o->routed.files.n == 0)
		return "--dry-run does not ask the broker, so --route needs "
		    "--routes";
	if (o->dry_run && how->exclude_me &&
	    how->exclude.n + how->eligible.n > 0)
		return "--dry-run has no session, so --exclude-me cannot be "
		    "combined with --exclude and --eligible";
	return NULL;
}

/* Options of --replay: the speed and the file. */
static enum exit_status
options_check_replay(struct pub_options *o, struct errbuf *e)
{
	o->repeat = 1;
	/* --delay and --rate set the pace themselves, and --dry-run need not
	 * wait. */
	o->speed = o->delay_ms >= 0 || o->rate >= 0 || o->dry_run ? 0 : 1;
	if (o->speed_text != NULL && tempo_read(&o->speed,
	    o->speed_text) == -1) {
		err_set(e, "--speed: \"%s\" is neither max nor a number such "
		    "as 2 or 0.5", o->speed_text);
		return EXIT_USAGE;
	}
	if (opt_list_add(&o->files, o->replay) == 0)
		return EXIT_DONE;
	err_set(e, "out of memory");
	return EXIT_WORK;
}

enum exit_status
options_check(struct pub_options *o, struct opt_list *operands,
    struct errbuf *e)
{
	enum exit_status status;
	const char *conflict;

	status = routed_take(&o->routed, operands, e);
	if (status == EXIT_DONE)
		status = take_operands(o, operands, e);
	if (status != EXIT_DONE)
		return status;
	if (o->replay != NULL && !o->nul)
		o->lines = true;
	if ((conflict = source_conflict(o)) != NULL ||
	    (conflict = other_conflict(o)) != NULL) {
		err_set(e, "%s", conflict);
		return EXIT_USAGE;
	}
	if (o->replay != NULL)
		return options_check_replay(o, e);
	if (o->from_value > 0)
		o->from = o->from_value;
	if (o->null)
		o->text = "null";
	if (o->repeat == 0)
		o->repeat = 1;
	return EXIT_DONE;
}

void
options_clear(struct pub_options *o)
{
	routed_clear(&o->routed);
	program_args_clear(&o->args);
	free(o->files.v);
	free(o->how.exclude.v);
	free(o->how.eligible.v);
}
