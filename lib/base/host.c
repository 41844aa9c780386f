/*
 * host.c: hosts: in Host and Origin, in URLs, and in lists of hosts.
 */
#include "base/host.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/network.h"

#define NAME_MAX_LEN	253	/* of DNS */
#define LABEL_MAX_LEN	63

/* ---- names and addresses ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

/* As DNS has it, and "_", which names of containers have. */
static bool
is_label(struct slice s)
{
	size_t i;

	if (s.len == 0 || s.len > LABEL_MAX_LEN)
		return false;
	for (i = 0; i < s.len; i++)
		if (!is_digit(s.p[i]) && !is_letter(s.p[i]) &&
		    s.p[i] != '-' && s.p[i] != '_')
			return false;
	return true;
}

/* Whether it is a number for those who read IPv4 addresses leniently. */
static bool
is_number(struct slice label)
{
	size_t i;

	if (label.len >= 2 && label.p[0] == '0' && (label.p[1] | 0x20) == 'x')
		return true;
	for (i = 0; i < label.len; i++)
		if (!is_digit(label.p[i]))
			return false;
	return true;
}

static int
parse_name(struct slice name)
{
	struct slice label = { 0 };
	size_t begin, end;

	if (name.len == 0 || name.len > NAME_MAX_LEN)
		return -1;
	for (begin = 0; begin <= name.len; begin = end + 1) {
		for (end = begin; end < name.len && name.p[end] != '.';)
			end++;
		label = slice_of(name.p + begin, end - begin);
		if (!is_label(label))
			return -1;
	}
	return is_number(label) ? -1 : 0;
}

/* Whether it is an address of that family, which h gets. */
static bool
take_address(struct host *h, int family, struct slice s)
{
	unsigned char ip[sizeof(h->ip)];
	struct network n;

	if (!network_read_ip(family, s, ip))
		return false;
	n = network_of(ip, family == AF_INET ? 4 : 6);
	h->family = n.family == 4 ? AF_INET : AF_INET6;
	memcpy(h->ip, n.addr, sizeof(h->ip));
	return true;
}

/* ---- a host with its port ---- */

/* Digits, of which there may be none: RFC 3986 section 3.2.3 lets a colon stand
 * alone. */
static int
parse_port(int *port, struct slice s)
{
	size_t i;
	int n = 0;

	for (i = 0; i < s.len; i++) {
		if (!is_digit(s.p[i]) || (n = n * 10 + s.p[i] - '0') > 65535)
			return -1;
	}
	*port = s.len > 0 ? n : -1;
	return 0;
}

/* Take the port off.  What is left is a name, or an address in brackets. */
static int
take_port(struct host *h, struct slice *text)
{
	size_t at = 0;

	h->port = -1;
	if (text->len > 0 && text->p[0] == '[')
		while (at < text->len && text->p[at] != ']')
			at++;
	while (at < text->len && text->p[at] != ':')
		at++;
	if (at < text->len && parse_port(&h->port, slice_of(text->p + at + 1,
	    text->len - at - 1)) == -1)
		return -1;
	text->len = at;
	return 0;
}

int
host_parse(struct host *h, struct slice text)
{
	*h = (struct host){ .port = -1 };
	if (take_port(h, &text) == -1 || text.len == 0)
		return -1;
	if (text.p[0] == '[') {
		if (text.len < 3 || text.p[text.len - 1] != ']')
			return -1;
		h->name = slice_of(text.p + 1, text.len - 2);
		return take_address(h, AF_INET6, h->name) ? 0 : -1;
	}
	if (text.p[text.len - 1] == '.')
		text.len--;
	h->name = text;
	return take_address(h, AF_INET, text) ? 0 : parse_name(text);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int
host_parse_url(struct host *h, struct slice url)
{
	size_t i, begin = 0;

	while (url.len > 0 && is_blank(url.p[0]))
		url = slice_of(url.p + 1, url.len - 1);
	while (url.len > 0 && is_blank(url.p[url.len - 1]))
		url.len--;
	for (i = 0; i + 1 < url.len; i++)
		if (url.p[i] == '/') {
			/* "//" before any other "/" begins the host. */
			if (url.p[i + 1] == '/' &&
			    (i == 0 || url.p[i - 1] == ':'))
				begin = i + 2;
			break;
		}
	for (i = begin; i < url.len && strchr("/?#", url.p[i]) == NULL;)
		i++;
	return host_parse(h, slice_of(url.p + begin, i - begin));
}

/* ---- comparing ---- */

static bool
name_eq(struct slice a, struct slice b)
{
	return a.len == b.len && strncasecmp(a.p, b.p, a.len) == 0;
}

/* Whether the name is one below that one. */
static bool
is_below(struct slice name, struct slice top)
{
	return name.len > top.len + 1 &&
	    name.p[name.len - top.len - 1] == '.' &&
	    name_eq(slice_of(name.p + name.len - top.len, top.len), top);
}

static size_t
address_size(int family)
{
	return family == AF_INET ? 4 : 16;
}

bool
host_is_loopback(const struct host *h)
{
	static const unsigned char one[16] = { [15] = 1 };

	if (h->family == AF_INET)
		return h->ip[0] == 127;
	if (h->family == AF_INET6)
		return memcmp(h->ip, one, sizeof(one)) == 0;
	return name_eq(h->name, SLICE("localhost")) ||
	    is_below(h->name, SLICE("localhost"));
}

bool
host_is(const struct host *a, const struct host *b)
{
	if (a->family != b->family)
		return false;
	return a->family == 0 ? name_eq(a->name, b->name) :
	    memcmp(a->ip, b->ip, address_size(a->family)) == 0;
}

/* ---- lists ---- */

static int
list_append(struct host_list *l, const struct host_pattern *p,
    struct errbuf *e)
{
	struct host_pattern *v = reallocarray(l->v, l->n + 1, sizeof(*v));

	if (v == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	v[l->n++] = *p;
	l->v = v;
	return 0;
}

int
host_list_add(struct host_list *l, const char *text, struct errbuf *e)
{
	struct host_pattern p = { .below = strncmp(text, "*.", 2) == 0 };
	struct slice host = slice_str(p.below ? text + 2 : text);

	if (host_parse(&p.host, host) == -1 || p.host.port != -1 ||
	    (p.below && p.host.family != 0)) {
		err_set(e, "\"%s\" is neither a host such as www.example.com, "
		    "without scheme and port, nor *.example.com", text);
		return -1;
	}
	return list_append(l, &p, e);
}

int
host_list_add_url(struct host_list *l, const char *url, struct errbuf *e)
{
	struct host_pattern p = { .below = false };

	if (host_parse_url(&p.host, slice_str(url)) == -1) {
		err_set(e, "\"%s\" has no host: write a URL such as "
		    "https://www.example.com/", url);
		return -1;
	}
	return list_append(l, &p, e);
}

static bool
pattern_matches(const struct host_pattern *p, const struct host *h)
{
	if (p->below)
		return h->family == 0 && is_below(h->name, p->host.name);
	return host_is(&p->host, h);
}

bool
host_list_has(const struct host_list *l, const struct host *h)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (pattern_matches(&l->v[i], h))
			return true;
	return false;
}

void
host_list_clear(struct host_list *l)
{
	free(l->v);
	*l = (struct host_list){ 0 };
}
