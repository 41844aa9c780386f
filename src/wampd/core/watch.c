/*
 * watch.c: what the core tells about sessions, subscriptions and its own life.
 */
#include "wampd/core/watch.h"

#include <stdarg.h>
#include <stdio.h>

#define LIFE_MAX	512	/* bytes of members */

bool
watch_knows(const struct watch *w, struct slice topic)
{
	return w->ops != NULL && w->ops->knows(w->ctx, topic);
}

void
watch_tell_session(const struct watch *w, enum watch_topic what,
    const struct session *s, uint16_t code, const char *reason)
{
	if (watch_wants(w, what))
		w->ops->session(w->ctx, what, s, code, reason);
}

void
watch_tell_slow(const struct watch *w, const struct session *s,
    const char *state)
{
	if (watch_wants(w, WATCH_SLOW))
		w->ops->slow(w->ctx, s, state);
}

void
watch_tell_life(const struct watch *w, enum watch_topic what,
    const char *fmt, ...)
{
	char members[LIFE_MAX];
	va_list ap;
	int n;

	if (!watch_wants(w, what))
		return;
	va_start(ap, fmt);
	n = vsnprintf(members, sizeof(members), fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < sizeof(members))
		w->ops->life(w->ctx, what, slice_of(members, (size_t)n));
}

/* Who watches has changed, if that is what the subscription is to. */
static void
look_again(const struct watch *w, struct slice name)
{
	if (watch_is_own(name) && w->ops != NULL)
		w->ops->changed(w->ctx);
}

void
watch_tell_subscription(const struct watch *w, enum watch_topic what,
    const struct session *s, struct slice topic, size_t n)
{
	look_again(w, topic);
	if (watch_wants(w, what))
		w->ops->subscription(w->ctx, what, s, topic, n);
}

void
watch_tell_prefix(const struct watch *w, enum watch_topic what,
    const struct session *s, struct slice prefix)
{
	look_again(w, prefix);
	if (watch_wants(w, what))
		w->ops->prefix(w->ctx, what, s, prefix);
}
