/*
 * t_network.c: ranges of IP addresses, as users write them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/network.h"
#include "tap.h"

static void
assert_written(const char *text, const char *want)
{
	struct buf out = { 0 };
	struct errbuf e = { "" };
	struct network n, again;

	if (!tap_ok(network_parse(&n, text, &e) == 0, "%s is read%s%s", text,
	    e.msg[0] != '\0' ? ": " : "", e.msg))
		return;
	tap_ok(network_write(&n, &out) == 0 && buf_cstr(&out) != NULL,
	    "%s is written", text);
	tap_str(out.data, want, "%s is written so", text);
	tap_ok(network_parse(&again, out.data, &e) == 0 &&
	    memcmp(&n, &again, sizeof(n)) == 0, "%s is read again", want);
	buf_clear(&out);
}

static void
test_good(void)
{
	assert_written("192.0.2.1", "192.0.2.1");
	assert_written("192.0.2.1/32", "192.0.2.1");
	assert_written("192.0.2.0/24", "192.0.2.0/24");
	assert_written("192.0.2.128/25", "192.0.2.128/25");
	assert_written("0.0.0.0/0", "0.0.0.0/0");
	assert_written("128.0.0.0/1", "128.0.0.0/1");
	assert_written("2001:DB8:0:0::1", "2001:db8::1");
	assert_written("2001:db8::1/128", "2001:db8::1");
	assert_written("2001:db8::/33", "2001:db8::/33");
	assert_written("::/0", "::/0");
	assert_written("::/96", "::/96");
	assert_written("::ffff:192.0.2.1", "192.0.2.1");
	assert_written("::ffff:c000:201", "192.0.2.1");
	assert_written("::ffff:192.0.2.0/120", "192.0.2.0/24");
	assert_written("::ffff:0:0/96", "0.0.0.0/0");
}

static void
assert_bad(const char *text, const char *reason)
{
	struct errbuf e = { "" };
	struct network n;

	tap_ok(network_parse(&n, text, &e) == -1 &&
	    strstr(e.msg, reason) != NULL, "\"%.30s\": %s", text, e.msg);
}

static void
test_bad(void)
{
	static const char *const no_address[] = {
		"", "/", "/8", "10", "10.0.0", "10.0.0.256", "010.0.0.1",
		"10.0.0.0.0", " 10.0.0.1", "10.0.0.1 ", "10.0.0.1\t",
		"[::1]", "::1%lo", "localhost", "10.0.0.1:80", "1:2:3", ":::",
		"10.0.0.*", "unix", "0x7f000001",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
	};
	static const char *const no_bits[] = {
		"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1",
		"10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0.0/ 8",
		"10.0.0.0/255.0.0.0", "10.0.0.0/4294967304", "::/129",
		"::/0128", "::ffff:10.0.0.0/129",
	};
	size_t i;

	for (i = 0; i < sizeof(no_address) / sizeof(no_address[0]); i++)
		assert_bad(no_address[i], "no address such as");
	for (i = 0; i < sizeof(no_bits) / sizeof(no_bits[0]); i++)
		assert_bad(no_bits[i], "behind the slash");
	assert_bad("10.0.0.1/8", "write 10.0.0.0/8, or 10.0.0.1 for this one");
	assert_bad("2001:db8::1/64", "write 2001:db8::/64, or 2001:db8::1");
	assert_bad("0.0.0.1/0", "write 0.0.0.0/0, or 0.0.0.1");
	assert_bad("::ffff:10.0.0.1/104", "write 10.0.0.0/8, or 10.0.0.1");
	assert_bad("::ffff:10.0.0.0/95", "write 0.0.0.0/0");
}

static void
assert_holds(const char *wide, const char *other, bool want)
{
	struct network a, b;
	struct errbuf e;

	tap_ok(network_parse(&a, wide, &e) == 0 &&
	    network_parse(&b, other, &e) == 0 &&
	    network_holds(&a, &b) == want, "%s %s %s", wide,
	    want ? "holds" : "does not hold", other);
}

static void
test_holds(void)
{
	assert_holds("10.0.0.0/8", "10.1.2.3", true);
	assert_holds("10.0.0.0/8", "10.0.0.0/8", true);
	assert_holds("10.0.0.0/8", "10.0.0.0/7", false);
	assert_holds("10.0.0.0/8", "11.0.0.0", false);
	assert_holds("10.0.0.0/8", "::ffff:10.1.2.3", true);
	assert_holds("0.0.0.0/0", "255.255.255.255", true);
	assert_holds("::/0", "2001:db8::1", true);
	assert_holds("::/0", "::ffff:10.1.2.3", false);
	assert_holds("0.0.0.0/0", "::1", false);
	assert_holds("2001:db8::/33", "2001:db8:7fff::1", true);
	assert_holds("2001:db8::/33", "2001:db8:8000::1", false);
}

int
main(void)
{
	test_good();
	test_bad();
	test_holds();
	return tap_done();
}
