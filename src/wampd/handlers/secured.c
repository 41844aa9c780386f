/*
 * secured.c: topics that belong to one user each.
 *
 * As Oro's SecuredTopic: only the user whose id is in the topic may subscribe.
 * As in its SyncFailTopic, everyone may subscribe to "*" if the declaration
 * says so.  Local peers administer the broker and may subscribe to all of them.
 */
#include <inttypes.h>

#include "proto/json.h"
#include "route/declare.h"
#include "wampd/core/handler.h"
#include "wampd/core/session.h"
#include "wampd/core/topic.h"
#include "wampd/handlers/types.h"

/* The id that the topic's attribute holds, or 0. */
static int64_t
topic_user(const struct json_elem *attribute)
{
	struct slice digits = json_inside(attribute->text);
	int64_t id = 0;
	size_t i;

	if (digits.len > 18)
		return 0;
	for (i = 0; i < digits.len; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return 0;
		id = id * 10 + (digits.p[i] - '0');
	}
	return id;
}

static enum verdict
secured_judge(const struct handler *h, const struct topic *t,
    const struct principal *p, struct errbuf *e)
{
	const char *parameter = h->decl->secured.parameter;
	struct json_elem value;
	int64_t id;

	if (principal_in(p, WHO_LOCAL))
		return VERDICT_YES;
	if (!json_member(t->attributes, parameter, &value)) {
		err_set(e, "the route has no parameter \"%s\" with the id of "
		    "the user", parameter);
		return VERDICT_NO;
	}
	if (slice_eq(value.text, SLICE("\"*\"")) && h->decl->secured.wildcard)
		return VERDICT_YES;
	id = topic_user(&value);
	if (id != 0 && id == p->user_id)
		return VERDICT_YES;
	err_set(e, "%s may not subscribe to another user's topic",
	    p->name);
	return VERDICT_NO;
}

static enum verdict
secured_subscribe(struct handler *h, struct topic *t, struct session *s,
    struct errbuf *e)
{
	return secured_judge(h, t, s->principal, e);
}

static enum verdict
secured_may(struct handler *h, enum declare_action action,
    const struct topic *t, const struct principal *p, struct errbuf *e)
{
	return action == DECLARE_SUBSCRIBE ? secured_judge(h, t, p, e) :
	    VERDICT_YES;
}

const struct handler_type handler_secured = {
	.name = "secured",
	.subscribe = secured_subscribe,
	.may = secured_may,
};
