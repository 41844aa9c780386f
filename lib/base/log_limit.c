/*
 * log_limit.c: how many lines of each kind are logged.
 */
#include "base/log_limit.h"

#define LINE	1000	/* of log_kind.left, for one line */

/* Find the kind, or make it.  The address of the format tells kinds apart: the
 * text need not be compared. */
static struct log_kind *
kind_obtain(struct log_limits *all, const char *fmt, int level, int64_t now)
{
	size_t i = (size_t)((uintptr_t)fmt * 0x9e3779b97f4a7c15u >> 40) %
	    LOG_KINDS, n;
	struct log_kind *k = &all->kinds[i];

	for (n = 0; n < LOG_KINDS; n++) {
		k = &all->kinds[(i + n) % LOG_KINDS];
		if (k->fmt == NULL) {
			*k = (struct log_kind){ .fmt = fmt, .level = level,
			    .left = all->burst * LINE, .at = now };
			return k;
		}
		if (k->fmt == fmt && k->level == level)
			return k;
	}
	return k;
}

/* What has become free since the last line. */
static void
kind_refill(const struct log_limits *all, struct log_kind *k, int64_t now)
{
	int64_t most = all->burst * LINE, full = most / all->rate + 1;
	int64_t took = now - k->at;

	k->at = now;
	if (took <= 0)
		return;
	k->left = took >= full ? most : k->left + took * all->rate;
	if (k->left > most)
		k->left = most;
}

bool
log_limit_take(struct log_limits *all, const char *fmt, int level,
    int64_t now)
{
	struct log_kind *k;

	if (all->rate == 0)
		return true;
	k = kind_obtain(all, fmt, level, now);
	kind_refill(all, k, now);
	if (k->left >= LINE) {
		k->left -= LINE;
		return true;
	}
	if (k->silent++ == 0) {
		k->due = now + LOG_TELL;
		all->silent++;
	}
	return false;
}

const struct log_kind *
log_limit_due(struct log_limits *all, int64_t now, uint64_t *n)
{
	struct log_kind *k;
	size_t i;

	for (i = 0; i < LOG_KINDS && all->silent > 0; i++) {
		k = &all->kinds[i];
		if (k->silent == 0 || k->due > now)
			continue;
		*n = k->silent;
		k->silent = 0;
		all->silent--;
		return k;
	}
	return NULL;
}

int64_t
log_limit_wait(const struct log_limits *all, int64_t now)
{
	int64_t wait = -1, left;
	size_t i;

	for (i = 0; i < LOG_KINDS && all->silent > 0; i++) {
		if (all->kinds[i].silent == 0)
			continue;
		left = all->kinds[i].due - now;
		if (left < 0)
			left = 0;
		if (wait == -1 || left < wait)
			wait = left;
	}
	return wait;
}
