/*
 * forwarded.c: the client of a request, as a proxy tells it.
 */
#include "wampd/net/forwarded.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/network.h"
#include "wampd/net/http_field.h"

/* ---- a node ---- */

/* A port of RFC 7239 section 6.2; 0 if it is obfuscated. */
static bool
read_port(struct slice text, in_port_t *out)
{
	unsigned port = 0;
	size_t i;

	if (text.len > 0 && text.p[0] == '_') {
		for (i = 1; i < text.len; i++)
			if (!http_is_token_char(text.p[i]))
				return false;
		*out = 0;
		return text.len > 1;
	}
	if (text.len == 0 || text.len > 5)
		return false;
	for (i = 0; i < text.len; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		port = port * 10 + (unsigned)(text.p[i] - '0');
	}
	*out = htons((uint16_t)port);
	return port <= UINT16_MAX;
}

static bool
read_v6(struct slice host, in_port_t port, struct address *out)
{
	out->u.in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
	    .sin6_port = port };
	return network_read_ip(AF_INET6, host, &out->u.in6.sin6_addr);
}

/* "[ADDRESS]", perhaps with ":PORT". */
static bool
read_bracketed(struct slice text, struct address *out)
{
	const char *end = memchr(text.p, ']', text.len);
	size_t n = end != NULL ? (size_t)(end - text.p) : 0;
	struct slice rest;
	in_port_t port = 0;

	if (n == 0)
		return false;
	rest = slice_of(text.p + n + 1, text.len - n - 1);
	if (rest.len > 0 && (rest.p[0] != ':' ||
	    !read_port(slice_of(rest.p + 1, rest.len - 1), &port)))
		return false;
	return read_v6(slice_of(text.p + 1, n - 1), port, out);
}

bool
forwarded_node(struct slice text, struct address *out)
{
	const char *colon = text.len > 0 ? memchr(text.p, ':', text.len) :
	    NULL;
	size_t n = colon != NULL ? (size_t)(colon - text.p) : text.len;
	in_port_t port = 0;

	if (text.len == 0)
		return false;
	if (text.p[0] == '[')
		return read_bracketed(text, out);
	if (colon != NULL && memchr(colon + 1, ':', text.len - n - 1) != NULL)
		return read_v6(text, 0, out);
	if (colon != NULL && !read_port(slice_of(colon + 1, text.len - n - 1),
	    &port))
		return false;
	out->u.in = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_port = port };
	return network_read_ip(AF_INET, slice_of(text.p, n),
	    &out->u.in.sin_addr);
}

/* ---- the walk ---- */

/* What one proxy says about the request that it got. */
struct hop {
	struct slice node;	/* empty: not told */
	struct slice host;
	struct slice proto;
};

/* The list comes from the left, so this is what a walk from the right would
 * have found if the list ended here. */
struct walk {
	forwarded_trust_fn *trust;
	const void	*arg;
	struct forwarded found;
	size_t		 hops;
};

/* 0, or -1 if there are too many. */
static int
walk_hop(struct walk *w, const struct hop *hop)
{
	struct address a;

	if (++w->hops > FORWARDED_MOST)
		return -1;
	if (!forwarded_node(hop->node, &a)) {
		w->found = (struct forwarded){
			.client.u.sa.sa_family = AF_UNSPEC,
		};
	} else if (w->found.client.u.sa.sa_family == AF_UNSPEC ||
	    !w->trust(w->arg, &a)) {
		w->found = (struct forwarded){ a, hop->host, hop->proto };
	}
	return 0;
}

/* ---- X-Forwarded-For ---- */

/* The next element of a list, in which quotes mean nothing; false at the
 * end. */
static bool
next_plain(struct slice *list, struct slice *element)
{
	const char *comma;
	size_t n;

	do {
		if (list->len == 0)
			return false;
		comma = memchr(list->p, ',', list->len);
		n = comma != NULL ? (size_t)(comma - list->p) : list->len;
		*element = http_trim(slice_of(list->p, n));
		n += comma != NULL;
		*list = slice_of(list->p + n, list->len - n);
	} while (element->len == 0);
	return true;
}

static int
walk_plain(struct walk *w, struct slice list)
{
	struct hop hop = { .node = { .len = 0 } };

	while (next_plain(&list, &hop.node))
		if (walk_hop(w, &hop) == -1)
			return -1;
	return 0;
}

/* ---- Forwarded ---- */

static void
skip_blanks(struct slice *s)
{
	while (s->len > 0 && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = slice_of(s->p + 1, s->len - 1);
}

static void
skip(struct slice *s, size_t n)
{
	*s = slice_of(s->p + n, s->len - n);
}

/* A quoted string, whose quotes are not in *out.  Nothing in it needs to be
 * escaped; what is escaped nevertheless is empty. */
static bool
take_quoted(struct slice *s, struct slice *out)
{
	bool escaped = false;
	size_t i;

	for (i = 1; i < s->len && s->p[i] != '"'; i++)
		if (s->p[i] == '\\') {
			escaped = true;
			i++;
		}
	if (i >= s->len)
		return false;
	*out = slice_of(s->p + 1, escaped ? 0 : i - 1);
	skip(s, i + 1);
	return true;
}

/* A value without quotes.  Colons and brackets need them, but are often written
 * without. */
static bool
take_bare(struct slice *s, struct slice *out)
{
	size_t n = 0;

	while (n < s->len && (http_is_token_char(s->p[n]) ||
	    s->p[n] == ':' || s->p[n] == '[' || s->p[n] == ']'))
		n++;
	*out = slice_of(s->p, n);
	skip(s, n);
	return n > 0;
}

/* Keep a pair that means something to us, once. */
static bool
keep_pair(struct hop *hop, struct slice name, struct slice value)
{
	struct slice *at;

	if (http_token_eq(name, "for"))
		at = &hop->node;
	else if (http_token_eq(name, "host"))
		at = &hop->host;
	else if (http_token_eq(name, "proto"))
		at = &hop->proto;
	else
		return true;
	if (at->p != NULL)
		return false;
	*at = value;
	return true;
}

/* Take "name=value" off *s. */
static bool
take_pair(struct slice *s, struct hop *hop)
{
	struct slice name, value;
	size_t n = 0;

	while (n < s->len && http_is_token_char(s->p[n]))
		n++;
	name = slice_of(s->p, n);
	if (n == 0 || n == s->len || s->p[n] != '=')
		return false;
	skip(s, n + 1);
	return (s->len > 0 && s->p[0] == '"' ? take_quoted(s, &value) :
	    take_bare(s, &value)) && keep_pair(hop, name, value);
}

/* Take an element, up to a comma or the end.  Pairs may be empty. */
static bool
take_hop(struct slice *s, struct hop *hop, bool *empty)
{
	*hop = (struct hop){ .node = { .len = 0 } };
	*empty = true;
	for (;;) {
		skip_blanks(s);
		if (s->len == 0 || s->p[0] == ',')
			return true;
		if (s->p[0] != ';') {
			*empty = false;
			if (!take_pair(s, hop))
				return false;
			skip_blanks(s);
		}
		if (s->len > 0 && s->p[0] == ';')
			skip(s, 1);
		else if (s->len > 0 && s->p[0] != ',')
			return false;
	}
}

static int
walk_forwarded(struct walk *w, struct slice value)
{
	struct hop hop;
	bool empty;

	while (value.len > 0) {
		if (!take_hop(&value, &hop, &empty) ||
		    (!empty && walk_hop(w, &hop) == -1))
			return -1;
		if (value.len > 0)
			skip(&value, 1);
	}
	return 0;
}

/* ---- both ---- */

/* Whether they are the same, without their ports. */
static bool
is_same(const struct address *a, const struct address *b)
{
	struct network one, other;

	return address_network(a, &one) && address_network(b, &other) &&
	    network_holds(&one, &other) && network_holds(&other, &one);
}

static bool
is_told(const struct forwarded *f)
{
	return f->client.u.sa.sa_family != AF_UNSPEC;
}

/* The last element, which our proxy has added or replaced. */
static void
take_last(struct slice list, struct slice *out)
{
	while (next_plain(&list, out))
		;
}

int
forwarded_read(struct slice fields, forwarded_trust_fn *trust,
    const void *arg, struct forwarded *out)
{
	struct walk plain = { .trust = trust, .arg = arg,
	    .found.client.u.sa.sa_family = AF_UNSPEC }, full = plain;
	struct slice host = { .len = 0 }, proto = { .len = 0 };
	struct http_field f;

	while (http_field_next(&fields, &f)) {
		if (http_token_eq(f.name, "x-forwarded-host"))
			take_last(f.value, &host);
		else if (http_token_eq(f.name, "x-forwarded-proto"))
			take_last(f.value, &proto);
		else if (http_token_eq(f.name, "x-forwarded-for") ?
		    walk_plain(&plain, f.value) == -1 :
		    http_token_eq(f.name, "forwarded") &&
		    walk_forwarded(&full, f.value) == -1)
			return -1;
	}
	if (is_told(&plain.found) && is_told(&full.found) &&
	    !is_same(&plain.found.client, &full.found.client))
		return -1;
	*out = is_told(&full.found) ? full.found : plain.found;
	if (out->host.len == 0)
		out->host = host;
	if (out->proto.len == 0)
		out->proto = proto;
	return 0;
}
