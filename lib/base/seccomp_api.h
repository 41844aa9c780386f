/*
 * seccomp_api.h: loads libseccomp when a process confines itself.
 */
#pragma once

#include <seccomp.h>

#include "base/err.h"

/* The functions that are called, with the types of the header. */
struct seccomp_api {
	__typeof__(&seccomp_attr_set)	    seccomp_attr_set;
	__typeof__(&seccomp_init)	    seccomp_init;
	__typeof__(&seccomp_load)	    seccomp_load;
	__typeof__(&seccomp_release)	    seccomp_release;
	__typeof__(&seccomp_rule_add_array) seccomp_rule_add_array;
	__typeof__(&seccomp_syscall_resolve_name)
					    seccomp_syscall_resolve_name;
};

/* Load libseccomp and fill the table.  0, or -1 with *e filled. */
int	seccomp_api_load(struct seccomp_api *api, struct errbuf *e);
