/*
 * ws_mask.c: the mask over what a client sends.
 */
#include "wampd/net/ws_mask.h"

#include <stdint.h>
#include <string.h>

#define ASCII_WORD	0x8080808080808080u	/* the high bit of 8 bytes */

/* What all our processors have as a register, or as two. */
typedef uint64_t lanes __attribute__((vector_size(16)));

/* The key again and again, in the order of memory. */
static inline uint64_t
key_repeat(const char key[WS_KEY_SIZE])
{
	uint32_t k;

	memcpy(&k, key, sizeof(k));
	return (uint64_t)k << 32 | k;
}

/* The same from a later byte on, which becomes the first in memory. */
static inline uint64_t
key_from(uint64_t k, size_t skip)
{
	unsigned bits = 8 * (skip % WS_KEY_SIZE);

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return k >> bits | k << (-bits % 64);
#else
	return k << bits | k >> (-bits % 64);
#endif
}

/* Fewer than 8 bytes.  Returns all of them, ORed. */
static uint64_t
unmask_bytes(char *to, const char *from, size_t n, const char *key, size_t skip)
{
	unsigned seen = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		to[i] = (char)(from[i] ^ key[(skip + i) % WS_KEY_SIZE]);
		seen |= (unsigned char)to[i];
	}
	return seen;
}

/*
 * 8 to 15 bytes, as two words which overlap if there are fewer than 16.  Both
 * are loaded before the first is stored, since both places may be the same.
 */
static uint64_t
unmask_words(char *to, const char *from, size_t n, uint64_t k, uint64_t k_last)
{
	uint64_t word, last;

	memcpy(&word, from, sizeof(word));
	memcpy(&last, from + n - sizeof(last), sizeof(last));
	word ^= k;
	last ^= k_last;
	memcpy(to, &word, sizeof(word));
	memcpy(to + n - sizeof(last), &last, sizeof(last));
	return word | last;
}

/* 16 bytes or more, the same way: the last lanes overlap those before. */
static uint64_t
unmask_lanes(char *to, const char *from, size_t n, uint64_t k, uint64_t k_last)
{
	lanes here, last, seen = { 0 };
	size_t i;

	memcpy(&last, from + n - sizeof(last), sizeof(last));
	last ^= k_last;
	for (i = 0; i + sizeof(here) < n; i += sizeof(here)) {
		memcpy(&here, from + i, sizeof(here));
		here ^= k;
		seen |= here;
		memcpy(to + i, &here, sizeof(here));
	}
	memcpy(to + n - sizeof(last), &last, sizeof(last));
	seen |= last;
	return seen[0] | seen[1];
}

bool
ws_unmask(char *to, const char *from, size_t n, const char key[WS_KEY_SIZE],
    size_t skip)
{
	uint64_t k, k_last, seen;

	if (n < sizeof(k)) {
		seen = unmask_bytes(to, from, n, key, skip);
	} else {
		/* Words and lanes are a multiple of the key's length. */
		k = key_from(key_repeat(key), skip);
		k_last = key_from(k, n);
		seen = n < sizeof(lanes) ?
		    unmask_words(to, from, n, k, k_last) :
		    unmask_lanes(to, from, n, k, k_last);
	}
	return (seen & ASCII_WORD) == 0;
}
