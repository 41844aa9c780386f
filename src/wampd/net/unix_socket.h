/*
 * unix_socket.h: listening on a path, by one process at a time.
 *
 * Beside the socket lies PATH.lock, which its owner keeps locked (flock(2)).
 * Whoever gets that lock knows that no other wampd owns the path, also while
 * several start at once: only then may it remove a socket that was left
 * behind.  Both files are removed at the end; the kernel ends the lock of a
 * process that is killed.
 */
#pragma once

#include <sys/types.h>

#include "base/err.h"

/* Of each listening socket.  Every browser comes back after a restart; the
 * kernel takes what net.core.somaxconn allows. */
#define SOCKET_BACKLOG	65535

/* What a check has found out about an address. */
enum probed {
	PROBED_FREE,
	PROBED_BUSY,		/* another process has it, perhaps a wampd that
				 * this one shall replace */
	PROBED_FAILS,
};

struct unix_socket;

/* Whether unix_socket_open() could: nothing is made or removed, and nobody is
 * listened to.  *e is filled unless it is PROBED_FREE. */
enum probed unix_socket_probe(const char *path, struct errbuf *e);

/*
 * Listen on the path.  A stale socket (nobody answers, nobody has the lock) is
 * replaced, all else that is there is refused; nothing is waited for.  The
 * folder is made when it is missing.  gid (gid_t)-1 leaves the group.  NULL on
 * failure.
 */
struct unix_socket *unix_socket_open(const char *path, mode_t mode,
	    gid_t gid, struct errbuf *e);

/* The listening descriptor (non-blocking, close-on-exec), which becomes the
 * caller's. */
int	unix_socket_take_fd(struct unix_socket *u);

/* Remove the socket, unless another one has taken its place, and the lock.
 * Accepts NULL. */
void	unix_socket_close(struct unix_socket *u);
