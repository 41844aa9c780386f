/*
 * memory.c: how much memory this process may use.
 */
#include "base/memory.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
keep_smaller(uint64_t *limit, uint64_t other)
{
	if (other > 0 && (*limit == 0 || other < *limit))
		*limit = other;
}

/* A file with one number, or "max", which means no limit. */
static void
read_limit(uint64_t *limit, const char *path)
{
	FILE *in = fopen(path, "re");
	uint64_t value;

	if (in == NULL)
		return;
	if (fscanf(in, "%" SCNu64, &value) == 1)
		keep_smaller(limit, value);
	(void)fclose(in);
}

/* Each folder from the group's own folder up to the root may set a limit. */
static void
read_group(uint64_t *limit, const char *root, const char *group,
    const char *name)
{
	char folder[PATH_MAX], path[PATH_MAX];
	char *slash;

	(void)snprintf(folder, sizeof(folder), "%s", group);
	for (;;) {
		if (snprintf(path, sizeof(path), "%s%s/%s", root, folder,
		    name) < (int)sizeof(path))
			read_limit(limit, path);
		if ((slash = strrchr(folder, '/')) == NULL)
			return;
		*slash = '\0';
	}
}

/* Lines "0::/GROUP" (version 2) and "4:memory:/GROUP" (version 1). */
static void
read_groups(uint64_t *limit)
{
	FILE *in = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX], *group;

	if (in == NULL)
		return;
	while (fgets(line, sizeof(line), in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if ((group = strchr(line, '/')) == NULL)
			continue;
		if (strncmp(line, "0::", 3) == 0)
			read_group(limit, "/sys/fs/cgroup", group,
			    "memory.max");
		else if (strstr(line, ":memory:") != NULL)
			read_group(limit, "/sys/fs/cgroup/memory", group,
			    "memory.limit_in_bytes");
	}
	(void)fclose(in);
}

uint64_t
memory_limit(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	struct rlimit space;
	uint64_t limit = 0;

	if (pages > 0 && size > 0)
		keep_smaller(&limit, (uint64_t)pages * (uint64_t)size);
	if (getrlimit(RLIMIT_AS, &space) == 0 &&
	    space.rlim_cur != RLIM_INFINITY)
		keep_smaller(&limit, space.rlim_cur);
	read_groups(&limit);
	return limit;
}
