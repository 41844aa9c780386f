/*
 * process_memory.c: the memory of this process.
 */
#include "base/process_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* The first two numbers of the file are pages. */
int
process_memory(uint64_t *resident, uint64_t *all)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t n;

	if (fd == -1)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n == -1)
		return -1;
	text[n] = '\0';
	if (sscanf(text, "%" SCNu64 " %" SCNu64, all, resident) != 2) {
		errno = EINVAL;
		return -1;
	}
	*all *= page;
	*resident *= page;
	return 0;
}
