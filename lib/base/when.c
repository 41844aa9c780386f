/*
 * when.c: points in time, for people and for programs.
 *
 * getdate() and strptime() are not used: they misread what they do not
 * understand, such as 30 February as 2 March.
 */
#include "base/when.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/num.h"

#define YEAR_MIN	1970
#define YEAR_MAX	9999
#define ZONE_MAX	(14 * 60)	/* minutes; as in the Line Islands */

/* The content of a text, by field. */
struct written {
	int  year, month, day;
	int  hour, minute, second, ms;
	bool has_zone;
	int  zone;			/* minutes east of UTC */
};

/* The text that is not read yet. */
struct scan {
	const char *p, *end;
};

static bool
scan_char(struct scan *s, const char *any)
{
	if (s->p == s->end || strchr(any, *s->p) == NULL || *s->p == '\0')
		return false;
	s->p++;
	return true;
}

/* Exactly that many digits, with a value between min and max. */
static bool
scan_number(struct scan *s, int digits, int min, int max, int *out)
{
	int v = 0;

	for (; digits > 0; digits--) {
		if (s->p == s->end || *s->p < '0' || *s->p > '9')
			return false;
		v = v * 10 + (*s->p++ - '0');
	}
	*out = v;
	return v >= min && v <= max;
}

static bool
scan_date(struct scan *s, struct written *w)
{
	return scan_number(s, 4, YEAR_MIN, YEAR_MAX, &w->year) &&
	    scan_char(s, "-") && scan_number(s, 2, 1, 12, &w->month) &&
	    scan_char(s, "-") && scan_number(s, 2, 1, 31, &w->day);
}

/* ".123"; digits after the milliseconds are ignored. */
static bool
scan_fraction(struct scan *s, struct written *w)
{
	int digit, unit = 100;

	if (!scan_number(s, 1, 0, 9, &digit))
		return false;
	do {
		w->ms += digit * unit;
		unit /= 10;
	} while (scan_number(s, 1, 0, 9, &digit));
	return true;
}

/* "22:00", "22:00:30", "22:00:30.5".  No leap seconds: Unix time has none. */
static bool
scan_time(struct scan *s, struct written *w)
{
	if (!scan_number(s, 2, 0, 23, &w->hour) || !scan_char(s, ":") ||
	    !scan_number(s, 2, 0, 59, &w->minute))
		return false;
	if (!scan_char(s, ":"))
		return true;
	if (!scan_number(s, 2, 0, 59, &w->second))
		return false;
	return !scan_char(s, ".") || scan_fraction(s, w);
}

/* "Z", "+01:00", "+0100" or nothing. */
static bool
scan_zone(struct scan *s, struct written *w)
{
	int hours, minutes, sign;

	if (s->p == s->end)
		return true;
	w->has_zone = true;
	if (scan_char(s, "Zz"))
		return true;
	sign = *s->p == '-' ? -1 : 1;
	if (!scan_char(s, "+-") || !scan_number(s, 2, 0, 14, &hours))
		return false;
	(void)scan_char(s, ":");
	if (!scan_number(s, 2, 0, 59, &minutes))
		return false;
	w->zone = sign * (hours * 60 + minutes);
	return w->zone >= -ZONE_MAX && w->zone <= ZONE_MAX;
}

static struct tm
broken_down(const struct written *w)
{
	return (struct tm){ .tm_year = w->year - 1900,
	    .tm_mon = w->month - 1, .tm_mday = w->day, .tm_hour = w->hour,
	    .tm_min = w->minute, .tm_sec = w->second };
}

/* mktime() and timegm() move what does not exist to what does. */
static bool
is_as_written(const struct tm *tm, const struct written *w)
{
	return tm->tm_mon == w->month - 1 && tm->tm_mday == w->day &&
	    tm->tm_hour == w->hour && tm->tm_min == w->minute;
}

/* A local time, with daylight saving time or without. */
static bool
local_seconds(const struct written *w, int isdst, time_t *out)
{
	struct tm tm = broken_down(w);

	tm.tm_isdst = isdst;
	*out = mktime(&tm);
	return is_as_written(&tm, w);
}

/* The earlier of two possible times: it is not too late if the later one was
 * meant. */
static bool
local_earliest(const struct written *w, time_t *out)
{
	time_t t[2];
	bool with = local_seconds(w, 1, &t[0]);
	bool without = local_seconds(w, 0, &t[1]);

	*out = with && (!without || t[0] < t[1]) ? t[0] : t[1];
	return with || without;
}

static bool
written_ms(const struct written *w, int64_t *out_ms)
{
	struct tm tm = broken_down(w);
	time_t t;

	if (!w->has_zone) {
		if (!local_earliest(w, &t))
			return false;
	} else {
		t = timegm(&tm) - (time_t)w->zone * 60;
		if (!is_as_written(&tm, w))
			return false;
	}
	*out_ms = (int64_t)t * 1000 + w->ms;
	/* The zone may have moved it out of what there is. */
	return *out_ms >= 0 && *out_ms <= WHEN_MAX;
}

static void
set_today(struct written *w, int64_t now_ms)
{
	time_t now = (time_t)(now_ms / 1000);
	struct tm tm;

	(void)localtime_r(&now, &tm);
	w->year = tm.tm_year + 1900;
	w->month = tm.tm_mon + 1;
	w->day = tm.tm_mday;
}

/* "+10m" */
static int
parse_distance(int64_t *out_ms, const char *s, int64_t now_ms,
    struct errbuf *e)
{
	int64_t after;

	if (num_duration(&after, s + 1, e) == -1)
		return -1;
	*out_ms = now_ms + after;
	if (*out_ms <= WHEN_MAX)
		return 0;
	err_set(e, "%s is too far in the future", s);
	return -1;
}

int
when_parse(int64_t *out_ms, const char *s, int64_t now_ms, struct errbuf *e)
{
	struct scan in = { s, s + strlen(s) };
	bool has_date = strchr(s, '-') != NULL;
	struct written w = { 0 };

	if (s[0] == '+')
		return parse_distance(out_ms, s, now_ms, e);
	if (!has_date)
		set_today(&w, now_ms);
	if ((has_date && (!scan_date(&in, &w) || !scan_char(&in, "Tt "))) ||
	    !scan_time(&in, &w) || (has_date && !scan_zone(&in, &w)) ||
	    in.p != in.end) {
		err_set(e, "\"%s\" is not a time such as 14:30, "
		    "2026-12-24T22:00, 2026-12-24T21:00Z or +10m", s);
		return -1;
	}
	if (written_ms(&w, out_ms))
		return 0;
	err_set(e, "there is no %s%s", s, w.has_zone ? "" :
	    " in this time zone");
	return -1;
}

int
when_parse_iso(int64_t *out_ms, struct slice s)
{
	struct scan in = { s.p, s.p + s.len };
	struct written w = { 0 };

	return scan_date(&in, &w) && scan_char(&in, "Tt") &&
	    scan_time(&in, &w) && scan_zone(&in, &w) && w.has_zone &&
	    in.p == in.end && written_ms(&w, out_ms) ? 0 : -1;
}

char *
when_local(char *out, int64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;
	size_t n;

	(void)localtime_r(&seconds, &tm);
	n = strftime(out, WHEN_LOCAL_SIZE, "%Y-%m-%dT%H:%M:%S%z", &tm);
	/* "+0100": ISO 8601 has a colon where the time has them. */
	memmove(out + n - 1, out + n - 2, 3);
	out[n - 2] = ':';
	return out;
}
