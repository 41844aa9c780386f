/*
 * landlock.c: writing to some folders only.
 *
 * The kernel tells its version of Landlock.  Each has rights that the one
 * before did not know; a right that is not named in the rules stays free.  The
 * headers may be older than the kernel, hence the numbers.
 */
#include "wampd/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/path.h"

#define TRUNCATE	(1ULL << 14)	/* since version 3 */
#define NET_BIND	(1ULL << 0)	/* since version 4 */
#define NET_CONNECT	(1ULL << 1)	/* since version 4 */
#define VERSION_TRUNCATE 3
#define VERSION_NET	4

#define OF_FILE		(LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE)
#define OF_FOLDER	(OF_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
			LANDLOCK_ACCESS_FS_MAKE_REG | \
			LANDLOCK_ACCESS_FS_MAKE_SOCK)
#define NEVER		(LANDLOCK_ACCESS_FS_EXECUTE | \
			LANDLOCK_ACCESS_FS_REMOVE_DIR | \
			LANDLOCK_ACCESS_FS_MAKE_CHAR | \
			LANDLOCK_ACCESS_FS_MAKE_DIR | \
			LANDLOCK_ACCESS_FS_MAKE_FIFO | \
			LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
			LANDLOCK_ACCESS_FS_MAKE_SYM)

/* As of version 4. */
struct ruleset {
	uint64_t files, network;
};

static long
landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
}

/* The rights of files that this version knows. */
static uint64_t
known(uint64_t rights)
{
	return landlock_version() >= VERSION_TRUNCATE ? rights :
	    rights & ~TRUNCATE;
}

int
landlock_begin(struct landlock *l, struct errbuf *e)
{
	long version = landlock_version();
	struct ruleset all = { .files = known(OF_FOLDER | NEVER) };
	size_t size = sizeof(all);

	l->fd = -1;
	l->network = version >= VERSION_NET;
	if (version < 1)
		return 0;
	if (l->network)
		all.network = NET_BIND | NET_CONNECT;
	else
		size = sizeof(all.files);
	l->fd = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	if (l->fd != -1)
		return 1;
	err_set_errno(e, "Landlock");
	return -1;
}

int
landlock_allow(const struct landlock *l, const char *path, struct errbuf *e)
{
	struct landlock_path_beneath_attr below = {
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};
	struct stat st;
	long rc = -1;

	if (below.parent_fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (below.parent_fd != -1 && fstat(below.parent_fd, &st) == 0) {
		below.allowed_access = known(S_ISDIR(st.st_mode) ?
		    OF_FOLDER : OF_FILE);
		rc = syscall(SYS_landlock_add_rule, l->fd,
		    LANDLOCK_RULE_PATH_BENEATH, &below, 0);
	}
	if (rc == -1)
		err_set_errno(e, "Landlock: %s", path);
	if (below.parent_fd != -1)
		(void)close(below.parent_fd);
	return rc == 0 ? 0 : -1;
}

int
landlock_allow_beside(const struct landlock *l, const char *path,
    struct errbuf *e)
{
	struct slice of = path_folder(path);
	char folder[PATH_MAX];

	(void)snprintf(folder, sizeof(folder), "%.*s", (int)of.len, of.p);
	return landlock_allow(l, folder, e);
}

void
landlock_abandon(struct landlock *l)
{
	if (l->fd != -1)
		(void)close(l->fd);
	l->fd = -1;
}

int
landlock_finish(struct landlock *l, struct errbuf *e)
{
	long rc = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

	if (rc == 0)
		rc = syscall(SYS_landlock_restrict_self, l->fd, 0);
	if (rc == -1)
		err_set_errno(e, "Landlock");
	landlock_abandon(l);
	return rc == 0 ? 0 : -1;
}
