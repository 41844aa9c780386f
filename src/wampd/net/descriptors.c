/*
 * descriptors.c: reserving the last descriptors.
 */
#include "wampd/net/descriptors.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

#define KEPT_SHARE	8	/* at most 1/8 of all is reserved */

/* How many descriptors these peers must leave free. */
static const rlim_t kept[] = {
	[DESCRIPTORS_REMOTE] = 64,
	[DESCRIPTORS_LOCAL] = 32,
};

int
descriptors_end(enum descriptors_for whom)
{
	struct rlimit rl;
	rlim_t keep = kept[whom], most;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1 || rl.rlim_cur > INT_MAX)
		return INT_MAX;
	most = rl.rlim_cur / KEPT_SHARE * keep / kept[DESCRIPTORS_REMOTE];
	return (int)(rl.rlim_cur - (keep < most ? keep : most));
}

bool
descriptors_left(int end)
{
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd == -1)
		return false;
	(void)close(fd);
	return fd < end;
}
