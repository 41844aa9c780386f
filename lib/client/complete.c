/*
 * complete.c: what completes the last word of a command line.
 */
#include "client/complete.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/opt_cursor.h"
#include "base/opt_row.h"
#include "base/printable.h"
#include "proto/json.h"
#include "client/profile.h"
#include "client/tool_print.h"

/* Connecting and the answer have each so long: who types does not notice. */
#define COMPLETE_WAIT_MS	250
#define COMPLETE_LIMIT	2	/* seconds for what heeds no such bound: the
				 * lookup of a name, a secret's file that is a
				 * pipe */

/* ---- lines ---- */

/* A choice.  Peers choose the names of topics: one with a control character is
 * left out, since it cannot stand on a line, nor on a command line. */
static int
add_choice(struct buf *out, struct slice name, struct slice about)
{
	size_t from = out->len, printed;

	if (printable_add(out, name) == -1)
		return -1;
	printed = out->len - from;
	if (printed != name.len || printed == 0) {
		out->len = from;
		return 0;
	}
	if (about.len > 0 && (buf_add_char(out, '\t') == -1 ||
	    printable_add(out, about) == -1))
		return -1;
	return buf_add_char(out, '\n');
}

static int
add_words(struct buf *out, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++)
		if (add_choice(out, slice_str(*words), slice_of(NULL, 0)) ==
		    -1)
			return -1;
	return 0;
}

static int
add_names(struct buf *out, const struct opt *rows)
{
	const struct opt *o;
	int rc = 0;

	for (o = rows; !opt_is_end(o) && rc == 0; o++) {
		if (o->type == OPT_HEADING)
			continue;
		if (o->long_name != NULL)
			rc = buf_addf(out, "--%s\t%s\n", o->long_name,
			    o->help);
		if (o->short_name != 0 && rc == 0)
			rc = buf_addf(out, "-%c\t%s\n", o->short_name,
			    o->help);
	}
	return rc;
}

/* ---- what the server knows ---- */

/* A procedure that lists, and the strings of a listed object to offer and to
 * tell about it. */
struct question {
	const char *procedure;
	const char *name;
	const char *about;
};

static const struct question questions[] = {
	[OPT_C_TOPIC] = { "wampd.topics", "topic", "route" },
	[OPT_C_PROCEDURE] = { "wampd.help", "procedure", "help" },
	[OPT_C_ROUTE] = { "wampd.routes", "route", "channel" },
	[OPT_C_SESSION] = { "wampd.sessions", "session", "principal" },
};

/* Routes of one topic: it is known before anybody has subscribed to it. */
static const struct question fixed_topics = {
	"wampd.routes", "channel", "route"
};

#define QUESTIONS	(sizeof(questions) / sizeof(questions[0]))

/* Handed each object of a list.  0 or -1 when out of memory. */
typedef int each_fn(void *arg, struct slice object);

/* A member that is a string; empty when there is none. */
static int
string_member(struct slice object, const char *key, struct slice *out,
    struct buf *scratch)
{
	struct json_elem value;

	*out = slice_of(NULL, 0);
	if (!json_member(object, key, &value) || value.type != JSON_STRING)
		return 0;
	return json_string(out, &value, scratch);
}

static enum exit_status
each_of(struct client *c, const char *procedure, each_fn *each, void *arg,
    struct errbuf *e)
{
	struct client_answer a;
	struct json_elem elem;
	struct slice rest;
	enum exit_status status;

	status = client_call(c, slice_str(procedure), SLICE(""), &a, e);
	if (status != EXIT_DONE || a.is_error || a.result.p[0] != '[')
		return status;
	rest = json_inside(a.result);
	while (json_next(&rest, &elem))
		if (elem.type == JSON_OBJECT && each(arg, elem.text) == -1) {
			err_set(e, "out of memory");
			return EXIT_WORK;
		}
	return EXIT_DONE;
}

static void
give_up(int signo)
{
	(void)signo;
	_exit(EXIT_DONE);
}

/* Call each() for every object of the procedure's list.  That there is no such
 * server or procedure leaves nothing to offer, and is no failure.  Whether
 * there was an answer. */
static bool
ask(const struct target_opts *where, const char *procedure, each_fn *each,
    void *arg)
{
	struct client_attempt attempt = { .wake_fd = -1 };
	struct client_events none = { 0 };
	struct target target = { 0 };
	struct client *c = NULL;
	struct errbuf e;
	bool answered;

	(void)signal(SIGALRM, give_up);
	(void)alarm(COMPLETE_LIMIT);
	if (where != NULL && target_resolve(&target, where, &e) == EXIT_DONE) {
		target.client.timeout_ms = COMPLETE_WAIT_MS;
		target.client.trace = false;
		(void)client_open(&c, &target.client, &none, &attempt, &e);
	}
	answered = c != NULL &&
	    each_of(c, procedure, each, arg, &e) == EXIT_DONE;
	(void)alarm(0);
	client_free(c);
	target_clear(&target);
	return answered;
}

struct listing {
	struct buf	      *out;
	const struct question *question;
	struct buf	       scratch[2];	/* of name and about */
};

/* Whether a line of the offers is that name. */
static bool
is_listed(const struct buf *out, struct slice name)
{
	struct slice rest = buf_slice(out);
	const char *end;

	while ((end = memchr(rest.p, '\n', rest.len)) != NULL) {
		if (rest.len > name.len && slice_eq(slice_of(rest.p, name.len),
		    name) && strchr("\t\n", rest.p[name.len]) != NULL)
			return true;
		rest = slice_of(end + 1,
		    rest.len - (size_t)(end + 1 - rest.p));
	}
	return false;
}

static int
list_object(void *arg, struct slice object)
{
	struct listing *l = arg;
	struct slice name, about;

	if (string_member(object, l->question->name, &name, &l->scratch[0]) ==
	    -1 || string_member(object, l->question->about, &about,
	    &l->scratch[1]) == -1)
		return -1;
	if (name.len == 0 || (l->question == &fixed_topics &&
	    (memchr(name.p, '{', name.len) != NULL ||
	    is_listed(l->out, name))))
		return 0;
	return add_choice(l->out, name, about);
}

static void
add_listed(struct buf *out, const struct target_opts *where,
    enum opt_complete kind)
{
	struct listing l = { .out = out, .question = &questions[kind] };

	if (ask(where, l.question->procedure, list_object, &l) &&
	    kind == OPT_C_TOPIC) {
		l.question = &fixed_topics;
		(void)ask(where, l.question->procedure, list_object, &l);
	}
	buf_clear(&l.scratch[0]);
	buf_clear(&l.scratch[1]);
}

/* ---- parameters of a route ---- */

struct parameters {
	struct buf  *out;
	struct slice route;
	struct buf   scratch;
};

static bool
is_name_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '_';
}

/* "name=" of each "{name}" in a channel. */
static int
add_parameters(struct buf *out, struct slice channel)
{
	size_t i = 0, from;

	while (i < channel.len) {
		if (channel.p[i++] != '{')
			continue;
		for (from = i; i < channel.len && is_name_char(channel.p[i]);
		    i++)
			;
		if (i > from && buf_addf(out, "%.*s=\n", (int)(i - from),
		    channel.p + from) == -1)
			return -1;
	}
	return 0;
}

static int
parameters_object(void *arg, struct slice object)
{
	struct parameters *p = arg;
	struct slice text;

	if (string_member(object, "route", &text, &p->scratch) == -1)
		return -1;
	if (!slice_eq(text, p->route))
		return 0;
	if (string_member(object, "channel", &text, &p->scratch) == -1)
		return -1;
	return add_parameters(p->out, text);
}

/* ---- the answer ---- */

static int
add_head(struct buf *out, const char *how, const char *word,
    const char *value)
{
	return buf_addf(out, "%s\t%.*s\n", how, (int)(value - word), word);
}

static int
add_value(struct buf *out, const struct opt_cursor *at, const char *word,
    const struct target_opts *where)
{
	if (add_head(out, at->kind == OPT_C_FILE ? "files" :
	    at->kind == OPT_C_COMMAND ? "commands" : "values", word,
	    at->value) == -1)
		return -1;
	if (at->kind == OPT_C_WORDS)
		return add_words(out, at->words);
	if (at->kind == OPT_C_PROFILE)
		return profile_list(out);
	if (at->kind < QUESTIONS && questions[at->kind].procedure != NULL)
		add_listed(out, where, at->kind);
	return 0;
}

static int
add_route_parameters(struct buf *out, const struct opt_cursor *at,
    const char *word, const struct target_opts *where)
{
	struct parameters p = { .out = out, .route = slice_str(at->route) };

	if (add_head(out, "stems", word, at->value) == -1)
		return -1;
	if (strchr(at->value, '=') == NULL)
		(void)ask(where, "wampd.routes", parameters_object, &p);
	buf_clear(&p.scratch);
	return 0;
}

enum exit_status
complete_print(const struct opt_spec *spec, const struct target_opts *where,
    char **words, size_t n, struct errbuf *e)
{
	const char *word = words[n - 1];
	struct buf out = { 0 };
	struct opt_cursor at;
	enum exit_status status = EXIT_WORK;
	int rc;

	opt_cursor(&at, spec, words, n);
	if (at.names)
		rc = add_head(&out, "values", word, word) == 0 &&
		    add_names(&out, spec->rows) == 0 ?
		    add_names(&out, opt_builtin_rows) : -1;
	else if (at.operand && at.route != NULL)
		rc = add_route_parameters(&out, &at, word, where);
	else
		rc = add_value(&out, &at, word, where);
	if (rc == 0)
		status = tool_print(&out, e);
	else
		err_set(e, "out of memory");
	buf_clear(&out);
	return status;
}
