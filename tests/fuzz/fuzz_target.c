/*
 * fuzz_target.c: what names a server or lets a tool in, and comes from people,
 * files or the server.  The first byte says what the rest is:
 *
 *	d	a DSN of Oro
 *	h	a header
 *	u	a URL, and a ticket to put into it
 *	c	a challenge of WAMP-CRA
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/cra.h"
#include "client/header.h"
#include "client/oro.h"
#include "client/url.h"
#include "client/ws_request.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken for an address must be one that the tools can go to. */
static void
try_dsn(const char *text)
{
	struct oro_dsn dsn = { .url = NULL };
	struct arena mem = { 0 };
	struct ws_url url = { 0 };
	struct errbuf e;

	if (oro_dsn_parse(&dsn, text, &mem, &e) == 0 && dsn.url != NULL &&
	    url_parse(&url, dsn.url, &e) == 0)
		assert(url.port >= 1 && url.port <= 65535);
	url_clear(&url);
	arena_clear(&mem);
}

static void
try_header(const char *text)
{
	struct errbuf e;

	if (header_check(text, &e) == -1)
		return;
	assert(header_name(text).len > 0);
	assert(strpbrk(header_value(text), "\r\n") == NULL);
}

static void
try_url(const char *text)
{
	struct buf path = { 0 };
	struct ws_url url = { 0 };
	struct errbuf e;

	if (url_parse(&url, text, &e) == 0) {
		assert(url.path[0] == '/' && url.host[0] != '\0');
		assert(ws_request_path(&path, url.path, text) == 0);
		assert(strpbrk(path.data, "\r\n ") == NULL);
	}
	buf_clear(&path);
	url_clear(&url);
}

static void
try_challenge(const char *text)
{
	struct buf signature = { 0 };
	struct errbuf e;

	if (cra_sign(&signature, slice_str(text), "secret", &e) == 0)
		assert(signature.len == 44);
	buf_clear(&signature);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0 || (text = malloc(size)) == NULL)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0]) {
	case 'd':
		try_dsn(text);
		break;
	case 'h':
		try_header(text);
		break;
	case 'u':
		try_url(text);
		break;
	case 'c':
		try_challenge(text);
		break;
	default:
		break;
	}
	free(text);
	return 0;
}
