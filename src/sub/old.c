/*
 * old.c: --last and --since: events of the past.
 */
#include "sub/old.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/when.h"
#include "sub/sub.h"

const char *
old_wanted(const struct old_events *o)
{
	return o->last > 0 ? "--last" : o->since != NULL ? "--since" : NULL;
}

int
old_read(struct old_events *o, struct errbuf *e)
{
	int64_t now = clock_wall_ms();
	struct errbuf ignored;

	if (o->since == NULL || num_duration(&o->age_ms, o->since,
	    &ignored) == 0)
		return 0;
	o->age_ms = -1;
	if (when_parse(&o->at_ms, o->since, now, e) == -1) {
		err_wrap(e, "--since");
		return -1;
	}
	if (o->at_ms <= now)
		return 0;
	err_set(e, "--since: %s is in the future", o->since);
	return -1;
}

/* How old the events are at most that came while there was no connection, in
 * ms.  The millisecond of the last event is left out, so that it does not come
 * again. */
static int64_t
gap(const struct sub *s)
{
	int64_t ms = clock_boot_ms() - s->heard_ms - 1;

	return ms > 0 ? ms : 0;
}

/* Append the arguments of wampd.replay.  0 or -1. */
static int
add_args(struct buf *out, const struct sub *s)
{
	const struct old_events *o = &s->opt.old;
	char iso[CLOCK_ISO_SIZE];

	if (s->again)
		return buf_addf(out, ",{\"since\":%.3f}",
		    (double)gap(s) / 1000);
	if (buf_add_str(out, ",{") == -1 || (o->last > 0 &&
	    buf_addf(out, "\"last\":%" PRId64, o->last) == -1) ||
	    (o->last > 0 && o->since != NULL && buf_add_char(out, ',') == -1))
		return -1;
	if (o->age_ms >= 0 && buf_addf(out, "\"since\":%.3f",
	    (double)o->age_ms / 1000) == -1)
		return -1;
	if (o->at_ms >= 0 && buf_addf(out, "\"since\":\"%s\"",
	    clock_iso_of(iso, o->at_ms)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

/* Say how many events are missing, as the answer says. */
static void
tell_missed(struct sub *s, const char *name, struct slice answer)
{
	struct json_elem missed;
	int64_t n;

	if (json_member(answer, "missed", &missed) &&
	    missed.type == JSON_NUMBER && json_int(&n, &missed) && n > 0)
		tool_say(&s->tool, "%s: %" PRId64 " old event%s left its "
		    "history before we could take %s", name, n,
		    n == 1 ? "" : "s", n == 1 ? "it" : "them");
}

enum exit_status
old_subscribe(struct sub *s, const char *name, struct errbuf *e)
{
	const char *option = old_wanted(&s->opt.old);
	struct buf args = { 0 };
	struct client_answer a;
	enum exit_status status;

	if (!client_is_wampd(s->client)) {
		err_set(e, "%s: the server is not wampd and keeps no events",
		    option);
		return EXIT_REFUSED;
	}
	status = tool_quote(&args, name, "TOPIC", e);
	if (status == EXIT_DONE && add_args(&args, s) == -1) {
		err_set(e, "out of memory");
		status = EXIT_WORK;
	}
	if (status == EXIT_DONE) {
		client_set_patient(s->client, true);
		status = client_call(s->client, SLICE("wampd.replay"),
		    buf_slice(&args), &a, e);
		client_set_patient(s->client, false);
	}
	if (status == EXIT_DONE && a.is_error) {
		client_explain(e, a.uri, a.desc);
		err_wrap(e, "%s", name);
		status = EXIT_REFUSED;
	} else if (status == EXIT_DONE) {
		tell_missed(s, name, a.result);
	}
	buf_clear(&args);
	return status;
}
