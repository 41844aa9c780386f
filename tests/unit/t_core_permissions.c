/*
 * t_core_permissions.c: what a credential allows.
 */
#include <stdlib.h>

#include "tap.h"
#include "wampd/core/permissions.h"

static void
add(struct permissions *p, const char *uri, bool prefix, bool pub, bool sub)
{
	struct permission entry = { .uri = slice_str(uri), .prefix = prefix };

	entry.allows[DECLARE_PUBLISH] = pub;
	entry.allows[DECLARE_SUBSCRIBE] = sub;
	if (permissions_add_topic(p, &entry) == -1)
		abort();
}

static void
test_topics(void)
{
	static const struct {
		const char *topic;
		bool pub, sub;
	} rows[] = {
		{ "news/a", true, true }, { "news/", true, true },
		{ "news", false, false }, { "news/secret", false, false },
		{ "news/secret/x", true, true },
		{ "news/in/x", false, true }, { "news/in/", false, true },
		{ "news/inx", true, true }, { "read", false, true },
		{ "reader", false, false }, { "", false, false },
	};
	struct permissions *p = permissions_new();
	size_t i;

	if (p == NULL)
		abort();
	add(p, "news/", true, true, true);
	add(p, "news/in/", true, false, true);
	add(p, "news/secret", false, false, false);
	add(p, "read", false, false, true);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice topic = slice_str(rows[i].topic);

		tap_ok(permissions_allow(p, DECLARE_PUBLISH, topic) ==
		    rows[i].pub, "publish on \"%s\"", rows[i].topic);
		tap_ok(permissions_allow(p, DECLARE_SUBSCRIBE, topic) ==
		    rows[i].sub, "subscribe to \"%s\"", rows[i].topic);
		tap_ok(!permissions_allow(p, DECLARE_CALL, topic),
		    "no call of \"%s\"", rows[i].topic);
	}
	permissions_unref(p);
}

static void
test_procedures(void)
{
	struct permission entry = { .uri = SLICE("api/add") };
	struct permissions *p = permissions_new();

	if (p == NULL)
		abort();
	tap_ok(!permissions_allow(p, DECLARE_CALL, entry.uri),
	    "without entries, nothing is allowed");
	entry.allows[DECLARE_CALL] = true;
	if (permissions_add_procedure(p, &entry) == -1)
		abort();
	tap_ok(permissions_allow(p, DECLARE_CALL, SLICE("api/add")),
	    "a procedure is allowed");
	tap_ok(!permissions_allow(p, DECLARE_CALL, SLICE("api/ad")) &&
	    !permissions_allow(p, DECLARE_CALL, SLICE("api/add2")),
	    "others are not");
	tap_ok(!permissions_allow(p, DECLARE_PUBLISH, SLICE("api/add")),
	    "a procedure is no topic");
	permissions_unref(permissions_ref(p));
	tap_int(p->refs, 1, "they are counted");
	permissions_unref(p);
}

static void
test_most(void)
{
	struct permissions *p = permissions_new();
	struct permission entry = { .uri = SLICE("x") };
	int i, rc = 0;

	for (i = 0; rc == 0 && i < 2 * PERMISSIONS_MAX; i++)
		rc = permissions_add_topic(p, &entry);
	tap_int((long long)p->n_topics, PERMISSIONS_MAX,
	    "their number is limited");
	tap_int(rc, -1, "more are refused");
	permissions_unref(p);
	permissions_unref(NULL);
}

int
main(void)
{
	test_topics();
	test_procedures();
	test_most();
	return tap_done();
}
