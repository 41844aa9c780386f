/*
 * check.h: checking that this machine has what the configuration names.
 */
#pragma once

#include "base/err.h"
#include "route/diag.h"
#include "wampd/net/tls.h"

struct config;

/* Check that the maintenance state and Oro's lock file can be written.  0, or
 * -1 with *e filled, which names the key. */
int	check_state_dir(const struct config *cfg, struct errbuf *e);
int	check_lock_file(const struct config *cfg, struct errbuf *e);

/* What the configuration says about TLS; borrowed from it. */
struct tls_settings check_tls_settings(const struct config *cfg);

/* Check that the programs that know who somebody is can be started; any thread
 * may. */
void	check_programs(const struct config *cfg, struct diags *d);

/* tls_prepare() by that configuration; may run in any thread.  NULL if a fault
 * went to *d. */
struct tls_context *check_tls_prepare(const struct tls *tls,
	    const struct config *cfg, struct diags *d);

/* Report secrets that all may read, and, if the configuration names a user,
 * what that user could not read or write any more after the start. */
void	check_start(const struct config *cfg, struct diags *d);

/* Report all that would make a start fail.  Nothing is made, changed or
 * listened on.  An address that a running wampd uses is only a warning, because
 * that wampd may be restarted. */
void	check_machine(const struct config *cfg, struct diags *d);
