/*
 * json.h: a strict JSON scanner, and walking of what it has accepted.
 *
 * The broker forwards events byte for byte, so no tree is built here.  One pass
 * validates a whole text (RFC 8259, UTF-8 per RFC 3629, limited depth) and
 * returns slices of the elements of the top-level array.  The walking functions
 * below trust their input: call them only with scanned text.
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
	size_t		offset;	/* the byte of the error in the text */
	const char     *what;	/* static text: "expected a value" */
	bool		deep;	/* more levels than allowed */
};

#define JSON_DEPTH_DEFAULT	128	/* nested arrays and objects */
#define JSON_DEPTH_MAX		1024	/* the most that a caller may allow */

/*
 * Scan a text that must be one array.  The first max elements are written to
 * elems.  *count is the number of elements of the array, which may be more than
 * max.  *last_end (may be NULL) is set to the offset just after the last
 * element, so that elems[k].text.p .. text + last_end contains elements k to
 * the last.  An empty array has count 0 and last_end 0. depth counts the array
 * itself: depth 1 allows no nesting.  0, or -1 with *e filled.
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

/* The next element of *rest; *rest moves after it. true, or false at the end.
 * Inside an object, the elements are the values of its members. newline is not
 * set. */
bool	json_next(struct slice *rest, struct json_elem *out);

/* The next member of an object's inside: key (a string) and value. */
bool	json_next_member(struct slice *rest, struct json_elem *key,
	    struct json_elem *value);

/* Find a member of an object; the last one of duplicates, as in most parsers.
 * false if there is none, or if object is not an object. */
bool	json_member(struct slice object, const char *key,
	    struct json_elem *out);

/* Whether there is such a member, and it is true. */
bool	json_member_is_true(struct slice object, const char *key);

/* Append the string's characters, escapes resolved, to *out.  A surrogate
 * without its partner becomes U+FFFD.  0 or -1 when out of memory. */
int	json_unquote(struct buf *out, const struct json_elem *string);

/* The characters of the string: borrowed from the text if nothing is escaped,
 * else decoded into *scratch, which is reset first, and borrowed from there.  0
 * or -1 when out of memory. */
int	json_string(struct slice *out, const struct json_elem *string,
	    struct buf *scratch);

/* A number that is an integer within int64_t, written without fraction and
 * exponent. false for anything else. */
bool	json_int(int64_t *out, const struct json_elem *number);

/* The depth of the nesting of arrays and objects; 0: none. */
unsigned json_depth(struct slice value);

/* Whether PHP regards the value as true: not null, false, 0, "", "0" or an
 * empty container. */
bool	json_truthy(const struct json_elem *value);

/* ---- writing ---- */

/* Append s as a JSON string, in quotes: the shortest escapes, everything
 * printable as it is.  Bytes that are not UTF-8 become U+FFFD.  0 or -1. */
int	json_quote(struct buf *out, struct slice s);

__END_DECLS
