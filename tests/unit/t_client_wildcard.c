/*
 * t_client_wildcard.c: which topics look like patterns.
 */
#include "client/wildcard.h"

#include "tap.h"

/* stem NULL: it is a name as any other. */
static void
looks(const char *topic, const char *stem)
{
	struct slice found = SLICE("");
	bool is = wildcard_find(slice_str(topic), &found);

	tap_ok(is == (stem != NULL) &&
	    (stem == NULL || slice_eq(found, slice_str(stem))), "%s", topic);
}

int
main(void)
{
	looks("shop/*", "shop/");
	looks("shop/**", "shop/");
	looks("shop.*", "shop.");
	looks("shop*", "shop");
	looks("shop/#", "shop/");
	looks("shop/+", "shop/");
	looks("shop/+/new", "shop/");
	looks("shop/*/new", "shop/");
	looks("shop.>", "shop.");
	looks("*", "");
	looks("#", "");
	looks("shop/orders", NULL);
	looks("http://example.com/simple#", NULL);
	looks("http://example.com/simple#chat", NULL);
	looks("c++", NULL);
	looks("a+b", NULL);
	looks("a*b", NULL);
	looks("a>b", NULL);
	looks("", NULL);
	return tap_done();
}
