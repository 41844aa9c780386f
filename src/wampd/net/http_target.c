/*
 * http_target.c: the target of an HTTP request.
 */
#include "wampd/net/http_target.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/network.h"
#include "wampd/net/http_field.h"

static const char *const schemes[] = { "http", "https", "ws", "wss" };

static struct slice
from(struct slice s, size_t at)
{
	return slice_of(s.p + at, s.len - at);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* What a name consists of besides percent-encoded bytes: unreserved characters
 * and sub-delims. */
static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    is_digit(c) || (c != '\0' && strchr("-._~!$&'()*+,;=", c) != NULL);
}

/* How many bytes of s are a name; that of an IPv4 address is one, too. */
static size_t
name_len(struct slice s)
{
	size_t at = 0;

	for (;;) {
		if (at < s.len && is_name_char(s.p[at]))
			at++;
		else if (at + 2 < s.len && s.p[at] == '%' &&
		    is_hex(s.p[at + 1]) && is_hex(s.p[at + 2]))
			at += 3;
		else
			return at;
	}
}

/* How many bytes of s are an IPv6 address in brackets. */
static size_t
bracketed_len(struct slice s)
{
	const char *end = memchr(s.p, ']', s.len);
	struct in6_addr ignored;
	size_t len;

	if (end == NULL)
		return 0;
	len = (size_t)(end - s.p) - 1;
	return network_read_ip(AF_INET6, slice_of(s.p + 1, len), &ignored) ?
	    len + 2 : 0;
}

bool
http_authority_valid(struct slice s)
{
	size_t at;

	if (s.len == 0)
		return false;
	at = s.p[0] == '[' ? bracketed_len(s) : name_len(s);
	if (at == 0)
		return false;
	if (at < s.len && s.p[at] == ':')
		for (at++; at < s.len && is_digit(s.p[at]); at++)
			;
	return at == s.len;
}

/* Take what is before the first of the signs off s. */
static struct slice
cut_at(struct slice *s, const char *signs)
{
	struct slice head = *s;
	size_t at = 0;

	while (at < s->len && strchr(signs, s->p[at]) == NULL)
		at++;
	head.len = at;
	*s = from(*s, at);
	return head;
}

static void
read_path(struct http_target *t, struct slice rest)
{
	t->path = cut_at(&rest, "?");
	t->query = rest.len > 0 ? from(rest, 1) : rest;
}

static bool
is_known_scheme(struct slice s)
{
	size_t i;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (http_token_eq(s, schemes[i]))
			return true;
	return false;
}

static bool
read_absolute(struct http_target *t, struct slice target)
{
	struct slice rest = target, scheme = cut_at(&rest, ":");

	if (!is_known_scheme(scheme) || !slice_starts(rest, SLICE("://")))
		return false;
	rest = from(rest, 3);
	t->authority = cut_at(&rest, "/?");
	read_path(t, rest);
	/* An empty path is that of the root, "/": here is one. */
	if (t->path.len == 0)
		t->path = slice_of(t->authority.p - 1, 1);
	return http_authority_valid(t->authority);
}

bool
http_target_read(struct http_target *t, struct slice method,
    struct slice target)
{
	*t = (struct http_target){ .path = target };
	if (slice_eq(method, SLICE("CONNECT"))) {
		t->authority = target;
		t->path.len = 0;
		return http_authority_valid(target);
	}
	if (slice_eq(target, SLICE("*")))
		return slice_eq(method, SLICE("OPTIONS"));
	if (target.len > 0 && target.p[0] == '/') {
		read_path(t, target);
		return true;
	}
	return read_absolute(t, target);
}
