/*
 * t_wampd_http_accept.c: which type of content a client prefers.
 */
#include <string.h>

#include "base/buf.h"
#include "tap.h"
#include "wampd/net/http_accept.h"

static const struct http_media text = { "text/plain", "version", "0.0.4" };
static const struct http_media open = { "application/openmetrics-text",
    "version", "1.0.0" };
static const struct http_media bare = { "text/plain", NULL, NULL };

#define PROMETHEUS							\
	"application/openmetrics-text;version=1.0.0;"			\
	"escaping=allow-utf-8;q=0.5,"					\
	"application/openmetrics-text;version=0.0.1;q=0.4,"		\
	"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"		\
	"text/plain;version=0.0.4;q=0.2,*/*;q=0.1"

static const struct {
	const char *accept;	/* NULL: there is no such field */
	const struct http_media *media;
	unsigned    want;
} cases[] = {
	{ NULL, &text, 1000 },
	{ NULL, &open, 1000 },
	{ "", &text, 0 },
	{ "*/*", &text, 1000 },
	{ "*/*;q=0.8", &open, 800 },
	{ "text/*", &text, 1000 },
	{ "text/*", &open, 0 },
	{ "TEXT/*;q=0.25", &text, 250 },
	{ "texts/*", &text, 0 },
	{ "tex/*", &text, 0 },
	{ "text/", &text, 0 },
	{ "text", &text, 0 },
	{ "Text/Plain", &text, 1000 },
	{ "text/html", &text, 0 },
	{ PROMETHEUS, &open, 500 },
	{ PROMETHEUS, &text, 200 },
	{ "application/openmetrics-text", &open, 1000 },
	{ "application/openmetrics-text; version=0.0.1,*/*;q=0.1", &open,
	  100 },
	{ "application/openmetrics-text; version=\"1.0.0\"", &open, 1000 },
	{ "application/openmetrics-text ; version=1.0.0 ; q=0.123", &open,
	  123 },
	{ "application/openmetrics-text;charset=utf-8", &open, 1000 },
	{ "application/openmetrics-text;;q=0.5;", &open, 500 },
	/* The most specific range counts, wherever it stands. */
	{ "text/plain;q=0.1,*/*", &text, 100 },
	{ "*/*,text/plain;q=0.1", &text, 100 },
	{ "text/*;q=0.3,*/*;q=0.9", &text, 300 },
	{ "text/plain;version=0.0.4;q=0.6,text/plain;q=0.2", &text, 600 },
	{ "text/plain;version=1.0.0,text/plain;q=0.2", &text, 200 },
	{ "text/plain;q=0.4,text/plain;q=0.9", &text, 400 },
	{ "text/plain;version=9", &bare, 1000 },
	/* q=0 says that it is not wanted. */
	{ "text/plain;q=0,*/*", &text, 0 },
	{ "text/plain;q=0.000", &text, 0 },
	{ "text/plain;q=1.000", &text, 1000 },
	{ "text/plain;q=0.", &text, 0 },
	{ "text/plain;Q=0.5", &text, 500 },
	/* Malformed elements are skipped. */
	{ "text/plain;q=2", &text, 0 },
	{ "text/plain;q=1.1", &text, 0 },
	{ "text/plain;q=-1", &text, 0 },
	{ "text/plain;q=0.1234", &text, 0 },
	{ "text/plain;q=", &text, 0 },
	{ "text/plain;q", &text, 0 },
	{ "text/plain;q=0x1", &text, 0 },
	{ "text/plain;q=2,*/*;q=0.5", &text, 500 },
	{ ",,;,=;\",text/plain", &text, 0 },
	{ "text/plain;a=\"x;y,z\\\";q=0\";q=0.5", &text, 500 },
};

static void
test_cases(void)
{
	struct buf fields = { 0 };
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&fields);
		(void)buf_add_str(&fields, "Host: x\r\n");
		if (cases[i].accept != NULL)
			(void)buf_addf(&fields, "Accept: %s\r\n",
			    cases[i].accept);
		tap_int(http_accept(buf_slice(&fields), cases[i].media),
		    cases[i].want, "%s of %s", cases[i].media->type,
		    cases[i].accept != NULL ? cases[i].accept : "no Accept");
	}
	buf_clear(&fields);
}

static void
test_fields(void)
{
	tap_int(http_accept(SLICE("Accept: text/html\r\nA: b\r\n"
	    "accept: text/plain;q=0.5\r\n"), &text), 500,
	    "several fields are one list");
}

int
main(void)
{
	test_cases();
	test_fields();
	return tap_done();
}
