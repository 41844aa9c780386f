/*
 * store.c: the file in which the maintenance state survives a restart.
 */
#include "wampd/maintenance/store.h"

#include <string.h>

#include "proto/json.h"
#include "proto/notice.h"

#define STORE_MAX	65536	/* bytes */

static bool
parse_plan(struct maintenance_kept *out, const struct json_elem *elem)
{
	struct notice n;

	if (!notice_read(&n, elem[1].text) ||
	    notice_time(&out->at, &elem[0]) == -1)
		return false;
	out->planned = elem[1].text;
	return true;
}

static bool
parse_warnings(struct maintenance_kept *out, const struct json_elem *list)
{
	struct json_elem elem;
	struct slice rest;
	int64_t when;

	if (list->type != JSON_ARRAY)
		return false;
	rest = json_inside(list->text);
	while (json_next(&rest, &elem))
		if (notice_time(&when, &elem) == -1 || when >= out->at ||
		    !maintenance_plan_add_warning(&out->warn, when))
			return false;
	return true;
}

bool
maintenance_store_parse(struct maintenance_kept *out, struct slice text)
{
	struct json_elem elem[5];
	struct json_error je;
	struct slice since;
	struct notice notice;
	size_t n;

	if (json_scan_array(text, JSON_DEPTH_DEFAULT, elem, 5, &n, NULL,
	    &je) == -1 || (n != 2 && n != 4 && n != 5) ||
	    elem[0].type != JSON_STRING)
		return false;
	since = json_inside(elem[0].text);
	if (since.len >= sizeof(out->since))
		return false;
	*out = (struct maintenance_kept){ .at = 0 };
	memcpy(out->since, since.p, since.len);
	if (notice_read(&notice, elem[1].text))
		out->event = elem[1].text;
	else if (elem[1].type != JSON_NULL)
		return false;
	return n == 2 || (parse_plan(out, elem + 2) &&
	    (n == 4 || parse_warnings(out, elem + 4)));
}

enum kept_found
maintenance_store_read(struct maintenance_kept *out, const char *path,
    struct buf *text, struct errbuf *e)
{
	enum kept_found found = kept_file_read(text, path, STORE_MAX, e);

	if (found != KEPT_TEXT || maintenance_store_parse(out, buf_slice(text)))
		return found;
	err_set(e, "it does not hold a maintenance state");
	return KEPT_FOREIGN;
}

int
maintenance_store_text(struct buf *out, const struct maintenance_kept *kept)
{
	char iso[CLOCK_ISO_SIZE];

	if (buf_addf(out, "[\"%s\",", kept->since) == -1 ||
	    buf_add_slice(out, kept->event.len > 0 ? kept->event :
	    SLICE("null")) == -1)
		return -1;
	if (kept->at != 0 && (buf_addf(out, ",\"%s\",",
	    clock_iso_of(iso, kept->at)) == -1 ||
	    buf_add_slice(out, kept->planned) == -1 ||
	    maintenance_plan_write_warnings(out, ",[", &kept->warn) == -1))
		return -1;
	return buf_add_str(out, "]\n");
}
