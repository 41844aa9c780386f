/*
 * path.c: the path of the control socket, and paths in files.
 */
#include "base/path.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SYSTEM_CONTROL	"/run/wampd/control.sock"

/* A folder below /tmp that somebody else has created may be a trap. */
static int
check_owner(const char *folder, struct errbuf *e)
{
	struct stat st;

	if (lstat(folder, &st) == 0 &&
	    (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())) {
		err_set(e, "%s belongs to somebody else; set XDG_RUNTIME_DIR "
		    "or WAMPD_CONTROL", folder);
		return -1;
	}
	return 0;
}

/* If the system has no runtime folder: our own folder below /tmp. */
static int
path_fallback(struct buf *out, struct errbuf *e)
{
	if (buf_addf(out, "/tmp/wampd-%u", (unsigned)geteuid()) == -1 ||
	    buf_cstr(out) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	if (check_owner(out->data, e) == -1)
		return -1;
	if (buf_add_str(out, "/control.sock") == -1 ||
	    buf_cstr(out) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}

int
path_control(struct buf *out, struct errbuf *e)
{
	const char *env = getenv("WAMPD_CONTROL");
	const char *run = getenv("XDG_RUNTIME_DIR");
	int rc;

	if (env != NULL && env[0] != '\0')
		rc = buf_add_str(out, env);
	else if (geteuid() == 0)
		rc = buf_add_str(out, SYSTEM_CONTROL);
	else if (run != NULL && run[0] != '\0')
		rc = buf_addf(out, "%s/wampd/control.sock", run);
	else
		return path_fallback(out, e);
	if (rc == -1 || buf_cstr(out) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}

/* Whether the folder of a file exists. */
static bool
has_folder(char *file)
{
	char *slash = strrchr(file, '/');
	bool found;

	*slash = '\0';
	found = access(file, F_OK) == 0;
	*slash = '/';
	return found;
}

int
path_control_find(struct buf *out, struct errbuf *e)
{
	const char *env = getenv("WAMPD_CONTROL");
	size_t start = out->len;

	if (path_control(out, e) == -1)
		return -1;
	if ((env != NULL && env[0] != '\0') ||
	    access(out->data + start, F_OK) == 0)
		return 0;
	if (access(SYSTEM_CONTROL, F_OK) == -1 &&
	    has_folder(out->data + start))
		return 0;
	out->len = start;
	if (buf_add_str(out, SYSTEM_CONTROL) == -1 || buf_cstr(out) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}

int
path_check_socket(const char *path, struct errbuf *e)
{
	size_t max = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

	if (path[0] == '\0') {
		err_set(e, "an empty path");
		return -1;
	}
	if (strlen(path) <= max)
		return 0;
	err_set(e, "longer than the %zu bytes a socket's path may have: %s",
	    max, path);
	return -1;
}

struct slice
path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return SLICE(".");
	return slice_of(path, slash == path ? 1 : (size_t)(slash - path));
}

int
path_beside(struct buf *out, const char *file, const char *path)
{
	const char *slash = file != NULL ? strrchr(file, '/') : NULL;

	if (path[0] != '/' && slash != NULL &&
	    buf_add(out, file, (size_t)(slash - file) + 1) == -1)
		return -1;
	return buf_add_str(out, path) == 0 && buf_cstr(out) != NULL ? 0 : -1;
}

int
path_absolute(struct buf *out, const char *path, struct errbuf *e)
{
	char *folder = NULL;
	int rc = 0;

	if (path[0] != '/' && (folder = getcwd(NULL, 0)) == NULL) {
		err_set_errno(e, "the current folder");
		return -1;
	}
	if ((folder != NULL && buf_addf(out, "%s/",
	    folder[1] != '\0' ? folder : "") == -1) ||
	    buf_add_str(out, path) == -1 || buf_cstr(out) == NULL) {
		err_set(e, "out of memory");
		rc = -1;
	}
	free(folder);
	return rc;
}
