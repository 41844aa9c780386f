/*
 * descriptor_limit.c: how many descriptors the sessions need.
 */
#include "wampd/descriptor_limit.h"

#include <sys/resource.h>

#include "base/log.h"

#define DESCRIPTORS_MAX	(1u << 20)
#define DESCRIPTORS_SPARE 4096	/* for local sessions, programs, and peers that
				 * are told that the broker is full */

void
descriptor_limit_set(int64_t sessions)
{
	rlim_t want = (rlim_t)sessions + DESCRIPTORS_SPARE;
	struct rlimit rl;

	if (want > DESCRIPTORS_MAX)
		want = DESCRIPTORS_MAX;
	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		return;
	if (want > rl.rlim_max)
		want = rl.rlim_max;
	if (rl.rlim_cur == want)
		return;
	rl.rlim_cur = want;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn_errno("cannot set the number of descriptors");
	else
		log_info("descriptors=%llu limits.sessions=%lld",
		    (unsigned long long)rl.rlim_cur, (long long)sessions);
}
