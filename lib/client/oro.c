/*
 * oro.c: how Oro's own backend reaches its WebSocket server.
 */
#include "client/oro.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"
#include "client/sodium_api.h"
#include "token/oro_ticket.h"

#define ORO_PORT	8080

/* ---- parameters ---- */

enum option_type { OPTION_TEXT, OPTION_FLAG, OPTION_FLAG_NOT, OPTION_IDLE };

/* "context_options[NAME]=VALUE", PHP's SSL context options.  The idle ones
 * decide nothing about a connection; what is not here is refused. */
static const struct option {
	const char	*name;
	enum option_type type;
	size_t		 at;		/* in struct oro_dsn */
} options[] = {
	{ "allow_self_signed", OPTION_FLAG,
	    offsetof(struct oro_dsn, self_signed) },
	{ "cafile", OPTION_TEXT, offsetof(struct oro_dsn, cafile) },
	{ "capture_peer_cert", OPTION_IDLE, 0 },
	{ "capture_peer_cert_chain", OPTION_IDLE, 0 },
	{ "disable_compression", OPTION_IDLE, 0 },
	{ "local_cert", OPTION_TEXT, offsetof(struct oro_dsn, local_cert) },
	{ "local_pk", OPTION_TEXT, offsetof(struct oro_dsn, local_pk) },
	{ "verify_peer", OPTION_FLAG_NOT,
	    offsetof(struct oro_dsn, any_chain) },
	{ "verify_peer_name", OPTION_FLAG_NOT,
	    offsetof(struct oro_dsn, any_name) },
};

/* Resolve %41 and + in place. */
static void
query_decode(char *s)
{
	char *to = s;
	int high, low;

	for (; *s != '\0'; s++, to++) {
		*to = *s == '+' ? ' ' : *s;
		high = *s == '%' ? num_hex_digit(s[1]) : -1;
		low = high >= 0 ? num_hex_digit(s[2]) : -1;
		if (low >= 0) {
			*to = (char)(high * 16 + low);
			s += 2;
		}
	}
	*to = '\0';
}

static int
read_flag(bool *out, const char *value)
{
	static const char *const words[][2] = { { "false", "true" },
	    { "off", "on" }, { "no", "yes" }, { "0", "1" } };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		*out = strcasecmp(value, words[i][1]) == 0;
		if (*out || strcasecmp(value, words[i][0]) == 0)
			return 0;
	}
	return -1;
}

static int
set_option(struct oro_dsn *out, const char *name, const char *value,
    struct errbuf *e)
{
	const struct option *o = options;
	const struct option *end = o + sizeof(options) / sizeof(options[0]);
	bool flag = false;

	while (o < end && strcmp(o->name, name) != 0)
		o++;
	if (o == end) {
		err_set(e, "the context option %s is not supported", name);
		return -1;
	}
	if (o->type == OPTION_TEXT) {
		*(const char **)((char *)out + o->at) = value;
		return 0;
	}
	if (read_flag(&flag, value) == -1) {
		err_set(e, "%s: neither true nor false", name);
		return -1;
	}
	if (o->type != OPTION_IDLE)
		*(bool *)((char *)out + o->at) =
		    flag != (o->type == OPTION_FLAG_NOT);
	return 0;
}

/* "context_options[NAME]" or another parameter; both are decoded. */
static int
set_parameter(struct oro_dsn *out, char *name, const char *value,
    struct errbuf *e)
{
	static const char head[] = "context_options[";
	size_t len = strlen(name);

	if (strcmp(name, "user_agent") == 0) {
		out->user_agent = value[0] != '\0' ? value : NULL;
		return 0;
	}
	if (strncmp(name, head, sizeof(head) - 1) != 0 ||
	    name[len - 1] != ']') {
		err_set(e, "the parameter %s is not supported", name);
		return -1;
	}
	name[len - 1] = '\0';
	return set_option(out, name + sizeof(head) - 1, value, e);
}

static int
parse_query(struct oro_dsn *out, char *query, struct errbuf *e)
{
	char *pair, *next, *value;

	for (pair = query; pair != NULL && *pair != '\0'; pair = next) {
		if ((next = strchr(pair, '&')) != NULL)
			*next++ = '\0';
		if ((value = strchr(pair, '=')) != NULL)
			*value++ = '\0';
		query_decode(pair);
		if (value != NULL)
			query_decode(value);
		if (set_parameter(out, pair, value != NULL ? value : "",
		    e) == -1)
			return -1;
	}
	return 0;
}

/* ---- the address ---- */

/* PHP's names of TCP with and without TLS. */
static int
parse_scheme(bool *tls, const char *scheme, size_t len, struct errbuf *e)
{
	*tls = (len == 3 && strncasecmp(scheme, "ssl", len) == 0) ||
	    (len >= 3 && strncasecmp(scheme, "tls", 3) == 0);
	if (*tls || len == 0 ||
	    (len == 3 && strncasecmp(scheme, "tcp", len) == 0))
		return 0;
	err_set(e, "the transport %.*s is not supported", (int)len, scheme);
	return -1;
}

/* "host", "host:port", "[address]:port": host and port are cut apart; one of
 * an address keeps its brackets. */
static int
parse_host(char *host, int64_t *port, struct errbuf *e)
{
	char *colon = host[0] == '[' ? strchr(host, ']') : host;

	if (colon == NULL || (colon = strchr(colon, ':')) == NULL)
		return 0;
	if (colon == host) {
		err_set(e, "no host in it");
		return -1;
	}
	*colon = '\0';
	if (num_int(port, colon + 1, 1, 65535, e) == 0)
		return 0;
	/* Not what stands there: it may be a password. */
	err_set(e, "port: not a whole number between 1 and 65535");
	return -1;
}

static int
make_url(struct oro_dsn *out, bool tls, const char *host, int64_t port,
    const char *path, struct arena *mem, struct errbuf *e)
{
	struct buf url = { 0 };
	size_t len;

	path += strspn(path, "/");
	for (len = strlen(path); len > 0 && path[len - 1] == '/'; len--)
		;
	if (buf_addf(&url, "%s://%s:%" PRId64 "/%.*s", tls ? "wss" : "ws",
	    strcmp(host, "*") == 0 ? "127.0.0.1" : host, port, (int)len,
	    path) == 0)
		out->url = arena_copy(mem, buf_slice(&url));
	buf_clear(&url);
	if (out->url != NULL)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

/* [scheme:]//host[:port][/path][?query]; PHP's parse_url() takes no other. */
static int
parse_parts(struct oro_dsn *out, char *dsn, struct arena *mem,
    struct errbuf *e)
{
	char *query, *host, *slash, *path;
	int64_t port = ORO_PORT;
	bool tls;

	if ((query = strchr(dsn, '?')) != NULL)
		*query++ = '\0';
	if ((host = strstr(dsn, "//")) == NULL ||
	    (host != dsn && host[-1] != ':')) {
		err_set(e, "no //host in it");
		return -1;
	}
	if (parse_scheme(&tls, dsn, host == dsn ? 0 :
	    (size_t)(host - dsn) - 1, e) == -1)
		return -1;
	host += 2;
	path = arena_copy(mem, slice_str(host + strcspn(host, "/")));
	if (path == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	if ((slash = strchr(host, '/')) != NULL)
		*slash = '\0';
	if (parse_host(host, &port, e) == -1 ||
	    parse_query(out, query, e) == -1)
		return -1;
	if (host[0] == '\0') {
		err_set(e, "no host in it");
		return -1;
	}
	if (strcmp(host, "null") == 0)
		return 0;
	return make_url(out, tls, host, port, path, mem, e);
}

int
oro_dsn_parse(struct oro_dsn *out, const char *dsn, struct arena *mem,
    struct errbuf *e)
{
	char *copy = arena_copy(mem, slice_str(dsn));

	if (copy == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	return copy[0] == '\0' ? 0 : parse_parts(out, copy, mem, e);
}

/* ---- tickets ---- */

static int
sodium_sha512(void *arg, unsigned char *out, const unsigned char *p,
    size_t len)
{
	const struct sodium_api *api = arg;

	return api->crypto_hash_sha512(out, p, len);
}

/* Without a user, the secret is the password and the salt of the digest. */
int
oro_ticket(struct buf *out, const char *secret, const char *nonce,
    const char *created, struct errbuf *e)
{
	struct sodium_api api;
	const struct oro_hash hash = { sodium_sha512, &api };
	const struct slice text = slice_str(secret);

	if (oro_secret_check(text, e) == -1 ||
	    sodium_api_load(&api, e) == -1)
		return -1;
	if (oro_ticket_make(out, SLICE(""), slice_str(nonce),
	    slice_str(created), text, text, &hash) == 0)
		return 0;
	err_set(e, "out of memory");
	return -1;
}

int
oro_ticket_now(struct buf *out, const char *secret, struct errbuf *e)
{
	char nonce[17], created[32];
	time_t now = time(NULL);
	uint64_t random;
	struct tm tm;

	if (getentropy(&random, sizeof(random)) == -1) {
		err_set_errno(e, "random numbers");
		return -1;
	}
	(void)snprintf(nonce, sizeof(nonce), "%016" PRIx64, random);
	(void)strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%S+00:00",
	    gmtime_r(&now, &tm));
	return oro_ticket(out, secret, nonce, created, e);
}
