/*
 * t_claims.c: the claims of tokens: what is read, refused and written, and when
 * they are valid.
 */
#include "token/claims.h"

#include <stdio.h>
#include <string.h>

#include "token/base64url.h"
#include "tap.h"

#define S	INT64_C(1000)

static void
check_malformed(const char *json, enum claims_times times)
{
	struct claims c;

	tap_int(claims_read(&c, slice_str(json), times), TOKEN_MALFORMED,
	    "malformed: %s", json);
	claims_clear(&c);
}

static void
test_malformed(void)
{
	static const char *const texts[] = {
		"", "[]", "7", "{", "{}x", "{\"sub\":\"a\",\"sub\":\"a\"}",
		"{\"sub\":\"a\",\"s\\u0075b\":\"b\"}", "{\"sub\":7}",
		"{\"sub\":\"\"}", "{\"name\":\"a\\nb\"}",
		"{\"name\":\"\\u202eb\"}", "{\"name\":\"\\u0000\"}",
		"{\"roles\":7}", "{\"roles\":[7]}", "{\"roles\":[[]]}",
		"{\"roles\":[\"\"]}", "{\"user_id\":\"7\"}",
		"{\"user_id\":-1}", "{\"user_id\":1.5}",
		"{\"user_id\":9223372036854775808}", "{\"aud\":{}}",
		"{\"exp\":\"soon\"}", "{\"exp\":true}", "{\"jti\":[]}",
		"{\"x\":[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]}",
	};
	static const char *const numeric[] = {
		"{\"exp\":\"2026-01-01T00:00:00Z\"}", "{\"exp\":-1}",
		"{\"exp\":1e10}", "{\"exp\":1E1}", "{\"exp\":253402300800}",
		"{\"nbf\":[]}",
	};
	static const char *const written[] = {
		"{\"exp\":7}", "{\"exp\":\"2026-02-30T00:00:00Z\"}",
		"{\"exp\":\"2026-01-01T00:00:00\"}", "{\"exp\":\"\"}",
		"{\"iat\":\"1969-12-31T23:59:59Z\"}",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_malformed(texts[i], CLAIMS_TEXT_TIMES);
	for (i = 0; i < sizeof(numeric) / sizeof(numeric[0]); i++)
		check_malformed(numeric[i], CLAIMS_NUMERIC_TIMES);
	for (i = 0; i < sizeof(written) / sizeof(written[0]); i++)
		check_malformed(written[i], CLAIMS_TEXT_TIMES);
}

/* Lists of roles and texts that are as long as allowed, and longer. */
static void
test_sizes(void)
{
	struct buf json = { 0 };
	struct claims c;
	int i, len;

	for (len = CLAIMS_TEXT_MAX; len <= CLAIMS_TEXT_MAX + 1; len++) {
		buf_reset(&json);
		(void)buf_add_str(&json, "{\"sub\":\"");
		(void)buf_fill(&json, 'x', (size_t)len);
		(void)buf_add_str(&json, "\"}");
		tap_int(claims_read(&c, buf_slice(&json), CLAIMS_TEXT_TIMES),
		    len == CLAIMS_TEXT_MAX ? TOKEN_OK : TOKEN_MALFORMED,
		    "a name of %d bytes", len);
		claims_clear(&c);
	}
	for (len = CLAIMS_LIST_MAX; len <= CLAIMS_LIST_MAX + 1; len++) {
		buf_reset(&json);
		(void)buf_add_str(&json, "{\"roles\":[\"a\"");
		for (i = 1; i < len; i++)
			(void)buf_add_str(&json, ",\"b\"");
		(void)buf_add_str(&json, "]}");
		tap_int(claims_read(&c, buf_slice(&json), CLAIMS_TEXT_TIMES),
		    len == CLAIMS_LIST_MAX ? TOKEN_OK : TOKEN_MALFORMED,
		    "%d roles", len);
		claims_clear(&c);
	}
	buf_clear(&json);
}

static void
test_reading(void)
{
	struct claims c;

	tap_int(claims_read(&c, SLICE(" {\"sub\":\"7\",\"name\":\"J\\u00f6rg\""
	    ",\"user_id\":9007199254740993,\"roles\":\"one\",\"aud\":[\"a\","
	    "\"b\"],\"exp\":1767225600.75,\"nbf\":0,\"other\":{\"sub\":1},"
	    "\"iss\":null} "), CLAIMS_NUMERIC_TIMES), TOKEN_OK, "all claims");
	tap_str(c.sub, "7", "sub");
	tap_str(c.name, "J\xc3\xb6rg", "name");
	tap_int(c.user_id, INT64_C(9007199254740993), "user_id is exact");
	tap_ok(c.roles != NULL && strcmp(c.roles[0], "one") == 0 &&
	    c.roles[1] == NULL, "one role may be a string");
	tap_ok(c.aud != NULL && strcmp(c.aud[1], "b") == 0 &&
	    c.aud[2] == NULL, "aud");
	tap_int(c.exp, INT64_C(1767225600000), "exp");
	tap_int(c.nbf, 0, "nbf");
	tap_int(c.iat, CLAIMS_NEVER, "no iat");
	tap_str(c.iss, NULL, "null is as good as missing");
	tap_str(claims_name(&c), "J\xc3\xb6rg", "name is the name");
	claims_clear(&c);
	tap_int(claims_read(&c, SLICE("{\"sub\":\"anna\",\"exp\":"
	    "\"2026-01-01T01:00:00+01:00\"}"), CLAIMS_TEXT_TIMES), TOKEN_OK,
	    "a text as time");
	tap_int(c.exp, INT64_C(1767225600000), "with its zone");
	tap_str(claims_name(&c), "anna", "without name, sub is the name");
	claims_clear(&c);
}

static void
test_writing(void)
{
	const char *const roles[] = { "a", "\"b\"", NULL };
	const char *const aud[] = { "me", NULL };
	const struct claims c = { .name = "anna", .roles = roles,
	    .user_id = 7, .exp = 1767225600000, .nbf = CLAIMS_NEVER,
	    .iat = CLAIMS_NEVER };
	struct buf out = { 0 };

	tap_int(claims_write(&out, &c, CLAIMS_NUMERIC_TIMES), 0, "written");
	tap_slice(buf_slice(&out), "{\"name\":\"anna\",\"user_id\":7,"
	    "\"roles\":[\"a\",\"\\\"b\\\"\"],\"exp\":1767225600}",
	    "with numbers");
	buf_reset(&out);
	tap_int(claims_write(&out, &(const struct claims){ .aud = aud,
	    .exp = CLAIMS_NEVER, .nbf = CLAIMS_NEVER, .iat = CLAIMS_NEVER },
	    CLAIMS_TEXT_TIMES), 0, "written");
	tap_slice(buf_slice(&out), "{\"aud\":\"me\"}",
	    "one audience is a text");
	buf_reset(&out);
	tap_int(claims_write(&out, &(const struct claims){ .exp = 0,
	    .nbf = CLAIMS_NEVER, .iat = CLAIMS_NEVER }, CLAIMS_TEXT_TIMES),
	    0, "written");
	tap_slice(buf_slice(&out), "{\"exp\":\"1970-01-01T00:00:00.000Z\"}",
	    "with texts");
	buf_clear(&out);
}

/* ---- when they are valid ---- */

static void
check_at(const char *json, int64_t now, struct token_rules rules,
    enum token_verdict want)
{
	struct claims c;

	rules.now_ms = now * S;
	tap_int(claims_read(&c, slice_str(json), CLAIMS_NUMERIC_TIMES),
	    TOKEN_OK, "read: %s", json);
	tap_int(claims_check(&c, &rules), want, "at %lld it is %d",
	    (long long)now, (int)want);
	claims_clear(&c);
}

static void
test_times(void)
{
	const struct token_rules strict = { .leeway_ms = 0 };
	const struct token_rules lax = { .leeway_ms = 10 * S };

	check_at("{\"exp\":100}", 99, strict, TOKEN_OK);
	check_at("{\"exp\":100}", 100, strict, TOKEN_EXPIRED);
	check_at("{\"exp\":100}", 109, lax, TOKEN_OK);
	check_at("{\"exp\":100}", 110, lax, TOKEN_EXPIRED);
	check_at("{\"exp\":100,\"nbf\":50}", 49, strict, TOKEN_EARLY);
	check_at("{\"exp\":100,\"nbf\":50}", 50, strict, TOKEN_OK);
	check_at("{\"exp\":100,\"nbf\":50}", 40, lax, TOKEN_OK);
	check_at("{\"exp\":100,\"nbf\":50}", 39, lax, TOKEN_EARLY);
	check_at("{\"exp\":100,\"iat\":50}", 49, strict, TOKEN_EARLY);
	check_at("{}", 1, strict, TOKEN_NO_EXPIRY);
	check_at("{}", 1, (struct token_rules){ .may_last = true },
	    TOKEN_OK);
}

static void
test_audience(void)
{
	const struct token_rules mine = { .audience = "me",
	    .may_last = true };
	const struct token_rules any = { .may_last = true };
	const struct token_rules issued = { .issuer = "https://id.example",
	    .may_last = true };

	check_at("{\"aud\":\"me\"}", 1, mine, TOKEN_OK);
	check_at("{\"aud\":[\"you\",\"me\"]}", 1, mine, TOKEN_OK);
	check_at("{\"aud\":\"you\"}", 1, mine, TOKEN_OTHER_AUDIENCE);
	check_at("{\"aud\":[]}", 1, mine, TOKEN_OTHER_AUDIENCE);
	check_at("{}", 1, mine, TOKEN_OTHER_AUDIENCE);
	check_at("{\"aud\":\"me\"}", 1, any, TOKEN_OTHER_AUDIENCE);
	check_at("{}", 1, any, TOKEN_OK);
	check_at("{\"iss\":\"https://id.example\"}", 1, issued, TOKEN_OK);
	check_at("{\"iss\":\"https://id.example/\"}", 1, issued,
	    TOKEN_OTHER_ISSUER);
	check_at("{}", 1, issued, TOKEN_OTHER_ISSUER);
}

static void
test_base64url(void)
{
	static const char *const bad[] = { "A", "AA=", "AA==", "AB", "AAB",
	    "AA\n", "A A", "A+", "A/AA", "AAAAA", "\xc3\xa9\xc3", "AAA\xc8" };
	struct buf out = { 0 };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		tap_int(base64url_decode(&out, slice_str(bad[i])), -1,
		    "%zu is not base64url", i);
	tap_int(out.len, 0, "and nothing is written");
	tap_int(base64url_decode(&out, SLICE("")), 0, "nothing is nothing");
	tap_int(base64url_decode(&out, SLICE("-_8")), 0, "two bytes");
	tap_ok(out.len == 2 && memcmp(out.data, "\xfb\xff", 2) == 0,
	    "and these");
	buf_reset(&out);
	tap_int(base64url_encode(&out, SLICE("\xfb\xff")), 0, "and back");
	tap_slice(buf_slice(&out), "-_8", "to the text");
	buf_clear(&out);
}

int
main(void)
{
	test_malformed();
	test_sizes();
	test_reading();
	test_writing();
	test_times();
	test_audience();
	test_base64url();
	return tap_done();
}
