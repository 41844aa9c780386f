/*
 * process.c: the figures of the broker's process.
 *
 * Nothing here takes longer if the process has more descriptors or memory.
 */
#include "wampd/metrics/process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/process_memory.h"
#include "wampd/core/broker.h"

static void
add_cpu(struct exposition *x)
{
	struct rusage ru;

	if (getrusage(RUSAGE_SELF, &ru) == -1)
		return;
	exposition_family(x, EXPOSITION_COUNTER, "process_cpu_seconds",
	    "seconds", "Seconds of processor time that were used.");
	exposition_us(x, (uint64_t)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) *
	    1000000 + (uint64_t)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec));
}

static void
add_memory(struct exposition *x)
{
	uint64_t resident, all;

	if (process_memory(&resident, &all) == -1)
		return;
	exposition_family(x, EXPOSITION_GAUGE, "process_resident_memory_bytes",
	    "bytes", "Bytes of memory that are in use.");
	exposition_count(x, resident);
	exposition_family(x, EXPOSITION_GAUGE, "process_virtual_memory_bytes",
	    "bytes", "Bytes of addresses that are in use.");
	exposition_count(x, all);
}

/*
 * Since Linux 6.2 the folder of descriptors has their number as its size;
 * reading the folder would take milliseconds if there are many.  Before, a new
 * descriptor tells how many there are at least, as it gets the lowest free
 * number.
 */
static void
add_descriptors(struct exposition *x)
{
	struct rlimit rl;
	struct stat st;
	uint64_t n = 0;
	int fd;

	if (stat("/proc/self/fd", &st) == 0)
		n = (uint64_t)st.st_size;
	if (n == 0 && (fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) != -1) {
		n = (uint64_t)fd;
		(void)close(fd);
	}
	if (n > 0) {
		exposition_family(x, EXPOSITION_GAUGE, "process_open_fds", "",
		    "Descriptors that are open.");
		exposition_count(x, n);
	}
	if (getrlimit(RLIMIT_NOFILE, &rl) == -1 ||
	    rl.rlim_cur == RLIM_INFINITY)
		return;
	exposition_family(x, EXPOSITION_GAUGE, "process_max_fds", "",
	    "Descriptors that may be open.");
	exposition_count(x, (uint64_t)rl.rlim_cur);
}

void
metrics_process(struct exposition *x, const struct broker *b)
{
	add_cpu(x);
	add_memory(x);
	add_descriptors(x);
	exposition_family(x, EXPOSITION_GAUGE, "process_start_time_seconds",
	    "seconds", "Seconds since 1970 at which the broker started.");
	exposition_ms(x, b->wall_started);
}
