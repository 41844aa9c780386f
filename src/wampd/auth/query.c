/*
 * query.c: the query of a URL, as browsers and PHP write it.
 */
#include "wampd/auth/query.h"

#include <string.h>

#include "base/num.h"

unsigned
query_find(struct slice query, struct slice name, struct slice *value)
{
	const char *at = query.p, *end = at + query.len, *amp;
	unsigned n = 0;
	struct slice pair;

	for (; query.len > 0 && at < end; at = amp + 1) {
		amp = memchr(at, '&', (size_t)(end - at));
		if (amp == NULL)
			amp = end;
		pair = slice_of(at, (size_t)(amp - at));
		if (pair.len <= name.len || pair.p[name.len] != '=' ||
		    !slice_starts(pair, name))
			continue;
		*value = slice_of(pair.p + name.len + 1,
		    pair.len - name.len - 1);
		n++;
	}
	return n;
}

int
query_decode(struct slice value, struct buf *out)
{
	size_t i;
	int high, low;
	char c;

	if (buf_reserve(out, value.len) == -1)
		return -1;
	for (i = 0; i < value.len; i++) {
		c = value.p[i] == '+' ? ' ' : value.p[i];
		if (c == '%' && value.len - i > 2 &&
		    (high = num_hex_digit(value.p[i + 1])) != -1 &&
		    (low = num_hex_digit(value.p[i + 2])) != -1) {
			c = (char)(high * 16 + low);
			i += 2;
		}
		out->data[out->len++] = c;
	}
	return 0;
}
