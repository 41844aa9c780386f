/*
 * child_spawn.h: how a child is started: its pipes, words and environment.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

struct declare_exec;

/* A pipe: our end, which does not block, and the child's.  The caller closes
 * both.  0 or an error of libuv's; then nothing is changed. */
int	child_pipe(uv_file *ours, bool we_read,
	    uv_stdio_container_t *theirs);

/*
 * Start it with these three as stdin, stdout and stderr, as leader of a
 * session and a process group of its own.  0 or an error of libuv's.  *process
 * must be zeroed; if it is a handle then, it is to be closed even on error.
 */
int	child_spawn(uv_loop_t *loop, uv_process_t *process,
	    uv_exit_cb on_exited, uv_stdio_container_t stdio[3],
	    const struct declare_exec *what);
