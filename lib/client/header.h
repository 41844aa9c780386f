/*
 * header.h: headers of the handshake as people write them: "Name: value".
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

/* Whether it is one, and none that the handshake or an option makes.  0 or
 * -1. */
int	header_check(const char *text, struct errbuf *e);

/* Whether it can be a value: nothing in it may end the line.  0 or -1. */
int	header_check_value(const char *value, struct errbuf *e);

/* The parts of a header that was checked. */
struct slice header_name(const char *text);
const char *header_value(const char *text);

/* Whether the value of a header of that name is nobody else's business: it
 * lets someone in, as the name tells. */
bool	header_is_secret(struct slice name);

/* "name: value", or NULL when out of memory. */
char   *header_make(struct arena *mem, const char *name, const char *value);
