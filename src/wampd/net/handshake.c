/*
 * handshake.c: the WebSocket handshake of the server.
 */
#include "wampd/net/handshake.h"

#include <openssl/evp.h>
#include <string.h>

#include "wampd/net/http_field.h"

#define KEY_LEN		24	/* 16 bytes in base64, with "==" */
#define DIGEST_LEN	20
#define GUID		"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

#define PROTOCOL	"sec-websocket-protocol"
#define EXTENSIONS	"sec-websocket-extensions"

int
handshake_digest_init(struct handshake_digest *d, struct errbuf *e)
{
	/* SHA-1 protects nothing here, so FIPS mode need not approve of it. */
	d->sha1 = EVP_MD_fetch(NULL, "SHA1", "-fips");
	d->ctx = EVP_MD_CTX_new();
	if (d->sha1 != NULL && d->ctx != NULL)
		return 0;
	handshake_digest_clear(d);
	err_set(e, "OpenSSL has no SHA-1, which WebSocket needs");
	return -1;
}

void
handshake_digest_clear(struct handshake_digest *d)
{
	EVP_MD_CTX_free(d->ctx);
	EVP_MD_free(d->sha1);
	*d = (struct handshake_digest){ NULL, NULL };
}

/* What proves that the key was read (section 4.2.2). */
static int
make_accept(struct handshake_digest *d, struct slice key,
    char accept[HANDSHAKE_ACCEPT_SIZE])
{
	unsigned char sum[DIGEST_LEN];

	if (!EVP_DigestInit_ex2(d->ctx, d->sha1, NULL) ||
	    !EVP_DigestUpdate(d->ctx, key.p, key.len) ||
	    !EVP_DigestUpdate(d->ctx, GUID, sizeof(GUID) - 1) ||
	    !EVP_DigestFinal_ex(d->ctx, sum, NULL))
		return -1;
	(void)EVP_EncodeBlock((unsigned char *)accept, sum, DIGEST_LEN);
	return 0;
}

/* ---- checks ---- */

static int
refuse(struct http_refusal *why, enum http_cause cause)
{
	*why = (struct http_refusal){ .cause = cause };
	return -1;
}

static bool
lists(const struct http_request *req, const char *name, const char *lower)
{
	struct slice fields = req->fields, element;

	while (http_element_next(&fields, name, &element))
		if (http_token_eq(element, lower))
			return true;
	return false;
}

/* HTTP/1.0 has no Upgrade (RFC 9110 section 7.8). */
bool
handshake_is_upgrade(const struct http_request *req)
{
	return req->minor > 0 && lists(req, "upgrade", "websocket");
}

/* To HEAD without an upgrade, the answer is that to GET (RFC 9110 section
 * 9.3.2). */
static bool
is_allowed_method(const struct http_request *req)
{
	return slice_eq(req->method, SLICE("GET")) ||
	    (http_request_is_head(req) &&
	    !handshake_is_upgrade(req));
}

static bool
is_base64(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* Four bits of the last character have no meaning, and must be 0. */
static bool
is_key(struct slice s)
{
	size_t i;

	if (s.len != KEY_LEN || memcmp(s.p + KEY_LEN - 2, "==", 2) != 0)
		return false;
	for (i = 0; i < KEY_LEN - 2; i++)
		if (!is_base64(s.p[i]))
			return false;
	return strchr("AQgw", s.p[KEY_LEN - 3]) != NULL;
}

static const char *
find_protocol(const char *const *known, struct slice name)
{
	for (; *known != NULL; known++)
		if (slice_eq(slice_str(*known), name))
			return *known;
	return NULL;
}

/* The first one that the client offers and we speak. */
static int
choose_protocol(const struct http_request *req,
    const struct handshake_rules *rules, struct handshake *h,
    struct http_refusal *why)
{
	struct slice fields = req->fields, name;
	unsigned offered = 0;

	for (; http_element_next(&fields, PROTOCOL, &name); offered++) {
		if (!http_is_token(name))
			return refuse(why, HTTP_CAUSE_SUBPROTOCOL);
		if (h->protocol == NULL)
			h->protocol = find_protocol(rules->protocols, name);
	}
	if (h->protocol != NULL)
		return 0;
	if (offered > 0)
		return refuse(why, HTTP_CAUSE_UNKNOWN_SUBPROTOCOL);
	if (http_field_find(req->fields, PROTOCOL, &name) > 0)
		return refuse(why, HTTP_CAUSE_SUBPROTOCOL);
	return rules->require_protocol ?
	    refuse(why, HTTP_CAUSE_NO_SUBPROTOCOL) : 0;
}

/* ---- extensions ---- */

/* Take a sign, with the blanks before it. */
static bool
take_sign(struct slice *s, char sign)
{
	struct slice rest = http_trim(*s);

	if (rest.len == 0 || rest.p[0] != sign)
		return false;
	*s = slice_of(rest.p + 1, rest.len - 1);
	return true;
}

static bool
take_token(struct slice *s)
{
	struct slice rest = http_trim(*s);
	size_t len = 0;

	while (len < rest.len && http_is_token_char(rest.p[len]))
		len++;
	*s = slice_of(rest.p + len, rest.len - len);
	return len > 0;
}

/* A quoted string whose meaning is a token. */
static bool
take_quoted(struct slice *s)
{
	size_t at, n = 0;

	if (!take_sign(s, '"'))
		return false;
	for (at = 0; at < s->len && s->p[at] != '"'; at++, n++) {
		if (s->p[at] == '\\')
			at++;
		if (at == s->len || !http_is_token_char(s->p[at]))
			return false;
	}
	if (at == s->len || n == 0)
		return false;
	*s = slice_of(s->p + at + 1, s->len - at - 1);
	return true;
}

static bool
is_offer(struct slice s)
{
	if (!take_token(&s))
		return false;
	while (take_sign(&s, ';')) {
		if (!take_token(&s))
			return false;
		if (take_sign(&s, '=') && !take_token(&s) && !take_quoted(&s))
			return false;
	}
	return s.len == 0;
}

/* Malformed offers fail the connection, even where none is taken (section
 * 9.1). */
static bool
are_good_offers(const struct http_request *req)
{
	struct slice fields = req->fields, offer;
	bool some = false;

	while (http_element_next(&fields, EXTENSIONS, &offer)) {
		if (!is_offer(offer))
			return false;
		some = true;
	}
	return some || http_field_find(req->fields, EXTENSIONS, &offer) == 0;
}

bool
handshake_offer_next(struct slice *offers, struct slice *offer)
{
	return http_element_next(offers, EXTENSIONS, offer);
}

/* ---- the whole ---- */

/* What must be right before it is about WebSocket. */
static int
check_request(const struct http_request *req, struct http_refusal *why)
{
	if (!is_allowed_method(req))
		return refuse(why, HTTP_CAUSE_METHOD);
	if (req->minor == 0)
		return refuse(why, HTTP_CAUSE_VERSION);
	if (req->content)
		return refuse(why, HTTP_CAUSE_CONTENT);
	return 0;
}

int
handshake_check(const struct http_request *req,
    const struct handshake_rules *rules, struct handshake *h,
    struct http_refusal *why)
{
	struct slice key, version;

	*h = (struct handshake){ .protocol = NULL };
	if (check_request(req, why) == -1)
		return -1;
	if (!handshake_is_upgrade(req))
		return refuse(why, HTTP_CAUSE_NO_UPGRADE);
	if (!lists(req, "connection", "upgrade"))
		return refuse(why, HTTP_CAUSE_CONNECTION);
	if (http_field_find(req->fields, "sec-websocket-key", &key) != 1 ||
	    !is_key(key))
		return refuse(why, HTTP_CAUSE_KEY);
	if (http_field_find(req->fields, "sec-websocket-version",
	    &version) != 1 || !slice_eq(version, SLICE("13")))
		return refuse(why, HTTP_CAUSE_WS_VERSION);
	if (choose_protocol(req, rules, h, why) == -1) {
		why->names = rules->protocols;
		return -1;
	}
	if (!are_good_offers(req))
		return refuse(why, HTTP_CAUSE_EXTENSIONS);
	if (rules->deflate)
		h->offers = req->fields;
	if (make_accept(rules->digest, key, h->accept) == -1)
		return refuse(why, HTTP_CAUSE_INTERNAL);
	return 0;
}

static int
write_field(struct buf *out, const char *name, const char *value)
{
	return value == NULL ? 0 :
	    buf_addf(out, "%s: %s\r\n", name, value);
}

int
handshake_write(const struct handshake *h, const char *extension,
    const char *extra, struct buf *out)
{
	if (buf_add_str(out, "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\n"
	    "Connection: Upgrade\r\n") == -1 ||
	    write_field(out, "Sec-WebSocket-Accept", h->accept) == -1 ||
	    write_field(out, "Sec-WebSocket-Protocol", h->protocol) == -1 ||
	    write_field(out, "Sec-WebSocket-Extensions", extension) == -1 ||
	    (extra != NULL && buf_add_str(out, extra) == -1))
		return -1;
	return buf_add_str(out, "\r\n");
}
