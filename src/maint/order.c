/*
 * order.c: what the command line asks for.
 */
#include "maint/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/when.h"
#include "proto/json.h"

/* A time in the future. */
static int
resolve_time(int64_t *out, const char *option, const char *text,
    int64_t after, const char *before, struct errbuf *e)
{
	if (when_parse(out, text, after, e) == -1) {
		err_wrap(e, "%s", option);
		return -1;
	}
	if (*out > after)
		return 0;
	/* That time of today has passed; perhaps tomorrow was meant. */
	err_set(e, "%s: %s %s%s", option, text, before,
	    strchr(text, '-') == NULL ? ": write a date too, or +10m" : "");
	return -1;
}

static int
resolve_end(struct order *o, int64_t now_ms, struct errbuf *e)
{
	int64_t from = o->at != 0 ? o->at : now_ms;

	if (o->until_text != NULL && o->for_ms >= 0) {
		err_set(e, "--for and --until exclude each other");
		return -1;
	}
	if (o->until_text != NULL)
		return resolve_time(&o->notice.until, "--until",
		    o->until_text, from, o->at != 0 ?
		    "is before the beginning" : "has passed", e);
	if (o->for_ms == -1)
		return 0;
	o->notice.until = from + o->for_ms;
	if (o->for_ms > 0 && o->notice.until <= WHEN_MAX)
		return 0;
	err_set(e, o->for_ms == 0 ? "--for: must be more than 0" :
	    "--for: too far in the future");
	return -1;
}

static int
resolve_warnings(struct order *o, struct errbuf *e)
{
	const char *text;
	int64_t ahead;
	size_t i;

	if (o->warn_texts.n > 0 && o->at == 0) {
		err_set(e, "--warn needs --at");
		return -1;
	}
	if (o->warn_texts.n > ORDER_WARNINGS_MAX) {
		err_set(e, "--warn: given more than %d times",
		    ORDER_WARNINGS_MAX);
		return -1;
	}
	for (i = 0; i < o->warn_texts.n; i++) {
		text = o->warn_texts.v[i];
		if (num_duration(&ahead, text, e) == -1) {
			err_wrap(e, "--warn");
			return -1;
		}
		if (ahead == 0) {
			err_set(e, "--warn: must be more than 0");
			return -1;
		}
		o->warn[i] = ahead < o->at ? o->at - ahead : 0;
		if (o->warn[i] < o->warn[o->first])
			o->first = i;
	}
	return 0;
}

/* Write user and message as JSON to o->text, one after the other. */
static int
resolve_text(struct order *o, struct errbuf *e)
{
	size_t user_len;
	int rc;

	rc = o->user_id >= 0 ?
	    buf_addf(&o->text, "%lld", (long long)o->user_id) :
	    buf_add_str(&o->text, "null");
	user_len = o->text.len;
	if (rc == 0 && o->message != NULL)
		rc = json_quote(&o->text, slice_str(o->message));
	if (rc == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	if (o->text.len > NOTICE_TEXT_MAX) {
		err_set(e, "--message: longer than %d bytes",
		    NOTICE_TEXT_MAX);
		return -1;
	}
	o->notice.user = slice_of(o->text.data, user_len);
	o->notice.message = slice_of(o->text.data + user_len,
	    o->text.len - user_len);
	return 0;
}

int
order_resolve(struct order *o, bool on, int64_t now_ms, struct errbuf *e)
{
	o->notice.on = on;
	if (!on && (o->at_text != NULL || o->until_text != NULL ||
	    o->for_ms >= 0 || o->warn_texts.n > 0)) {
		err_set(e, "off does not take --at, --for, --until and "
		    "--warn");
		return -1;
	}
	if (o->at_text != NULL && resolve_time(&o->at, "--at", o->at_text,
	    now_ms, "has passed", e) == -1)
		return -1;
	return resolve_warnings(o, e) == -1 ||
	    resolve_end(o, now_ms, e) == -1 ? -1 : resolve_text(o, e);
}

bool
order_is_timed(const struct order *o)
{
	return o->at != 0 || o->notice.until != 0;
}

const char *
order_late_warning(const struct order *o, int64_t now_ms)
{
	return o->warn_texts.n > 0 && o->warn[o->first] <= now_ms ?
	    o->warn_texts.v[o->first] : NULL;
}

static int
add_time(struct buf *out, const char *comma, const char *name,
    int64_t wall_ms)
{
	char iso[CLOCK_ISO_SIZE];

	return buf_addf(out, "%s\"%s\":\"%s\"", comma, name,
	    clock_iso_of(iso, wall_ms));
}

static int
add_warnings(struct buf *out, const struct order *o)
{
	char iso[CLOCK_ISO_SIZE];
	size_t i;

	for (i = 0; i < o->warn_texts.n; i++)
		if (buf_addf(out, "%s\"%s\"", i == 0 ? ",\"warn\":[" : ",",
		    clock_iso_of(iso, o->warn[i])) == -1)
			return -1;
	return i == 0 ? 0 : buf_add_char(out, ']');
}

static int
add_options(struct buf *out, const struct order *o)
{
	const char *comma = "";

	if (o->notice.message.len > 0) {
		if (buf_add_str(out, "\"message\":") == -1 ||
		    buf_add_slice(out, o->notice.message) == -1)
			return -1;
		comma = ",";
	}
	if (o->at != 0) {
		if (add_time(out, comma, "at", o->at) == -1 ||
		    add_warnings(out, o) == -1)
			return -1;
		comma = ",";
	}
	return o->notice.until == 0 ? 0 :
	    add_time(out, comma, "until", o->notice.until);
}

int
order_arguments(struct buf *out, const struct order *o)
{
	if (buf_addf(out, "%s,", o->notice.on ? "true" : "false") == -1 ||
	    buf_add_slice(out, o->notice.user) == -1)
		return -1;
	if (o->notice.message.len == 0 && !order_is_timed(o))
		return 0;
	if (buf_add_str(out, ",{") == -1 || add_options(out, o) == -1)
		return -1;
	return buf_add_char(out, '}');
}

void
order_clear(struct order *o)
{
	free(o->warn_texts.v);
	buf_clear(&o->text);
}
