/*
 * maintenance_store.c: what of the maintenance state survives a restart.
 */
#include "wampd/maintenance_store.h"

#include <errno.h>
#include <unistd.h>

#include "base/io.h"
#include "base/when.h"
#include "proto/json.h"
#include "proto/notice.h"

#define STORE_FILE	"maintenance.json"
#define STORE_MAX	65536	/* bytes */

int
maintenance_store_path(struct buf *path, const char *folder)
{
	return buf_addf(path, "%s/%s", folder, STORE_FILE) == 0 &&
	    buf_cstr(path) != NULL ? 0 : -1;
}

static struct slice
unquoted(const struct json_elem *string)
{
	return slice_of(string->text.p + 1, string->text.len - 2);
}

static bool
parse_plan(struct maintenance_kept *out, const struct json_elem *elem)
{
	struct notice n;

	if (elem[0].type != JSON_STRING || !notice_read(&n, elem[1].text) ||
	    when_parse_iso(&out->at, unquoted(&elem[0])) == -1)
		return false;
	out->planned = elem[1].text;
	return true;
}

static bool
parse(struct maintenance_kept *out, struct slice text)
{
	struct json_elem elem[4];
	struct json_error je;
	struct slice since;
	struct notice notice;
	size_t n;

	if (json_scan_array(text, JSON_DEPTH_DEFAULT, elem, 4, &n, NULL,
	    &je) == -1 || (n != 2 && n != 4) || elem[0].type != JSON_STRING)
		return false;
	since = unquoted(&elem[0]);
	if (since.len >= sizeof(out->since))
		return false;
	*out = (struct maintenance_kept){ .at = 0 };
	memcpy(out->since, since.p, since.len);
	if (notice_read(&notice, elem[1].text))
		out->event = elem[1].text;
	else if (elem[1].type != JSON_NULL)
		return false;
	return n == 2 || parse_plan(out, elem + 2);
}

int
maintenance_store_read(struct maintenance_kept *out, const char *path,
    struct buf *text, struct errbuf *e)
{
	if (access(path, F_OK) == -1 && errno == ENOENT)
		return 0;
	if (io_read_file(text, path, STORE_MAX, e) == -1)
		return -1;
	if (parse(out, buf_slice(text)))
		return 1;
	err_set(e, "it does not hold a maintenance state; remove it to start "
	    "without one");
	return -1;
}

static int
write_text(struct buf *out, const struct maintenance_kept *kept)
{
	char iso[CLOCK_ISO_SIZE];

	if (buf_addf(out, "[\"%s\",", kept->since) == -1 ||
	    buf_add_slice(out, kept->event.len > 0 ? kept->event :
	    SLICE("null")) == -1)
		return -1;
	if (kept->at != 0 && (buf_addf(out, ",\"%s\",",
	    clock_iso_of(iso, kept->at)) == -1 ||
	    buf_add_slice(out, kept->planned) == -1))
		return -1;
	return buf_add_str(out, "]\n");
}

int
maintenance_store_write(const struct maintenance_kept *kept, const char *path,
    struct errbuf *e)
{
	struct buf text = { 0 };
	int rc = -1;

	if (write_text(&text, kept) == -1)
		err_set(e, "out of memory");
	else
		rc = io_replace_file(path, buf_slice(&text), 0640, e);
	buf_clear(&text);
	return rc;
}
