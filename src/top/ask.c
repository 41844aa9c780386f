/*
 * ask.c: what wamp-top asks the broker.
 */
#include "top/ask.h"

#include <string.h>

#include "base/clock.h"
#include "proto/json.h"

/* ---- calls ---- */

static enum exit_status
ask(struct client *c, const char *procedure, struct slice args,
    struct slice *result, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status status;

	status = client_call(c, slice_str(procedure), args, &a, e);
	if (status != EXIT_DONE)
		return status;
	if (a.is_error) {
		client_explain(e, a.uri, a.desc);
		return EXIT_REFUSED;
	}
	*result = a.result;
	return EXIT_DONE;
}

static enum exit_status
nomem(struct errbuf *e)
{
	err_set(e, "out of memory");
	return EXIT_WORK;
}

static enum exit_status
ask_object(struct client *c, const char *procedure, struct buf *out,
    struct errbuf *e)
{
	struct slice result;
	enum exit_status status = ask(c, procedure, SLICE(""), &result, e);

	if (status != EXIT_DONE)
		return status;
	buf_reset(out);
	if (result.len == 0 || result.p[0] != '{') {
		err_set(e, "%s: the broker's answer is no object", procedure);
		return EXIT_REFUSED;
	}
	return buf_add_slice(out, result) == -1 ? nomem(e) : EXIT_DONE;
}

/* ---- counters ---- */

static double
number_of(struct slice object, const char *name)
{
	struct json_elem value;
	int64_t n;

	if (!json_member(object, name, &value))
		return 0;
	if (value.type == JSON_TRUE)
		return 1;
	if (json_int(&n, &value))
		return (double)n;
	return 0;
}

/* The seconds since the broker's start; a fraction, unlike the others. */
static double
uptime_of(struct slice check)
{
	struct json_elem value;
	double n = 0;
	size_t i;

	if (!json_member(check, "uptime", &value))
		return 0;
	for (i = 0; i < value.text.len && value.text.p[i] >= '0' &&
	    value.text.p[i] <= '9'; i++)
		n = n * 10 + (value.text.p[i] - '0');
	return n;
}

double
answer_check(const struct answer *a, const char *name)
{
	struct slice check = buf_slice(&a->check);

	return strcmp(name, "uptime") == 0 ? uptime_of(check) :
	    number_of(check, name);
}

bool
answer_flag(const struct answer *a, const char *name)
{
	return answer_check(a, name) > 0;
}

static double
rate_of(const struct answer *a, double now, double before)
{
	return a->seconds > 0 && now > before ?
	    (now - before) / a->seconds : 0;
}

static bool
is_named(struct slice key, const char *name)
{
	struct slice text = slice_str(name);

	return text.p[text.len - 1] == '_' ? slice_starts(key, text) :
	    slice_eq(key, text);
}

struct counted
answer_count(const struct answer *a, const char *name)
{
	struct slice rest, key, old = buf_slice(&a->before);
	struct json_elem member, value;
	struct counted sum = { 0 };
	double before = 0;
	char text[64];
	int64_t n;

	if (a->stats.len == 0)
		return sum;
	rest = json_inside(buf_slice(&a->stats));
	while (json_next_member(&rest, &member, &value)) {
		key = slice_of(member.text.p + 1, member.text.len - 2);
		if (!is_named(key, name) ||
		    key.len >= sizeof(text) || !json_int(&n, &value))
			continue;
		memcpy(text, key.p, key.len);
		text[key.len] = '\0';
		sum.total += (double)n;
		before += old.len > 0 ? number_of(old, text) : 0;
	}
	sum.rate = rate_of(a, sum.total, before);
	return sum;
}

static enum exit_status
ask_stats(struct answer *a, struct client *c, struct errbuf *e)
{
	struct buf old = a->before;
	int64_t now;
	enum exit_status status;

	a->before = a->stats;
	a->stats = old;
	status = ask_object(c, "wampd.stats", &a->stats, e);
	now = clock_ms();
	a->seconds = a->before.len > 0 ? (double)(now - a->stats_at) / 1e3 :
	    answer_check(a, "uptime");
	a->stats_at = now;
	return status;
}

/* The counters as a list, which the broker has not. */
static enum exit_status
list_counters(struct answer *a, const struct question *q, struct errbuf *e)
{
	struct slice rest = json_inside(buf_slice(&a->stats));
	struct slice old = buf_slice(&a->before);
	struct json_elem name, value;
	struct buf list = { 0 };
	char text[64];
	double now, before;
	int rc;

	rc = buf_add_char(&list, '[');
	while (rc == 0 && json_next_member(&rest, &name, &value)) {
		if (name.text.len - 2 >= sizeof(text))
			continue;
		memcpy(text, name.text.p + 1, name.text.len - 2);
		text[name.text.len - 2] = '\0';
		now = number_of(buf_slice(&a->stats), text);
		before = old.len > 0 ? number_of(old, text) : 0;
		rc = buf_addf(&list, "%s{\"counter\":\"%s\",\"rate\":%.3f,"
		    "\"total\":%.0f}", list.len > 1 ? "," : "", text,
		    rate_of(a, now, before), now);
	}
	if (rc == 0)
		rc = buf_add_char(&list, ']');
	if (rc == 0)
		rc = rows_read(&a->rows, q->view, buf_slice(&list), e);
	else
		(void)nomem(e);
	buf_clear(&list);
	return rc == -1 ? EXIT_WORK : EXIT_DONE;
}

/* ---- lists ---- */

/* The options of wampd.sessions and wampd.topics. */
static int
add_options(struct buf *out, const struct question *q)
{
	const struct column *sort = &q->view->columns[q->sort];
	struct slice match = filter_substring(q->filter);

	if (buf_addf(out, "{\"limit\":%zu", q->limit) == -1)
		return -1;
	if (sort->broker && buf_addf(out, ",\"sort\":\"%s\",\"order\":\"%s\"",
	    sort->name, q->reverse ? "asc" : "desc") == -1)
		return -1;
	if (q->view->slow && buf_add_str(out, ",\"slow\":true") == -1)
		return -1;
	if (match.len > 0 && (buf_add_str(out, ",\"match\":") == -1 ||
	    json_quote(out, match) == -1))
		return -1;
	return buf_add_char(out, '}');
}

static enum exit_status
ask_list(struct answer *a, struct client *c, const struct question *q,
    struct errbuf *e)
{
	static const char *const procedures[] = {
		[VIEW_SESSIONS] = "wampd.sessions",
		[VIEW_TOPICS] = "wampd.topics",
		[VIEW_HANDLERS] = "wampd.handlers",
	};
	struct slice result;
	enum exit_status status;

	buf_reset(&a->args);
	if (q->view->source != VIEW_HANDLERS && add_options(&a->args, q) == -1)
		return nomem(e);
	status = ask(c, procedures[q->view->source], buf_slice(&a->args),
	    &result, e);
	if (status == EXIT_DONE &&
	    rows_read(&a->rows, q->view, result, e) == -1)
		status = EXIT_WORK;
	return status;
}

enum exit_status
ask_broker(struct answer *a, struct client *c, const struct question *q,
    struct errbuf *e)
{
	enum exit_status status;

	if (!client_is_wampd(c)) {
		err_set(e, "%s tells nothing of itself: only wampd does",
		    client_ident(c));
		return EXIT_REFUSED;
	}
	status = ask_object(c, "wampd.check", &a->check, e);
	if (status == EXIT_DONE)
		status = ask_stats(a, c, e);
	if (status == EXIT_DONE)
		status = q->view->source == VIEW_COUNTERS ?
		    list_counters(a, q, e) : ask_list(a, c, q, e);
	if (status != EXIT_DONE)
		return status;
	rows_filter(&a->rows, q->filter);
	rows_sort(&a->rows, q->sort, q->reverse);
	if (a->rows.n > q->limit)
		a->rows.n = q->limit;
	return EXIT_DONE;
}

void
answer_forget(struct answer *a)
{
	buf_reset(&a->stats);
	buf_reset(&a->before);
}

void
answer_clear(struct answer *a)
{
	rows_clear(&a->rows);
	buf_clear(&a->check);
	buf_clear(&a->stats);
	buf_clear(&a->before);
	buf_clear(&a->args);
}

enum exit_status
ask_kick(struct client *c, struct slice session, bool *closed,
    struct errbuf *e)
{
	struct buf args = { 0 };
	struct slice result;
	enum exit_status status;

	*closed = false;
	if (json_quote(&args, session) == -1)
		return nomem(e);
	status = ask(c, "wampd.kick", buf_slice(&args), &result, e);
	if (status == EXIT_DONE)
		*closed = number_of(result, "closed") > 0;
	buf_clear(&args);
	return status;
}
