/*
 * site.c: the table from the path of a request to what serves it.
 */
#include "wampd/net/site.h"

#include <stdlib.h>
#include <string.h>

int
site_add(struct site *site, const char *path,
    const struct site_server *server)
{
	struct site_row *rows = reallocarray(site->rows, site->n + 1,
	    sizeof(*rows));

	if (rows == NULL)
		return -1;
	site->rows = rows;
	rows[site->n++] = (struct site_row){ path, server };
	return 0;
}

void
site_clear(struct site *site)
{
	free(site->rows);
	*site = (struct site){ 0 };
}

/* Only servers have folders: "/" would else be every path of WebSockets. */
static bool
row_matches(const struct site_row *row, struct slice path)
{
	struct slice want;

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
		if ((row->server == NULL) == upgrade)
			return row;
		if (second == NULL && row->server == NULL)
			second = row;
	}
	return second;
}
