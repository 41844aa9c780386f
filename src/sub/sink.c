/*
 * sink.c: stdout, written in whole records without blocking.
 */
#include "sub/sink.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "client/tool.h"

/* Writing to a file does not block. */
static bool
is_file(void)
{
	struct stat st;

	return fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode);
}

/* How much to write next: at most PIPE_BUF, which a writable pipe takes without
 * blocking, and only whole records if at least one fits.  An empty pipe would
 * take more, but not atomically: another writer's lines could come between, or
 * fill the pipe first. */
static size_t
sink_chunk(const struct sink *k, size_t done)
{
	size_t n = k->out.len - done;
	const char *start = k->out.data + done, *end;

	if (n <= PIPE_BUF)
		return n;
	end = memrchr(start, k->end, PIPE_BUF);
	return end != NULL ? (size_t)(end - start) + 1 : PIPE_BUF;
}

enum exit_status
sink_flush(struct sink *k, struct errbuf *e)
{
	struct pollfd p[2] = { { STDOUT_FILENO, POLLOUT, 0 },
	    { k->signals, POLLIN, 0 } };
	bool file = k->out.len > PIPE_BUF && is_file();
	size_t done = 0, n;
	int ready;

	while (done < k->out.len) {
		if ((ready = poll(p, 2, k->stall_ms)) == -1) {
			if (errno == EINTR)
				continue;
			return tool_print_failed(e);
		}
		if (ready == 0 || p[0].revents == 0)
			break;
		n = file ? k->out.len - done : sink_chunk(k, done);
		if (io_write_all(STDOUT_FILENO, k->out.data + done, n) == -1)
			return tool_print_failed(e);
		done += n;
	}
	buf_consume(&k->out, done);
	return EXIT_DONE;
}
