/*
 * deflate_offer.c: agreeing on permessage-deflate in the handshake (RFC 7692
 * section 7.1).
 */
#include "wampd/net/deflate_offer.h"

#include "wampd/net/deflate.h"

#define NAME		"permessage-deflate"
#define BITS_MIN	8	/* of a window; section 7.1.2 */

struct param {
	const char *name;
	bool	    may_stand_alone;	/* without a value */
	unsigned    least;		/* value, in bits; 0: it has none */
};

enum {
	SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER,
	SERVER_MAX_WINDOW_BITS, CLIENT_MAX_WINDOW_BITS, NPARAMS
};

static const struct param params[NPARAMS] = {
	[SERVER_NO_CONTEXT_TAKEOVER] =
	    { "server_no_context_takeover", true, 0 },
	[CLIENT_NO_CONTEXT_TAKEOVER] =
	    { "client_no_context_takeover", true, 0 },
	[SERVER_MAX_WINDOW_BITS] =
	    { "server_max_window_bits", false, DEFLATE_WINDOW_BITS },
	[CLIENT_MAX_WINDOW_BITS] =
	    { "client_max_window_bits", true, BITS_MIN },
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
skip_blanks(struct slice *rest)
{
	while (rest->len > 0 && is_blank(*rest->p)) {
		rest->p++;
		rest->len--;
	}
}

/* Whether the next character is c; then skip it. */
static bool
take(struct slice *rest, char c)
{
	if (rest->len == 0 || *rest->p != c)
		return false;
	rest->p++;
	rest->len--;
	return true;
}

/* Take a word, with the blanks around it.  Only words that are known count, so
 * it may have any characters. */
static struct slice
take_word(struct slice *rest)
{
	struct slice word;

	skip_blanks(rest);
	word = slice_of(rest->p, 0);
	while (rest->len > 0 && !is_blank(*rest->p) && *rest->p != ';' &&
	    *rest->p != '=') {
		rest->p++;
		rest->len--;
		word.len++;
	}
	skip_blanks(rest);
	return word;
}

/* ---- the value of a parameter ---- */

/* The first characters of a value; three are too many. */
struct value {
	char   text[3];
	size_t len;
};

static void
value_add(struct value *v, char c)
{
	if (v->len < sizeof(v->text))
		v->text[v->len++] = c;
}

/* Take a value.  It may be quoted, and characters in it escaped (RFC 6455
 * section 9.1).  False if there is no closing quote. */
static bool
take_value(struct slice *rest, struct value *v)
{
	struct slice word;
	size_t i;

	skip_blanks(rest);
	v->len = 0;
	if (!take(rest, '"')) {
		word = take_word(rest);
		for (i = 0; i < word.len; i++)
			value_add(v, word.p[i]);
		return true;
	}
	while (!take(rest, '"')) {
		(void)take(rest, '\\');
		if (rest->len == 0)
			return false;
		value_add(v, *rest->p);
		(void)take(rest, *rest->p);
	}
	skip_blanks(rest);
	return true;
}

/* A decimal number from 8 to 15 without leading zeros (RFC 7692 section 7.1.2);
 * else 0. */
static unsigned
value_bits(const struct value *v)
{
	static const char *const texts[] = { "8", "9", "10", "11", "12", "13",
	    "14", "15" };
	unsigned i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (slice_eq(slice_of(v->text, v->len), slice_str(texts[i])))
			return BITS_MIN + i;
	return 0;
}

/* ---- the offer ---- */

/* The row of that name, or NPARAMS. */
static unsigned
param_find(struct slice name)
{
	unsigned i;

	for (i = 0; i < NPARAMS; i++)
		if (slice_eq(name, slice_str(params[i].name)))
			break;
	return i;
}

/* Read a parameter.  Its row is added to *given.  False declines the offer. */
static bool
read_param(struct slice *rest, unsigned *given)
{
	unsigned i = param_find(take_word(rest));
	struct value v;

	if (i == NPARAMS || (*given & 1u << i))
		return false;
	*given |= 1u << i;
	if (!take(rest, '='))
		return params[i].may_stand_alone;
	return params[i].least > 0 && take_value(rest, &v) &&
	    value_bits(&v) >= params[i].least;
}

bool
deflate_offer_read(struct slice offer, struct deflate_terms *terms)
{
	unsigned given = 0;

	if (!slice_eq(take_word(&offer), SLICE(NAME)))
		return false;
	while (take(&offer, ';'))
		if (!read_param(&offer, &given))
			return false;
	terms->server_max_window_bits = given & 1u << SERVER_MAX_WINDOW_BITS;
	return offer.len == 0;
}

int
deflate_offer_answer(const struct deflate_terms *terms, struct buf *out)
{
	if (buf_add_str(out, NAME "; server_no_context_takeover"
	    "; client_no_context_takeover") == -1)
		return -1;
	return terms->server_max_window_bits ? buf_addf(out,
	    "; server_max_window_bits=%d", DEFLATE_WINDOW_BITS) : 0;
}
