/*
 * privileges.c: giving up the rights of root for good.
 */
#include "wampd/process/privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

bool
privileges_are(const struct privileges *p)
{
	uid_t uid[3];
	gid_t gid[3];
	int i;

	if (p->user == NULL)
		return true;
	if (getresuid(&uid[0], &uid[1], &uid[2]) == -1 ||
	    getresgid(&gid[0], &gid[1], &gid[2]) == -1)
		return false;
	for (i = 0; i < 3; i++)
		if (uid[i] != p->uid || gid[i] != p->gid)
			return false;
	return true;
}

/* The C library has no function for this.  0, or -1 with errno. */
static int
clear_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = 0 }
	};
	struct __user_cap_data_struct now[_LINUX_CAPABILITY_U32S_3];
	unsigned left = 0;
	int i;

	if (syscall(SYS_capset, &head, none) == -1 ||
	    syscall(SYS_capget, &head, now) == -1)
		return -1;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		left |= now[i].effective | now[i].permitted |
		    now[i].inheritable;
	errno = EPERM;
	return left == 0 ? 0 : -1;
}

/* No program that is started later gets a capability either.  A container may
 * forbid that; then its own bounds hold. */
static void
clear_bounds(void)
{
	int cap;

	for (cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != -1; cap++)
		(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

int
privileges_drop(const struct privileges *p, struct errbuf *e)
{
	if (privileges_are(p))
		return 0;
	if (geteuid() != 0) {
		err_set(e, "only root can become the user %s", p->user);
		return -1;
	}
	clear_bounds();
	if (initgroups(p->user, p->gid) == 0 &&
	    setresgid(p->gid, p->gid, p->gid) == 0 &&
	    setresuid(p->uid, p->uid, p->uid) == 0 &&
	    clear_capabilities() == 0 && privileges_are(p) &&
	    setuid(0) == -1 && setgid(0) == -1)
		return 0;
	err_set_errno(e, "cannot become the user %s", p->user);
	return -1;
}
