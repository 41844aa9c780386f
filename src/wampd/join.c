/*
 * join.c: making a broker with all its parts.
 *
 * The core knows none of them.  To add one, add a call here.
 */
#include "wampd/join.h"

#include "wampd/admin/admin.h"
#include "wampd/core/broker.h"
#include "wampd/maintenance/maintenance.h"
#include "wampd/meta/meta.h"
#include "wampd/state/state.h"

struct broker *
join_broker(const struct broker_settings *set,
    const struct broker_parts *parts, struct errbuf *e)
{
	struct broker *b = broker_new(set, parts, e);

	if (b == NULL)
		return NULL;
	if (maintenance_add(b, e) == -1 || state_add(b, e) == -1)
		goto fail;
	err_set(e, "out of memory");
	if (admin_add(b) == -1 || meta_add(b) == -1)
		goto fail;
	return b;
fail:
	broker_free(b);
	return NULL;
}
