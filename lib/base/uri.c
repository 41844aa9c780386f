/*
 * uri.c: text in URIs (RFC 3986).
 */
#include "base/uri.h"

#include <stdbool.h>
#include <string.h>

static bool
is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

int
uri_encode(struct buf *out, const char *text, const char *also)
{
	int rc = 0;

	for (; *text != '\0' && rc == 0; text++)
		rc = is_unreserved(*text) || strchr(also, *text) != NULL ?
		    buf_add_char(out, *text) :
		    buf_addf(out, "%%%02X", (unsigned char)*text);
	return rc;
}
