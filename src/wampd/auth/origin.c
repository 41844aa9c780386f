/*
 * origin.c: whether a request may come from where it comes from.
 */
#include "wampd/auth/origin.h"

#include <string.h>
#include <strings.h>

#define PORT_HTTP	80
#define PORT_HTTPS	443

/* ---- Origin ---- */

struct origin {
	struct host host;
	bool	    web;	/* http, https, or no scheme at all */
};

static bool
is_scheme_char(char c)
{
	char small = c | 0x20;

	return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
	    c == '+' || c == '-' || c == '.';
}

/* The bytes before "://", or 0. */
static size_t
scheme_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_scheme_char(s.p[n]))
		n++;
	return n > 0 && s.len - n >= 3 && memcmp(s.p + n, "://", 3) == 0 ?
	    n : 0;
}

static bool
is_web(struct slice scheme)
{
	return scheme.len == 0 ||
	    (scheme.len == 4 && strncasecmp(scheme.p, "http", 4) == 0) ||
	    (scheme.len == 5 && strncasecmp(scheme.p, "https", 5) == 0);
}

/* "https://www.example.com:8443", or a host alone, as Oro's back end sends
 * ("127.0.0.1").  "null" is what a browser says that hides whose page it is. */
static int
origin_read(struct origin *o, struct slice text)
{
	size_t scheme = scheme_length(text), skip = 0;

	if (text.len == 4 && strncasecmp(text.p, "null", 4) == 0)
		return -1;
	if (scheme > 0)
		skip = scheme + 3;
	o->web = is_web(slice_of(text.p, scheme));
	return host_parse(&o->host, slice_of(text.p + skip,
	    text.len - skip));
}

/* The key that would let the page of another site in. */
static const char *
origin_key(const struct origin_rules *rules)
{
	return rules->origins->n == 0 && rules->applications->n == 0 ?
	    "application_url or origins" : "origins";
}

/* Whether a page of that origin may connect to that host (NULL: not said). */
static bool
is_own_page(const struct origin_rules *rules, const struct origin *o,
    const struct host *host)
{
	if (host_list_has(rules->applications, &o->host))
		return true;
	if (rules->origins->n > 0)	/* as Oro: the scheme does not count */
		return host_is_loopback(&o->host) ||
		    host_list_has(rules->origins, &o->host);
	return o->web && (host_is_loopback(&o->host) ||
	    (host != NULL && host_is(&o->host, host)));
}

/* ---- Host ---- */

static bool
is_machine(const struct origin_rules *rules, const struct host *h)
{
	struct host own;

	return rules->machine != NULL && h->family == 0 &&
	    host_parse(&own, slice_str(rules->machine)) == 0 &&
	    host_is(&own, h);
}

static unsigned
own_port(const struct address *own)
{
	if (own->u.sa.sa_family == AF_INET)
		return ntohs(own->u.in.sin_port);
	return own->u.sa.sa_family == AF_INET6 ?
	    ntohs(own->u.in6.sin6_port) : 0;
}

/*
 * Whether a browser here could have come straight to us by a name of its own.
 * It then names our port; who came by a proxy on this machine names that of
 * the proxy.
 */
static bool
is_rebound(const struct origin_request *req, const struct host *h)
{
	unsigned port = own_port(&req->own);

	if (port == 0 || !address_is_loopback(&req->own))
		return false;
	if (h->port == -1)
		return port == (req->tls ? PORT_HTTPS : PORT_HTTP);
	return (unsigned)h->port == port;
}

static bool
is_own_host(const struct origin_rules *rules,
    const struct origin_request *req, const struct host *h)
{
	if (host_is_loopback(h) || host_list_has(rules->applications, h))
		return true;
	if (rules->hosts->n > 0)
		return host_list_has(rules->hosts, h);
	/* No site has an address for its name. */
	if (h->family != 0 || is_machine(rules, h))
		return true;
	return !rules->try_out && !is_rebound(req, h);
}

bool
origin_needs_own(const struct origin_rules *rules,
    const struct address *peer)
{
	return rules->hosts->n == 0 && !rules->try_out &&
	    address_is_loopback(peer);
}

bool
origin_is_ours(const struct origin_rules *rules, struct slice authority)
{
	struct host h;

	if (authority.len == 0)
		return true;
	return host_parse(&h, authority) == 0 && (h.family != 0 ||
	    host_is_loopback(&h) || is_machine(rules, &h) ||
	    host_list_has(rules->hosts, &h) ||
	    host_list_has(rules->applications, &h) ||
	    memchr(h.name.p, '.', h.name.len) == NULL);
}

/* ---- both ---- */

static struct origin_verdict
refuse(enum origin_fault fault, const char *key)
{
	return (struct origin_verdict){ .fault = fault, .key = key };
}

struct origin_verdict
origin_judge(const struct origin_rules *rules,
    const struct origin_request *req)
{
	struct origin_verdict v = { .fault = ORIGIN_FINE };
	struct slice authority = req->forwarded_host.len > 0 ?
	    req->forwarded_host : req->host;
	struct host host, *there = NULL;
	struct origin o;

	if (authority.len > 0) {
		if (host_parse(&host, authority) == -1 ||
		    !is_own_host(rules, req, &host))
			return refuse(ORIGIN_BAD_HOST, "hosts");
		there = &host;
	}
	v.local = rules->by_address && !req->forwarded &&
	    address_is_loopback(&req->peer) &&
	    there != NULL && host_is_loopback(there);
	if (req->n_origins == 0) {
		if (rules->origins->n > 0 && rules->need_origin &&
		    req->upgrade)
			return refuse(ORIGIN_MISSING, "origins");
		return v;
	}
	if (req->n_origins > 1 || origin_read(&o, req->origin) == -1)
		return refuse(ORIGIN_MALFORMED, NULL);
	if (!is_own_page(rules, &o, there))
		return refuse(ORIGIN_FOREIGN, origin_key(rules));
	v.local = v.local && o.web && host_is_loopback(&o.host);
	return v;
}

bool
origin_is_forwarding(struct slice field)
{
	static const char *const names[] = { "forwarded", "via", "x-real-ip",
	    NULL };
	static const char prefix[] = "x-forwarded-";
	size_t i;

	if (field.len >= sizeof(prefix) - 1 &&
	    strncasecmp(field.p, prefix, sizeof(prefix) - 1) == 0)
		return true;
	for (i = 0; names[i] != NULL; i++)
		if (field.len == strlen(names[i]) &&
		    strncasecmp(field.p, names[i], field.len) == 0)
			return true;
	return false;
}
