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
 * Call this before opening anything.  If stdin, stdout or stderr is closed, one
 * of our files or sockets would get its number, and would be read or get our
 * output.  Open a descriptor that always fails instead.  0 or -1.
 */
int	io_hold_standard(struct errbuf *e);

/* Write all n bytes to a blocking descriptor, despite EINTR and short writes. 0
 * or -1 with errno. */
int	io_write_all(int fd, const void *p, size_t n);

/* Append the whole file to *out.  It is an error if the file is larger than max
 * bytes.  Errors do not name the path: the caller adds it.  0 or -1. */
int	io_read_file(struct buf *out, const char *path, size_t max,
	    struct errbuf *e);

/* The same for everything that can be read from the descriptor. */
int	io_read_fd(struct buf *out, int fd, size_t max, struct errbuf *e);

/* Whether path exists and is not a regular file, but a device, pipe or folder,
 * which must be neither replaced nor removed. */
bool	io_is_special(const char *path);

/* Read the file if it is a regular one.  Nothing else is opened, so that we do
 * not wait for a pipe.  0, or -1. */
int	io_read_regular(struct buf *out, const char *path, size_t max,
	    struct errbuf *e);

/* Replace path by the content at once: write a temporary file beside it, fsync,
 * rename, fsync the folder.  0 or -1.  After -1 either the old file is
 * unchanged, or the new one is in place but may not survive a crash of the
 * machine.  A pipe, a device such as /dev/null and the like are written to
 * instead. */
int	io_replace_file(const char *path, struct slice content, mode_t mode,
	    struct errbuf *e);

/* Remove the temporary files of killed processes that called the last function
 * for path.  That function does this, too. */
void	io_sweep(const char *path);

/* Write the content to a named pipe at once, if it has a reader.  1; 0 if it
 * has none yet; or -1. */
int	io_offer_pipe(const char *path, struct slice content,
	    struct errbuf *e);
