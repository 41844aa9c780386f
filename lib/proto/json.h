/*
 * json.h: a strict JSON scanner, and walking of what it has accepted.
 *
 * The broker forwards events byte for byte, so nothing here builds a tree: one
 * pass validates a whole text (RFC 8259, UTF-8 per RFC 3629, bounded depth)
 * and yields slices of the top-level array's elements.  The walking functions
 * below the scanner trust their input: give them scanned text only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/slice.h"

__BEGIN_DECLS

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
    JSON_ARRAY, JSON_OBJECT };

struct json_elem {
	struct slice	text;	 /* the value as written, quotes included */
	enum json_type	type;
	bool		escaped; /* JSON_STRING: has a backslash */
	bool		newline; /* has a raw CR or LF between its tokens */
};

struct json_error {
	size_t		offset;	/* byte in the text where it went wrong */
	const char     *what;	/* static text: "expected a value" */
	bool		deep;	/* more levels than allowed */
};

#define JSON_DEPTH_DEFAULT	128	/* nested arrays and objects */
#define JSON_DEPTH_MAX		1024	/* however many a caller allows */

/*
 * Scan a text that must be one array.  The first max elements go to elems;
 * *count is how many the array has, which may be more than max.  *last_end
 * (may be NULL) is set to the offset just behind the last element, so that
 * elems[k].text.p .. text + last_end spans elements k to the last.  An empty
 * array has count 0 and last_end 0.  depth counts the array itself: depth 1
 * allows no nesting.  0, or -1 with *e filled.
 */
int	json_scan_array(struct slice text, unsigned depth,
	    struct json_elem *elems, size_t max, size_t *count,
	    size_t *last_end, struct json_error *e);

/* Scan a text that is any one JSON value; white space around it is allowed
 * and not part of out->text.  0, or -1 with *e filled. */
int	json_scan_value(struct slice text, unsigned depth,
	    struct json_elem *out, struct json_error *e);

/* Whether it is true or false. */
static inline bool
json_is_bool(const struct json_elem *elem)
{
	return elem->type == JSON_TRUE || elem->type == JSON_FALSE;
}

/* ---- walking validated text ---- */

/* The inside of an array or object, for json_next(). */
struct slice json_inside(struct slice container);

/* The next element of *rest; *rest moves behind it.  true, or false at the
 * end.  In an object's inside the elements are the values of its members.
 * newline is not determined. */
bool	json_next(struct slice *rest, struct json_elem *out);

/* The next member of an object's inside: key (a string) and value. */
bool	json_next_member(struct slice *rest, struct json_elem *key,
	    struct json_elem *value);

/* Find an object's member; the last of duplicates, as most parsers have it.
 * false when there is none or when object is no object. */
bool	json_member(struct slice object, const char *key,
	    struct json_elem *out);

/* Append the string's characters, escapes resolved, to *out.  A surrogate
 * without its partner becomes U+FFFD.  0 or -1 when out of memory. */
int	json_unquote(struct buf *out, const struct json_elem *string);

/* The string's characters: borrowed from the text when nothing is escaped,
 * else decoded into *scratch (reset first) and borrowed from there.  0 or -1
 * when out of memory. */
int	json_string(struct slice *out, const struct json_elem *string,
	    struct buf *scratch);

/* A number that is an integer within int64_t, written without fraction or
 * exponent.  false when it is anything else. */
bool	json_int(int64_t *out, const struct json_elem *number);

/* How many arrays and objects are open at its deepest place; 0: none. */
unsigned json_depth(struct slice value);

/* Whether PHP would take the value for true: not null, false, 0, "", "0" or
 * an empty container. */
bool	json_truthy(const struct json_elem *value);

/* ---- writing ---- */

/* Append s as a JSON string, in quotes: the shortest escapes, everything
 * printable as it is.  Bytes that are not UTF-8 become U+FFFD.  0 or -1. */
int	json_quote(struct buf *out, struct slice s);

__END_DECLS
