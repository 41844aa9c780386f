/*
 * header.c: headers of the handshake as people write them (RFC 9110 section
 * 5).
 */
#include "client/header.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"

#define HEADER_MAX	4096	/* bytes; Ratchet takes no longer request */

/* What a name is made of, besides letters and digits. */
#define TOKEN_SIGNS	"!#$%&'*+-.^_`|~"

static const char *const reserved[] = { "Connection", "Host", "Origin",
    "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Key", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version",
    "Upgrade" };

static bool
is_token(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr(TOKEN_SIGNS, c) != NULL);
}

int
header_check_value(const char *value, struct errbuf *e)
{
	const unsigned char *p = (const unsigned char *)value;

	for (; *p != '\0'; p++)
		if ((*p < 0x20 && *p != '\t') || *p == 0x7f) {
			err_set(e, "control characters in it");
			return -1;
		}
	return 0;
}

struct slice
header_name(const char *text)
{
	size_t len = 0;

	while (is_token(text[len]))
		len++;
	return slice_of(text, len);
}

const char *
header_value(const char *text)
{
	text += header_name(text).len + 1;
	return text + strspn(text, " \t");
}

/* Whether the word is in the text, whatever the case of its letters. */
static bool
has_word(struct slice text, struct slice word)
{
	size_t i;

	for (i = 0; i + word.len <= text.len; i++)
		if (strncasecmp(text.p + i, word.p, word.len) == 0)
			return true;
	return false;
}

/* "X-Api-Key" and "X-Auth-Token" are as common as "Authorization". */
bool
header_is_secret(struct slice name)
{
	static const char *const words[] = { "auth", "cookie", "credential",
	    "key", "pass", "secret", "session", "signature", "ticket",
	    "token" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has_word(name, slice_str(words[i])))
			return true;
	return false;
}

int
header_check(const char *text, struct errbuf *e)
{
	struct slice name = header_name(text);
	size_t i;

	if (name.len == 0 || text[name.len] != ':') {
		/* Not what it is: there may be a secret in it. */
		err_set(e, "not \"Name: value\"");
		return -1;
	}
	if (strlen(text) > HEADER_MAX) {
		err_set(e, "longer than %d bytes", HEADER_MAX);
		return -1;
	}
	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strlen(reserved[i]) == name.len &&
		    strncasecmp(reserved[i], text, name.len) == 0) {
			err_set(e, "%s is made by the handshake%s",
			    reserved[i], strcmp(reserved[i], "Origin") == 0 ?
			    ", see --origin" : "");
			return -1;
		}
	if (header_check_value(text, e) == 0)
		return 0;
	err_wrap(e, "%.*s", (int)name.len, name.p);
	return -1;
}

char *
header_make(struct arena *mem, const char *name, const char *value)
{
	struct buf text = { 0 };
	char *made = NULL;

	if (buf_addf(&text, "%s: %s", name, value) == 0)
		made = arena_copy(mem, buf_slice(&text));
	buf_clear(&text);
	return made;
}
