/*
 * header.h: headers of the handshake in the form "Name: value".
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

/* Check a header.  It must not be one that the handshake or an option sets. 0
 * or -1. */
int	header_check(const char *text, struct errbuf *e);

/* Check the value of a header: it must not contain a line end.  0 or -1. */
int	header_check_value(const char *value, struct errbuf *e);

/* The parts of a checked header. */
struct slice header_name(const char *text);
const char *header_value(const char *text);

/* Whether a header with that name is a credential, whose value must stay
 * secret. */
bool	header_is_secret(struct slice name);

/* "name: value", or NULL when out of memory. */
char   *header_make(struct arena *mem, const char *name, const char *value);
