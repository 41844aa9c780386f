/*
 * tool.c: the parts that all command-line tools share.
 */
#include "client/tool.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/utf8.h"
#include "client/complete.h"
#include "client/header.h"
#include "client/say.h"
#include "client/transport.h"
#include "proto/json.h"

#define TOOL_GOODBYE_MS	1000	/* the longest wait for a goodbye */

/* After a failure, print why. */
static void
tool_excuse(const struct tool *t, enum exit_status status,
    const struct errbuf *e)
{
	if (status != EXIT_DONE && e->msg[0] != '\0')
		tool_say(t, "%s", e->msg);
}

/* ---- the command line ---- */

/* The place in argv that value points to, which can be overwritten; NULL:
 * elsewhere. */
static char *
find_argument(char **argv, const char *value)
{
	for (; *argv != NULL; argv++)
		if (value >= *argv && value <= *argv + strlen(*argv))
			return *argv + (value - *argv);
	return NULL;
}

/* Keep the value elsewhere, and overwrite it in argv from len bytes on. */
static void
conceal(struct tool *t, char **argv, const char **value, size_t len)
{
	char *shown = find_argument(argv, *value), *copy;

	if (shown == NULL || len >= strlen(shown) ||
	    (copy = arena_copy(&t->kept, slice_str(shown))) == NULL)
		return;
	*value = copy;
	memset(shown + len, '.', strlen(shown + len));
}

static void
tool_conceal(struct tool *t, char **argv)
{
	struct target_opts *o = &t->where;
	size_t i;

	if (o->url != NULL)
		conceal(t, argv, &o->url, strchr(o->url, '@') != NULL ? 0 :
		    strcspn(o->url, "?#"));
	for (i = 0; i < o->headers.n; i++)
		if (header_is_secret(header_name(o->headers.v[i])))
			conceal(t, argv, &o->headers.v[i],
			    header_name(o->headers.v[i]).len + 1);
}

bool
tool_parse(struct tool *t, const struct opt_spec *spec, int argc,
    char **argv, struct opt_list *operands, enum exit_status *status)
{
	struct errbuf e = { "" };

	switch (opt_parse(spec, argc, argv, operands, &e)) {
	case OPT_RUN:
		tool_conceal(t, argv);
		if (io_hold_standard(&e) == 0)
			return true;
		*status = EXIT_WORK;
		break;
	case OPT_DONE:
		*status = EXIT_DONE;
		if (fflush(stdout) == EOF)
			*status = tool_print_failed(&e);
		break;
	case OPT_COMPLETE:
		*status = complete_print(spec, &t->where, argv + 2,
		    (size_t)argc - 2, &e);
		break;
	case OPT_USAGE:
		*status = EXIT_USAGE;
		break;
	}
	tool_excuse(t, *status, &e);
	opt_clear(spec);
	free(operands->v);
	*operands = (struct opt_list){ 0 };
	return false;
}

static uint32_t
tool_dice(void)
{
	uint32_t n;

	return getentropy(&n, sizeof(n)) == 0 ? n : 0;
}

static enum exit_status
tool_connect(const struct tool *t, struct client **c,
    const struct client_events *ev, struct client_attempt *attempt,
    struct errbuf *e)
{
	struct target target;
	enum exit_status status;

	attempt->may_pass = false;
	status = target_resolve(&target, &t->where, e);
	if (target.warning.msg[0] != '\0')
		tool_say(t, "warning: %s", target.warning.msg);
	if (status == EXIT_DONE)
		status = client_open(c, &target.client, ev, attempt, e);
	target_clear(&target);
	if (status == EXIT_DONE && t->where.verbose)
		tool_say(t, "connected to %s as session %s",
		    client_ident(*c), client_session(*c));
	return status;
}

/* Report the failure, and wait.  Whether to try again: not if r gives up, or if
 * wake_fd was readable, which *woken says. */
static bool
tool_wait(const struct tool *t, struct retry *r, int wake_fd, bool *woken,
    const struct errbuf *e)
{
	int64_t now = clock_ms(), wait = retry_next(r, now);

	if (wait == -1)
		return false;
	tool_say(t, "%s; next try in %.1f s", e->msg, (double)wait / 1000);
	do
		(void)transport_poll(-1, 0, now + wait, wake_fd, woken);
	while (!*woken && !transport_expired(now + wait));
	return !*woken;
}

static enum exit_status
tool_persist(const struct tool *t, struct client **c,
    const struct client_events *ev, struct retry *r,
    struct client_attempt *attempt, struct errbuf *e)
{
	enum exit_status status;

	do {
		status = tool_connect(t, c, ev, attempt, e);
		if (attempt->woken)
			return EXIT_DONE;
		if (status == EXIT_DONE || !attempt->may_pass)
			return status;
	} while (tool_wait(t, r, attempt->wake_fd, &attempt->woken, e));
	return attempt->woken ? EXIT_DONE : status;
}

void
tool_retry_init(const struct tool *t, struct retry *r, int64_t tries)
{
	retry_init(r, &t->where.retry, tries, tool_dice);
}

enum exit_status
tool_open(const struct tool *t, struct client **c,
    const struct client_events *ev, struct errbuf *e)
{
	struct client_attempt attempt = { .wake_fd = -1 };
	struct retry r;

	*c = NULL;
	tool_retry_init(t, &r, 0);
	r.end_ms = t->open_by_ms;
	return tool_persist(t, c, ev, &r, &attempt, e);
}

enum exit_status
tool_reopen(const struct tool *t, struct client **c,
    const struct client_events *ev, struct retry *r, int wake_fd,
    struct errbuf *e)
{
	struct client_attempt attempt = { .wake_fd = wake_fd };
	enum exit_status status;

	client_free(*c);
	*c = NULL;
	if (!tool_wait(t, r, wake_fd, &attempt.woken, e))
		return attempt.woken ? EXIT_DONE : EXIT_LOST;
	status = tool_persist(t, c, ev, r, &attempt, e);
	if (status == EXIT_DONE && *c != NULL)
		tool_say(t, "connected again");
	return status;
}

void
tool_close(const struct tool *t, struct client *c)
{
	struct errbuf e;

	if (c != NULL)
		client_bound(c, TOOL_GOODBYE_MS);
	if (client_close(c, &e) != EXIT_DONE && t->where.verbose)
		tool_say(t, "closing: %s", e.msg);
}

void
tool_leave(const struct tool *t, struct client *c, enum exit_status status)
{
	if (status == EXIT_LOST || status == EXIT_TIMEOUT)
		client_free(c);
	else
		tool_close(t, c);
}

void
tool_say(const struct tool *t, const char *fmt, ...)
{
	struct buf head = { 0 }, text = { 0 };
	va_list ap;

	if (t->where.quiet)
		return;
	va_start(ap, fmt);
	if (buf_addf(&head, "%s: ", t->name) == 0 &&
	    buf_cstr(&head) != NULL && buf_vaddf(&text, fmt, ap) == 0)
		say_line(head.data, buf_slice(&text));
	va_end(ap);
	buf_clear(&head);
	buf_clear(&text);
}

int
tool_end(struct tool *t, enum exit_status status, const struct errbuf *e)
{
	tool_excuse(t, status, e);
	free(t->where.headers.v);
	t->where.headers = (struct opt_list){ 0 };
	arena_clear(&t->kept);
	return (int)status;
}

enum exit_status
tool_quote(struct buf *out, const char *s, const char *what,
    struct errbuf *e)
{
	if (!utf8_valid(slice_str(s))) {
		err_set(e, "%s is not UTF-8", what);
		return EXIT_USAGE;
	}
	if (json_quote(out, slice_str(s)) == -1) {
		err_set(e, "out of memory");
		return EXIT_WORK;
	}
	return EXIT_DONE;
}
