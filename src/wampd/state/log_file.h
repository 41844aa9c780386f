/*
 * log_file.h: a file that grows at its end, and is on disk when it has.
 *
 * The calls block, so they are made in a thread.  What an append has written
 * before it failed is written again by the next one: after a failed fsync, the
 * kernel may have forgotten it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/slice.h"

/* The system calls that may fail; tests have their own. */
struct log_calls {
	ssize_t	(*write)(int fd, const void *p, size_t n, off_t at);
	int	(*sync)(int fd);
	int	(*rename)(const char *from, const char *to);
};

extern const struct log_calls log_calls;	/* the kernel's */

struct log_file {
	const struct log_calls *calls;	/* static */
	const char *path;	/* borrowed */
	int	 fd;		/* -1: not open */
	int	 folder;	/* borrowed descriptor */
	uint64_t size;		/* bytes that are on disk */
	uint64_t syncs;		/* how often they were put there */
};

void	log_file_init(struct log_file *f, const char *path, int folder);
void	log_file_close(struct log_file *f);

/* Begin the file anew, instead of what an earlier try has left.  0, or -1 with
 * *e filled. */
int	log_file_make(struct log_file *f, struct errbuf *e);

/* Go on behind the first `size` bytes of the file; what follows them is cut
 * off.  0, or -1 with *e filled. */
int	log_file_continue(struct log_file *f, uint64_t size,
	    struct errbuf *e);

/* Append, and wait until it is on disk.  0, or -1 with *e filled.  Then nothing
 * was appended. */
int	log_file_append(struct log_file *f, struct slice what,
	    struct errbuf *e);

/* Whether the open file is still the one at its path, as we have left it. */
bool	log_file_is_there(const struct log_file *f);

/* Replace the file `old` by f, which takes its path.  0, or -1 with *e
 * filled. */
int	log_file_replace(struct log_file *old, struct log_file *f,
	    struct errbuf *e);

/* Remove an unfinished file. */
void	log_file_abandon(struct log_file *f);
