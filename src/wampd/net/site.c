/*
 * site.c: the table from the path of a request to what serves it.
 */
#include "wampd/net/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

int
site_add(struct site *site, const char *path,
    const struct site_server *server)
{
	const struct site_row row = { .path = path, .server = server };

	return site_add_rows(site, &row, 1);
}

int
site_add_page(struct site *site, const char *path,
    const struct site_page *page)
{
	const struct site_row row = { .path = path, .page = page };

	return site_add_rows(site, &row, 1);
}

int
site_add_rows(struct site *site, const struct site_row *rows, size_t n)
{
	struct site_row *all;

	if (n == 0)
		return 0;
	all = reallocarray(site->rows, site->n + n, sizeof(*all));
	if (all == NULL)
		return -1;
	site->rows = all;
	memcpy(all + site->n, rows, n * sizeof(*all));
	site->n += n;
	return 0;
}

void
site_clear(struct site *site)
{
	free(site->rows);
	*site = (struct site){ 0 };
}

/* ---- paths ---- */

/* Whether the byte that is encoded there must be: letters, digits and "-._~"
 * need it nowhere (RFC 3986 section 2.3), and "/", "\" and control characters
 * are good for confusion only. */
static bool
is_good_escape(const char *p, size_t len)
{
	int high, low, c;

	if (len < 3 || (high = num_hex_digit(p[1])) == -1 ||
	    (low = num_hex_digit(p[2])) == -1)
		return false;
	c = high * 16 + low;
	if (c < ' ' || c == 0x7f || strchr("-._~/\\", c) != NULL)
		return false;
	return !(c >= '0' && c <= '9') &&
	    !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool
is_good_segment(struct slice s)
{
	size_t i;

	if (slice_eq(s, SLICE("")) || slice_eq(s, SLICE(".")) ||
	    slice_eq(s, SLICE("..")))
		return false;
	for (i = 0; i < s.len; i++)
		if (s.p[i] == '\\' || (s.p[i] == '%' &&
		    !is_good_escape(s.p + i, s.len - i)))
			return false;
	return true;
}

/* The last segment may be empty: it is a folder then. */
static bool
is_clear_path(struct slice path)
{
	size_t begin, end;

	if (path.len == 0 || path.p[0] != '/')
		return false;
	for (begin = 1; begin < path.len; begin = end + 1) {
		for (end = begin; end < path.len && path.p[end] != '/';)
			end++;
		if (!is_good_segment(slice_of(path.p + begin, end - begin)))
			return false;
	}
	return true;
}

/* ---- rows ---- */

static bool
is_websocket(const struct site_row *row)
{
	return row->server == NULL && row->page == NULL;
}

/* Only servers have folders: "/" would else be every path of WebSockets. */
static bool
row_matches(const struct site_row *row, struct slice path)
{
	struct slice want;

	if (!is_websocket(row) && !is_clear_path(path))
		return false;
	if (row->path == NULL)
		return true;
	want = slice_str(row->path);
	return slice_eq(want, path) || (row->server != NULL && want.len > 0 &&
	    want.p[want.len - 1] == '/' && slice_starts(path, want));
}

/* A request that is no upgrade goes to a server of HTTP, if there is one for
 * its path. */
const struct site_row *
site_find(const struct site *site, const struct http_request *req,
    bool upgrade)
{
	const struct site_row *row, *second = NULL;
	size_t i;

	for (i = 0; i < site->n; i++) {
		row = &site->rows[i];
		if (!row_matches(row, req->path))
			continue;
		if (is_websocket(row) == upgrade)
			return row;
		if (second == NULL && is_websocket(row))
			second = row;
	}
	return second;
}

int
site_check_page(const struct http_request *req, struct http_refusal *why)
{
	enum http_cause cause;

	if (!slice_eq(req->method, SLICE("GET")) &&
	    !http_request_is_head(req))
		cause = HTTP_CAUSE_HTTP_METHOD;
	else if (req->content)
		cause = HTTP_CAUSE_CONTENT;
	else
		return 0;
	*why = (struct http_refusal){ .cause = cause };
	return -1;
}

int
site_check(const struct http_request *req, struct http_refusal *why)
{
	if (site_check_page(req, why) == -1)
		return -1;
	if (req->minor > 0)
		return 0;
	*why = (struct http_refusal){ .cause = HTTP_CAUSE_VERSION };
	return -1;
}
