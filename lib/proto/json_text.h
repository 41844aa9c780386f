/*
 * json_text.h: functions on the bytes of a JSON text that json*.c share.  All
 * other files include json.h.
 *
 * A string is mostly plain bytes: printable ASCII except quote and backslash.
 * json_span() skips them 16 at a time, which makes the scanner fast.  No
 * function reads at or after end.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "proto/json.h"

/* White space as RFC 8259 section 2 lists it, nothing else. */
static inline bool
json_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool
json_is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 &&
	    c != '"' && c != '\\';
}

/* The type of a valid value that starts with c. */
static inline enum json_type
json_type_at(char c)
{
	switch (c) {
	case '"':
		return JSON_STRING;
	case '[':
		return JSON_ARRAY;
	case '{':
		return JSON_OBJECT;
	case 'n':
		return JSON_NULL;
	case 'f':
		return JSON_FALSE;
	case 't':
		return JSON_TRUE;
	default:
		return JSON_NUMBER;
	}
}

/* High bits where a byte of w is below n (n <= 0x80); bytes above the first
 * hit may be wrong, so it only says whether there is one. */
static inline uint64_t
json_word_below(uint64_t w, uint64_t n)
{
	return (w - 0x0101010101010101u * n) & ~w & 0x8080808080808080u;
}

/* json_span() without vector instructions, 8 bytes at a time. */
static inline const char *
json_span_words(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t w;

	for (; end - p >= (ptrdiff_t)sizeof(w); p += sizeof(w)) {
		memcpy(&w, p, sizeof(w));
		if ((w & ones * 0x80) != 0 || json_word_below(w, 0x20) != 0 ||
		    json_word_below(w ^ ones * '"', 1) != 0 ||
		    json_word_below(w ^ ones * '\\', 1) != 0)
			break;
	}
	while (p < end && json_is_plain(*p))
		p++;
	return p;
}

/* The first byte from p on that is not plain, or end. */
static inline const char *
json_span(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i backslash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(' ');
	__m128i v, odd;
	int mask;

	for (; end - p >= 16; p += 16) {
		v = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* The comparison is signed: bytes from 0x80 are below ' '. */
		odd = _mm_or_si128(_mm_cmplt_epi8(v, space),
		    _mm_or_si128(_mm_cmpeq_epi8(v, quote),
		    _mm_cmpeq_epi8(v, backslash)));
		if ((mask = _mm_movemask_epi8(odd)) != 0)
			return p + __builtin_ctz((unsigned)mask);
	}
#endif
	return json_span_words(p, end);
}

/* p is at the opening quote of a valid string; the place behind the closing
 * one.  *escaped is set when there is a backslash. */
const char *json_string_end(const char *p, const char *end, bool *escaped);

/* p is at a valid number or word; the place behind it. */
const char *json_word_end(const char *p, const char *end);
