/*
 * io.h: whole files, and complete writes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/*
 * Before anything is opened: what is closed of stdin, stdout and stderr would
 * be the number of a file or socket of ours, which would then be read, or get
 * our output.  Instead it becomes one that fails.  0 or -1.
 */
int	io_hold_standard(struct errbuf *e);

/* Write all n bytes to a blocking descriptor, through EINTR and short
 * writes.  0 or -1 with errno. */
int	io_write_all(int fd, const void *p, size_t n);

/* Append the whole file to *out; an error when it is larger than max bytes.
 * Errors do not name the path: callers wrap. 0 or -1. */
int	io_read_file(struct buf *out, const char *path, size_t max,
	    struct errbuf *e);

/* The same of what the descriptor yields until its end. */
int	io_read_fd(struct buf *out, int fd, size_t max, struct errbuf *e);

/* Whether path is there and no regular file: a device, a pipe, a folder, all
 * of which must be neither replaced nor removed. */
bool	io_is_special(const char *path);

/* What the file holds, if it is a regular one: nothing else is opened, so that
 * no pipe is waited for.  0, or -1. */
int	io_read_regular(struct buf *out, const char *path, size_t max,
	    struct errbuf *e);

/* Replace path by the content in one step: temporary file beside it, fsync,
 * rename, fsync of the folder.  0 or -1; on -1 the old file is untouched, or
 * the new one is in place but may not outlive a crash of the machine.  What is
 * no file, a pipe or /dev/null, is written to. */
int	io_replace_file(const char *path, struct slice content, mode_t mode,
	    struct errbuf *e);

/* Remove the temporary files that calls of the last function for path left
 * there when their processes were killed; that function does it, too. */
void	io_sweep(const char *path);

/* Write the content to a pipe that has a name, all at once, if somebody reads
 * from it: 1; 0 when nobody does yet; or -1. */
int	io_offer_pipe(const char *path, struct slice content,
	    struct errbuf *e);
