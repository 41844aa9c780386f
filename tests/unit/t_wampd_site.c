/*
 * t_wampd_site.c: which requests servers of HTTP get.
 */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "wampd/net/site.h"

static const struct site_server files = { .name = "files" };

static struct http_request
request(const char *path)
{
	return (struct http_request){ .method = SLICE("GET"),
	    .path = slice_str(path), .minor = 1 };
}

static void
add(struct site *site, const char *path, const struct site_server *server)
{
	if (site_add(site, path, server) == -1)
		abort();
}

/* What serves that path: "websocket", the name of a server, or NULL. */
static const char *
found(const struct site *site, const char *path, bool upgrade)
{
	struct http_request req = request(path);
	const struct site_row *row = site_find(site, &req, upgrade);

	if (row == NULL)
		return NULL;
	return row->server == NULL ? "websocket" : row->server->name;
}

/* A server may decode a path, and resolve its dots, before it looks. */
static void
test_clear_paths(void)
{
	static const char *const good[] = { "/files/", "/files/a/b/",
	    "/files/a%20b", "/files/%c3%A4", "/files/a%25b", "/files/...",
	    "/files/.a", "/files/a..", "/files/-", "/files/a;b=c",
	    "/files/%3Fa", "/files/%23", NULL };
	static const char *const bad[] = { "/files/.", "/files/..",
	    "/files/../health", "/files/a/../../health", "/files/./a",
	    "/files//a", "/files/a//", "/files/%2e%2e/health", "/files/%2E",
	    "/files/a%2fb", "/files/a%2F..%2fb", "/files/a%5cb",
	    "/files/a\\b",
	    "/files/a%00", "/files/a%0a", "/files/%1f", "/files/%7f",
	    "/files/%61", "/files/%5A", "/files/%39", "/files/%7e",
	    "/files/%", "/files/%2", "/files/%zz", "/files/%2/", "/files/a%",
	    NULL };
	struct site site = { 0 };
	size_t i;

	add(&site, "/files/", &files);
	for (i = 0; good[i] != NULL; i++)
		tap_str(found(&site, good[i], false), "files", "%s is clear",
		    good[i]);
	for (i = 0; bad[i] != NULL; i++)
		tap_str(found(&site, bad[i], false), NULL, "%s is not",
		    bad[i]);
	add(&site, NULL, NULL);
	tap_str(found(&site, "/files/../x", true), "websocket",
	    "a WebSocket may be anywhere");
	site_clear(&site);
}

static const char *
checked(const char *method, unsigned minor, bool content)
{
	struct http_request req = request("/health");
	struct http_refusal why;

	req.method = slice_str(method);
	req.minor = minor;
	req.content = content;
	return site_check(&req, &why) == 0 ? NULL : http_cause_name(why.cause);
}

static void
test_check(void)
{
	static const char *const others[] = { "POST", "PUT", "DELETE",
	    "OPTIONS", "CONNECT", "TRACE", "get", "GETS", NULL };
	size_t i;

	tap_str(checked("GET", 1, false), NULL, "GET");
	tap_str(checked("HEAD", 1, false), NULL, "HEAD");
	for (i = 0; others[i] != NULL; i++)
		tap_str(checked(others[i], 1, false), "http_method", "%s",
		    others[i]);
	tap_str(checked("GET", 0, false), "http_version", "HTTP/1.0");
	tap_str(checked("GET", 1, true), "content", "content");
	tap_str(checked("HEAD", 1, true), "content", "content of HEAD");
	tap_str(checked("POST", 0, true), "http_method",
	    "the method is the first reason");
}

int
main(void)
{
	test_clear_paths();
	test_check();
	return tap_done();
}
