/*
 * seccomp_api.c: libseccomp, loaded when a process confines itself.
 */
#include "base/seccomp_api.h"

#include "base/library.h"

#define ROW(fn)	LIBRARY_ROW(seccomp_api, fn)

static const struct library_symbol seccomp_symbols[] = {
	ROW(seccomp_attr_set),
	ROW(seccomp_init),
	ROW(seccomp_load),
	ROW(seccomp_release),
	ROW(seccomp_rule_add_array),
	ROW(seccomp_syscall_resolve_name),
	{ .name = NULL }
};

static const struct library libseccomp = {
	"libseccomp.so.2", "filters of system calls need libseccomp",
	seccomp_symbols
};

int
seccomp_api_load(struct seccomp_api *api, struct errbuf *e)
{
	return library_load(api, &libseccomp, e);
}
