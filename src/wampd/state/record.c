/*
 * record.c: the bytes of the log of kept events.
 */
#include "wampd/state/record.h"

#include <endian.h>
#include <string.h>
#include <zlib.h>

#define RECORD_MARK	0x56455701u
#define AS_KNOWN	(0x3u | RECORD_DROP)
#define TRIES		64	/* how often all bytes of a log may be summed to
				 * find records behind damaged ones */

struct head {
	uint32_t mark, crc, len, topic_len;
	uint64_t number, at, until;
	uint32_t as, head_crc;
};

_Static_assert(sizeof(struct head) == 48, "no padding");

#define SUMMED	offsetof(struct head, len)	/* from there on */

static size_t
padded(size_t len)
{
	return (len + RECORD_ALIGN - 1) / RECORD_ALIGN * RECORD_ALIGN;
}

size_t
record_size(const struct record *r)
{
	return padded(sizeof(struct head) + r->topic.len + r->event.len);
}

static uint32_t
sum(const void *p, size_t from, size_t to)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)p + from,
	    to - from);
}

static uint32_t
sum_head(const struct head *h)
{
	return sum(h, SUMMED, offsetof(struct head, head_crc));
}

int
record_add(struct buf *out, const struct record *r)
{
	size_t len = sizeof(struct head) + r->topic.len + r->event.len;
	size_t more = padded(len);
	struct head h = {
		.mark = htole32(RECORD_MARK), .len = htole32((uint32_t)len),
		.topic_len = htole32((uint32_t)r->topic.len),
		.number = htole64(r->number), .at = htole64((uint64_t)r->at),
		.until = htole64((uint64_t)r->until), .as = htole32(r->as),
	};
	char *p;

	if (len > UINT32_MAX || buf_reserve(out, more) == -1)
		return -1;
	p = out->data + out->len;
	h.head_crc = htole32(sum_head(&h));
	memset(p + more - RECORD_ALIGN, 0, RECORD_ALIGN);
	memcpy(p, &h, sizeof(h));
	if (r->topic.len > 0)
		memcpy(p + sizeof(h), r->topic.p, r->topic.len);
	if (r->event.len > 0)
		memcpy(p + sizeof(h) + r->topic.len, r->event.p, r->event.len);
	out->len += more;
	return 0;
}

void
record_seal(struct buf *records)
{
	struct head h;
	size_t at = 0;
	char *p;

	for (; at < records->len; at += padded(le32toh(h.len))) {
		p = records->data + at;
		memcpy(&h, p, sizeof(h));
		h.crc = htole32(sum(p, SUMMED, le32toh(h.len)));
		memcpy(p, &h, sizeof(h));
	}
}

void
record_begin(struct record_reader *in, struct slice all)
{
	*in = (struct record_reader){ .all = all,
	    .budget = TRIES * (uint64_t)all.len };
}

enum found { FOUND, FOUND_NOTHING, FOUND_PART };

/* Look at the bytes from in->at on.  FOUND_PART: a record may begin there,
 * but it is longer than the log. */
static enum found
look(struct record_reader *in, struct record *r, size_t *len)
{
	const char *p = in->all.p + in->at;
	size_t left = in->all.len - in->at;
	struct head h;

	if (left < sizeof(h))
		return FOUND_PART;
	memcpy(&h, p, sizeof(h));
	*len = le32toh(h.len);
	*r = (struct record){ .number = le64toh(h.number),
	    .at = (int64_t)le64toh(h.at), .until = (int64_t)le64toh(h.until),
	    .as = le32toh(h.as) };
	r->topic = slice_of(p + sizeof(h), le32toh(h.topic_len));
	if (le32toh(h.mark) != RECORD_MARK ||
	    le32toh(h.head_crc) != sum_head(&h) ||
	    *len < sizeof(h) || r->topic.len > *len - sizeof(h) ||
	    (r->as & ~AS_KNOWN) != 0)
		return FOUND_NOTHING;
	if (*len > left)
		return FOUND_PART;
	if (*len > in->budget)
		return FOUND_NOTHING;
	in->budget -= *len;
	if (sum(p, SUMMED, *len) != le32toh(h.crc))
		return FOUND_NOTHING;
	r->event = slice_of(r->topic.p + r->topic.len,
	    *len - sizeof(h) - r->topic.len);
	return FOUND;
}

/* Whether all bytes are 0: a file that has got its size, but not its content,
 * when the power failed. */
static bool
is_zero(struct slice s)
{
	return s.len == 0 ||
	    (s.p[0] == 0 && memcmp(s.p, s.p + 1, s.len - 1) == 0);
}

/* Nothing was found from `from` on.  first is what was there. */
static void
end(struct record_reader *in, size_t from, enum found first)
{
	struct slice rest = slice_of(in->all.p + from, in->all.len - from);

	if (first == FOUND_PART || is_zero(rest))
		in->faults.torn += rest.len;
	else
		in->faults.damaged += rest.len;
	in->at = in->all.len;
}

bool
record_next(struct record_reader *in, struct record *r)
{
	enum found found, first = FOUND;
	size_t from = in->at, len;

	for (; in->at < in->all.len; in->at += RECORD_ALIGN) {
		found = look(in, r, &len);
		if (in->at == from)
			first = found;
		if (found != FOUND)
			continue;
		in->faults.damaged += in->at - from;
		in->at += padded(len);
		return true;
	}
	if (from < in->all.len)
		end(in, from, first);
	return false;
}
