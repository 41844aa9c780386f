/*
 * t_wampd_oro_start.c: settings of Oro's tickets with which the broker does not
 * start.
 */
#include <string.h>

#include "base/opt.h"
#include "tap.h"
#include "wampd/auth/oro.h"

static void
start_fails(const struct oro_settings *set, const char *why)
{
	struct errbuf e = { "" };

	tap_ok(oro_new(set, NULL, &e) == NULL, "no start");
	tap_ok(strstr(e.msg, why) != NULL, "since %s: %s", why, e.msg);
}

int
main(void)
{
	const struct opt_list none = { 0 };
	const struct oro_settings good = {
		.secret = "s3cr3t", .ttl = 300000, .queue = 16, .threads = 3,
		.backends = &none,
	};
	struct oro_settings set = good;

	set.secret = "a{b";
	start_fails(&set, "tickets.oro.secret_file: Oro allows neither");
	set = good;
	set.secret_file = "/nonexistent";
	start_fails(&set, "tickets.oro.secret_file: cannot open");
	set = good;
	set.users = "/nonexistent";
	start_fails(&set, "tickets.oro.users");
	return tap_done();
}
