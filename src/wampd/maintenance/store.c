/*
 * store.c: the file in which the maintenance state survives a restart.
 */
#include "wampd/maintenance/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/log.h"
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

static bool
parse(struct maintenance_kept *out, struct slice text)
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

enum maintenance_store_found
maintenance_store_read(struct maintenance_kept *out, const char *path,
    struct buf *text, struct errbuf *e)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		if (errno == ENOENT)
			return STORE_NOTHING;
		err_set_errno(e, "cannot read");
		return STORE_ERROR;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(e, "it is not a regular file");
		return STORE_FOREIGN;
	}
	if (st.st_size > STORE_MAX) {
		err_set(e, "it is larger than %d bytes", STORE_MAX);
		return STORE_FOREIGN;
	}
	if (io_read_regular(text, path, STORE_MAX, e) == -1)
		return STORE_ERROR;
	if (parse(out, buf_slice(text)))
		return STORE_STATE;
	err_set(e, "it does not hold a maintenance state");
	return STORE_FOREIGN;
}

/* Rename, but overwrite nothing.  0, or -1 with errno: EEXIST if `to`
 * exists. */
static int
rename_to_new(const char *path, const char *to)
{
	struct stat st;

	if (renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* Some network file systems do not support that flag. */
	if (lstat(to, &st) == -1 && errno == ENOENT)
		return rename(path, to);
	errno = EEXIST;
	return -1;
}

#define ASIDE_MAX	1000	/* files; with more, a human must look */

int
maintenance_store_set_aside(const char *path, struct errbuf *e)
{
	struct buf to = { 0 };
	int i, rc = -1;

	errno = EEXIST;
	for (i = 1; rc == -1 && errno == EEXIST && i <= ASIDE_MAX; i++) {
		buf_reset(&to);
		if ((i == 1 ? buf_addf(&to, "%s.bad", path) :
		    buf_addf(&to, "%s.bad-%d", path, i)) == -1 ||
		    buf_cstr(&to) == NULL)
			errno = ENOMEM;
		else
			rc = rename_to_new(path, to.data);
	}
	if (rc == -1 && errno == ENOENT)
		rc = 0;		/* somebody has removed it */
	else if (rc == -1)
		err_set_errno(e, "cannot set it aside");
	else
		log_err("%s was set aside as %s", path, to.data);
	buf_clear(&to);
	return rc;
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
	    buf_add_slice(out, kept->planned) == -1 ||
	    maintenance_plan_write_warnings(out, ",[", &kept->warn) == -1))
		return -1;
	return buf_add_str(out, "]\n");
}

int
maintenance_store_write(const struct maintenance_kept *kept, const char *path,
    struct errbuf *e)
{
	struct buf text = { 0 };
	int rc = -1;

	/* Writing to a pipe might block for ever. */
	if (io_is_special(path) && maintenance_store_set_aside(path, e) == -1)
		return -1;
	if (write_text(&text, kept) == -1)
		err_set(e, "out of memory");
	else
		rc = io_replace_file(path, buf_slice(&text), 0640, e);
	buf_clear(&text);
	return rc;
}
