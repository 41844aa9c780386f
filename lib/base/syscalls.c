/*
 * syscalls.c: letting the kernel refuse the system calls that a process has no
 * use for.
 */
#include "base/syscalls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sanitizers.h"
#include "base/seccomp_api.h"

#ifdef UNCONFINED	/* the Makefile says so */
#define CONFINABLE	false
#else
#define CONFINABLE	(!SANITIZED)
#endif

#define DEADLY(call)	SYSCALLS_DEADLY(call)

const struct syscalls_row syscalls_deadly[] = {
	DEADLY("execve"), DEADLY("execveat"), DEADLY("fork"),
	DEADLY("vfork"), DEADLY("ptrace"), DEADLY("process_vm_readv"),
	DEADLY("process_vm_writev"), DEADLY("pidfd_getfd"), DEADLY("kcmp"),
	DEADLY("bpf"), DEADLY("perf_event_open"), DEADLY("userfaultfd"),
	DEADLY("add_key"), DEADLY("request_key"), DEADLY("keyctl"),
	DEADLY("mount"), DEADLY("umount"), DEADLY("umount2"),
	DEADLY("open_tree"), DEADLY("move_mount"), DEADLY("fsopen"),
	DEADLY("fsconfig"), DEADLY("fsmount"), DEADLY("fspick"),
	DEADLY("mount_setattr"), DEADLY("pivot_root"), DEADLY("chroot"),
	DEADLY("unshare"), DEADLY("setns"), DEADLY("init_module"),
	DEADLY("finit_module"), DEADLY("delete_module"),
	DEADLY("kexec_load"), DEADLY("kexec_file_load"), DEADLY("reboot"),
	DEADLY("swapon"), DEADLY("swapoff"), DEADLY("acct"),
	DEADLY("quotactl"), DEADLY("quotactl_fd"), DEADLY("settimeofday"),
	DEADLY("clock_settime"), DEADLY("clock_settime64"),
	DEADLY("adjtimex"), DEADLY("clock_adjtime"),
	DEADLY("clock_adjtime64"), DEADLY("stime"), DEADLY("iopl"),
	DEADLY("ioperm"), DEADLY("sethostname"), DEADLY("setdomainname"),
	DEADLY("syslog"), DEADLY("vhangup"), DEADLY("mknod"),
	DEADLY("mknodat"), DEADLY("setuid"), DEADLY("setuid32"),
	DEADLY("setresuid"), DEADLY("setresuid32"), DEADLY("setreuid"),
	DEADLY("setreuid32"), DEADLY("setgid"), DEADLY("setgid32"),
	DEADLY("setresgid"), DEADLY("setresgid32"), DEADLY("setregid"),
	DEADLY("setregid32"), DEADLY("setgroups"), DEADLY("setgroups32"),
	DEADLY("personality"), DEADLY("modify_ldt"),
	DEADLY("open_by_handle_at"),
};

const size_t nsyscalls_deadly =
    sizeof(syscalls_deadly) / sizeof(syscalls_deadly[0]);

/* valgrind preloads a library of its own. */
bool
syscalls_confinable(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return CONFINABLE && (preload == NULL ||
	    strstr(preload, "vgpreload") == NULL);
}

/* ---- the filter ---- */

struct filter {
	struct seccomp_api api;
	scmp_filter_ctx	   ctx;
};

/* 0 or an errno.  The types of the library tell whether the numbers fit. */
static int
add_row(const struct filter *f, const struct syscalls_row *r)
{
	const struct scmp_arg_cmp only = {
		.arg = r->argument, .op = SCMP_CMP_MASKED_EQ,
		.datum_a = r->mask, .datum_b = r->value,
	};
	uint32_t action = SCMP_ACT_ALLOW;
	int call = f->api.seccomp_syscall_resolve_name(r->name);

	/* The library passes over what only other architectures have. */
	if (call == __NR_SCMP_ERROR)
		return 0;
	if (r->how == SYSCALLS_KILL)
		action = SCMP_ACT_KILL_PROCESS;
	else if (r->how == SYSCALLS_REFUSE)
		action = SCMP_ACT_ERRNO(EPERM);
	return -f->api.seccomp_rule_add_array(f->ctx, action, call,
	    r->how == SYSCALLS_ALLOW_IF ? 1 : 0, &only);
}

static int
add_tables(const struct filter *f, const struct syscalls_table *tables,
    size_t n)
{
	size_t i, j;
	int rc;

	for (i = 0; i < n; i++)
		for (j = 0; j < tables[i].n; j++)
			if ((rc = add_row(f, &tables[i].rows[j])) != 0)
				return rc;
	return 0;
}

/* 0 or an errno.  Calls by the numbers of another architecture end the
 * process. */
static int
set_attributes(const struct filter *f)
{
	int rc = f->api.seccomp_attr_set(f->ctx, SCMP_FLTATR_CTL_TSYNC, 1);

	if (rc == 0)
		rc = f->api.seccomp_attr_set(f->ctx, SCMP_FLTATR_ACT_BADARCH,
		    SCMP_ACT_KILL_PROCESS);
	/* A search instead of a list, for kernels that do not remember what is
	 * allowed. */
	if (rc == 0)
		(void)f->api.seccomp_attr_set(f->ctx,
		    SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return -rc;
}

/* A library that is loaded is found again without its file. */
int
syscalls_prepare(struct errbuf *e)
{
	struct seccomp_api api;

	return seccomp_api_load(&api, e);
}

int
syscalls_confine(const struct syscalls_table *tables, size_t n, bool others,
    struct errbuf *e)
{
	struct filter f;
	int rc;

	if (seccomp_api_load(&f.api, e) == -1)
		return -1;
	f.ctx = f.api.seccomp_init(others ? SCMP_ACT_ALLOW :
	    SCMP_ACT_ERRNO(ENOSYS));
	if (f.ctx == NULL) {
		err_set(e, "out of memory");
		return -1;
	}
	if ((rc = set_attributes(&f)) == 0 &&
	    (rc = add_tables(&f, tables, n)) == 0)
		rc = -f.api.seccomp_load(f.ctx);
	f.api.seccomp_release(f.ctx);
	if (rc == 0)
		return 0;
	err_set(e, "the kernel takes no filter of system calls: %s",
	    strerror(rc));
	return -1;
}
