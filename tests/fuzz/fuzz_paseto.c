/*
 * fuzz_paseto.c: any bytes as a PASETO, as a file of keys, and as the message
 * and footer of a token.
 *
 * No input is a genuine token.  Of the token that is made with an input, the
 * same comes back.
 */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "token/paseto.h"
#include "token/paseto_keys.h"

#define KEYS								\
	"k4.secret.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8c5WpIyC_"	\
	"5kWKhS8VEYSZ05dYfuTF-ZdQFV4D9vLTcNQ\n"				\
	"k4.local.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjpA id\n"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_token(const struct paseto_keys *keys, struct slice token)
{
	const struct token_rules rules = { .now_ms = 0 };
	struct paseto p = { .local = false };
	struct claims c;
	enum token_verdict v;

	if (paseto_split(&p, token) == TOKEN_OK) {
		assert(paseto_is(token));
		assert(p.footer.len <= PASETO_FOOTER_MAX);
		assert(paseto_unchecked(&p).len < p.body.len);
	}
	paseto_clear(&p);
	v = paseto_verify(&c, keys, token, &rules);
	assert(v != TOKEN_OK);
	claims_clear(&c);
}

/* Keys that are read are written as they came. */
static void
check_keys(struct slice text)
{
	struct paseto_keys keys = { 0 };
	struct buf out = { 0 };
	struct paserk again;
	struct errbuf e;
	size_t i;

	(void)paseto_keys_add(&keys, text, &e);
	assert(keys.n <= TOKEN_KEYS_MAX);
	for (i = 0; i < keys.n; i++) {
		buf_reset(&out);
		assert(paserk_write(&out, &keys.v[i].key) == 0);
		assert(memmem(text.p, text.len, out.data, out.len) != NULL);
		assert(paserk_read(&again, buf_slice(&out), &e) == 0);
	}
	buf_clear(&out);
	paseto_keys_clear(&keys);
}

/* The input as the message and the footer of a genuine token. */
static void
check_made(const struct paseto_keys *keys, size_t i, struct slice input)
{
	static const unsigned char nonce[PASETO_NONCE_SIZE];
	struct buf token = { 0 }, message = { 0 };
	size_t half = input.len / 2;
	struct slice footer = slice_of(input.p + half, input.len - half);
	enum token_verdict v;

	input.len = half;
	assert(paseto_make_with_nonce(&token, &keys->v[i].key, input, footer,
	    slice_of("", 0), nonce) == 0);
	v = paseto_keys_open(keys, buf_slice(&token), &message, NULL);
	if (v == TOKEN_OK)
		assert(slice_eq(buf_slice(&message), input));
	else
		assert(v != TOKEN_BAD_SIGNATURE);
	buf_clear(&token);
	buf_clear(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of((const char *)data, size);
	struct paseto_keys keys = { 0 };
	struct errbuf e;

	if (sodium_init() == -1 ||
	    paseto_keys_add(&keys, SLICE(KEYS), &e) == -1)
		abort();
	check_token(&keys, input);
	check_keys(input);
	check_made(&keys, 0, input);
	check_made(&keys, 1, input);
	paseto_keys_clear(&keys);
	return 0;
}
