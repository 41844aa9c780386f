/*
 * options.c: which options and operands of wamp-pub go together.
 */
#include "pub/options.h"

#include <stdlib.h>
#include <string.h>

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

/* The operands that --route has left: [TOPIC] [JSON]. */
static enum exit_status
take_operands(struct pub_options *o, const struct opt_list *operands,
    struct errbuf *e)
{
	bool routed = o->routed.route != NULL;
	size_t topics = routed || o->topic_filter != NULL ? 0 : 1;

	if (operands->n < topics || operands->n > topics + 1) {
		err_set(e, topics > 0 ? "need TOPIC, and at most one event" :
		    routed ? "with --route need name=value, no TOPIC, and at "
		    "most one event" :
		    "with --topic-jq need no TOPIC, and at most one event");
		return EXIT_USAGE;
	}
	o->is_stdin = operands->n > topics &&
	    strcmp(operands->v[topics], "-") == 0;
	if (operands->n > topics && !o->is_stdin)
		o->text = operands->v[topics];
	return topics > 0 ? take_topic(o, operands->v[0], e) : EXIT_DONE;
}

/* ---- options ---- */

/* What of the sources excludes each other; NULL: nothing. */
static const char *
source_conflict(const struct pub_options *o)
{
	bool records = o->lines || o->nul;

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
	if (o->delay_ms >= 0 && o->rate >= 0)
		return "--delay and --rate exclude each other";
	if (o->dry_run && o->routed.route != NULL && o->routed.files.n == 0)
		return "--dry-run asks no broker: --route needs --routes";
	if (o->dry_run && how->exclude_me &&
	    how->exclude.n + how->eligible.n > 0)
		return "--dry-run has no session to list: leave out "
		    "--exclude-me";
	return NULL;
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
	if ((conflict = source_conflict(o)) != NULL ||
	    (conflict = other_conflict(o)) != NULL) {
		err_set(e, "%s", conflict);
		return EXIT_USAGE;
	}
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
	free(o->files.v);
	free(o->how.exclude.v);
	free(o->how.eligible.v);
}
