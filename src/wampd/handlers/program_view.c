/*
 * program_view.c: what a handler's program sees, as JSON.
 */
#include "wampd/handlers/program_view.h"

#include "proto/json.h"
#include "route/table.h"
#include "wampd/core/ledger.h"
#include "wampd/core/session.h"
#include "wampd/core/topic.h"

int
program_view_who(const struct session *s, struct buf *out)
{
	if (buf_addf(out, "{\"id\":\"%s\",", s->id) == -1 ||
	    principal_describe(s->principal, out) == -1)
		return -1;
	return buf_add_str(out, ",\"attributes\":");
}

int
program_view_session(const struct session *s, struct buf *out)
{
	if (s == NULL)
		return buf_add_str(out, "null");
	if (program_view_who(s, out) == -1 ||
	    buf_add_slice(out, ledger_attributes(s)) == -1)
		return -1;
	return buf_add_char(out, '}');
}

int
program_view_route(const struct topic *t, struct buf *out)
{
	if (t->route == NULL)
		return buf_add_str(out, "null");
	return json_quote(out, slice_str(t->route->name));
}
