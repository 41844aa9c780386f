/*
 * path.c: where wampd and its tools meet.
 */
#include "base/path.h"

#include <stdlib.h>
#include <unistd.h>

int
path_control(struct buf *out, struct errbuf *e)
{
	const char *env = getenv("WAMPD_CONTROL");
	const char *run = getenv("XDG_RUNTIME_DIR");
	int rc;

	if (env != NULL && env[0] != '\0')
		rc = buf_add_str(out, env);
	else if (geteuid() == 0)
		rc = buf_add_str(out, "/run/wampd/control.sock");
	else if (run != NULL && run[0] != '\0')
		rc = buf_addf(out, "%s/wampd/control.sock", run);
	else
		rc = buf_addf(out, "/tmp/wampd-%u/control.sock",
		    (unsigned)geteuid());
	if (rc == -1 || buf_cstr(out) == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	return 0;
}
