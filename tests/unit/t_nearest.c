/*
 * t_nearest.c: the word that a mistyped one was meant to be, and never its
 * opposite.
 */
#include "base/distance.h"
#include "base/nearest.h"
#include "base/opposite.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define ROUTES	10000

/* Of words with blanks between them; "" when there is none. */
static void
nearest(const char *given, const char *words, const char *want)
{
	char copy[512], *word, *rest = copy;
	struct nearest n;

	(void)snprintf(copy, sizeof(copy), "%s", words);
	nearest_init(&n, given, strlen(given));
	while ((word = strsep(&rest, " ")) != NULL)
		nearest_try(&n, word);
	tap_str(n.found != NULL ? n.found : "", want, "%s of %s", given,
	    words);
}

static void
words(void)
{
	nearest("watsh", "on off status watch", "watch");
	nearest("wacth", "on off status watch", "watch");
	nearest("WATCH", "on off status watch", "watch");
	nearest("stat", "on off status watch", "status");
	nearest("s", "on off status watch", "status");
	nearest("nothing", "on off status watch", "");
	nearest("", "on off", "");
	nearest("x", "a b", "");
	nearest("wampd.sesions", "wampd.echo wampd.sessions", "wampd.sessions");
	nearest("wampd.sess", "wampd.stats wampd.sessions", "wampd.sessions");
}

#define MAINT	"on off status watch"
#define GET_SET	"wampd.maintenance.get wampd.maintenance.set"

static void
opposites(void)
{
	nearest("of", MAINT, "off");
	nearest("offf", MAINT, "off");
	nearest("ofn", MAINT, "");
	nearest("o", MAINT, "");
	nearest("of", "on status", "");
	nearest("onn", MAINT, "on");
	nearest("om", MAINT, "on");
	nearest("wampd.unsubscribe", "wampd.subscribe", "");
	nearest("wampd.unsubscrbe", "wampd.subscribe", "");
	nearest("wmapd.unsubscribe", "wampd.subscribe", "");
	nearest("wampd.subscrbe", "wampd.subscribe", "wampd.subscribe");
	nearest("subscribe", "unsubscribe", "");
	nearest("subscirbe", "unsubscribe subscribe", "subscribe");
	nearest("unsubscribee", "subscribe unsubscribe", "unsubscribe");
	nearest("reconnect", "no-reconnect", "");
	nearest("no-retain", "retain", "");
	nearest("noretain", "retain", "");
	nearest("retian", "retain", "retain");
	nearest("include", "exclude", "");
	nearest("exlude", "exclude include", "exclude");
	nearest("secure", "insecure", "");
	nearest("insecur", "insecure", "insecure");
	nearest("disable", "enable", "");
	nearest("enable", "disable", "");
	nearest("wampd.maintenance.ste", GET_SET, "wampd.maintenance.set");
	nearest("wampd.maintenance.xet", GET_SET, "");
	nearest("wampd.maintenance.gt", GET_SET, "wampd.maintenance.get");
	nearest("max", "min", "");
	nearest("no", "on off", "");
	nearest("index", "indexes", "indexes");
	nearest("imput", "input", "input");
	tap_ok(opposite_words(SLICE("a.Get"), SLICE("a.set")), "in a part");
	tap_ok(!opposite_words(SLICE("a.get"), SLICE("a.got")), "no such");
}

static void
channel(const char *topic, const char *pattern, bool near)
{
	struct nearest n;

	nearest_init(&n, topic, strlen(topic));
	nearest_try_channel(&n, pattern);
	tap_str(n.found != NULL ? n.found : "", near ? pattern : "",
	    "%.60s of %.60s", topic, pattern);
}

static void
channels(void)
{
	channel("shop/ordres", "shop/orders", true);
	channel("shpo/orders/17", "shop/orders/{id}", true);
	channel("shop/orders/17/x", "shop/orders/{id}", true);
	channel("shop/orders", "shop/orders/{id}", true);
	channel("shop/orders/abc", "shop/orders/{id}", true);
	channel("oro/emial_event/1/2", "oro/email_event/{user_id}/{org}",
	    true);
	channel("weather", "shop/orders/{id}", false);
	channel("a/b/c/d/e", "shop/{a}", false);
	channel("anything", "{name}", false);
	channel("a/b", "{x}/{y}", false);
	channel("light/on", "light/off", false);
	channel("broken", "broke{n", false);
}

/* What a peer may ask is bounded: neither long names nor many routes make it
 * dear. */
static void
bounds(void)
{
	static char topic[8192], routes[ROUTES][40];
	struct nearest n;
	size_t i;

	memset(topic, 'a', sizeof(topic));
	nearest_init(&n, topic, sizeof(topic));
	nearest_try_channel(&n, "aaaaaaaa");
	nearest_try(&n, "aaaaaaaa");
	tap_ok(n.found == NULL && n.work == NEAREST_WORK,
	    "8 KiB are not compared");
	nearest_init(&n, topic, DISTANCE_MAX);
	topic[DISTANCE_MAX] = '\0';
	nearest_try(&n, topic);
	tap_ok(n.found == topic, "the longest is");
	tap_int((long)distance_between(slice_of(topic, DISTANCE_MAX + 1),
	    SLICE("a")), -1, "no distance of what is longer");
	for (i = 0; i < ROUTES; i++)
		(void)snprintf(routes[i], sizeof(routes[i]),
		    "shop/%04zu/orders/{id}", i);
	nearest_init(&n, "shop/x471/orders/12", 19);
	for (i = 0; i < ROUTES; i++)
		nearest_try_channel(&n, routes[i]);
	tap_str(n.found, "shop/0471/orders/{id}", "among many");
	nearest_init(&n, "shop/x471/orders/12", 19);
	n.work = 1000;
	for (i = 0; i < ROUTES; i++)
		nearest_try_channel(&n, routes[i]);
	tap_ok(n.work == 0 && n.found != routes[471], "at a bounded price");
}

int
main(void)
{
	words();
	opposites();
	channels();
	bounds();
	return tap_done();
}
