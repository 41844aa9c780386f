/*
 * http_field.h: what the header fields of HTTP are made of (RFC 9110 section
 * 5).
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"

struct http_field {
	struct slice name;	/* borrowed, as both are; a token */
	struct slice value;	/* without the blanks around it */
};

/* Whether c is part of a token, and whether s is one; no token is empty. */
bool	http_is_token_char(char c);
bool	http_is_token(struct slice s);

/* Whether a is b, whatever the case of the letters of a; those of b are
 * small. */
bool	http_token_eq(struct slice a, const char *lower);

/* s without the blanks around it. */
struct slice http_trim(struct slice s);

/* The next field of the lines in *fields, which moves behind it; false at the
 * end.  The lines are those of a head that was checked (http_request.h). */
bool	http_field_next(struct slice *fields, struct http_field *f);

/* The next element of a list with commas (section 5.6.1), which is never
 * empty; *value moves to what follows.  False at the end.  A comma in a quoted
 * string separates nothing. */
bool	http_list_next(struct slice *value, struct slice *element);

/* The next element of the list that all fields of that name make together, in
 * their order; false at the end.  *fields, at first all the lines, moves, and
 * is then of use for nothing else. */
bool	http_element_next(struct slice *fields, const char *lower,
	    struct slice *element);

/* How many fields of that name there are; the value of the last is in *value,
 * which is not touched if there is none. */
unsigned http_field_find(struct slice fields, const char *lower,
	    struct slice *value);
