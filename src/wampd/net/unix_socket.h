/*
 * unix_socket.h: listening on a path that one process owns at a time.
 *
 * The owner of the socket keeps the file PATH.lock locked (flock(2)).  A wampd
 * that gets the lock knows that no other wampd owns the path, even if several
 * start at once.  Only then may it remove a stale socket.  Both files are
 * removed at the end.  If the owner is killed, the kernel releases its lock.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/* The backlog of each listening socket.  It is high because all browsers come
 * back at once after a restart; the kernel limits it to net.core.somaxconn. */
#define SOCKET_BACKLOG	65535

/* The result of checking an address. */
enum probed {
	PROBED_FREE,
	PROBED_BUSY,		/* another process has it, perhaps the wampd
				 * that will be restarted */
	PROBED_FAILS,
};

struct unix_socket;

/* Check whether unix_socket_open() would succeed, without making or removing
 * anything.  *e is filled unless the result is PROBED_FREE. */
enum probed unix_socket_probe(const char *path, struct errbuf *e);

/*
 * Listen on the path.  A stale socket, on which nobody listens and whose lock
 * nobody has, is replaced.  If anything else is there, that is an error.  The
 * folder is made if it is missing.  If gid is (gid_t)-1, the group is not
 * changed.  Never blocks.  NULL on failure.
 */
struct unix_socket *unix_socket_open(const char *path, mode_t mode,
	    gid_t gid, struct errbuf *e);

/* Have a socket that another process has opened, with its lock or -1; takes
 * both, also on failure.  The files are the other's, until unix_socket_own() is
 * called.  NULL with *e filled. */
struct unix_socket *unix_socket_adopt(const char *path, int fd, int lock,
	    struct errbuf *e);

/* The files are ours from now on, and are removed at the end.  Or: another
 * process has taken them. */
void	unix_socket_own(struct unix_socket *u);
void	unix_socket_leave(struct unix_socket *u);

/* The descriptor of the lock, or -1; what tells the socket's file from others,
 * if it is ours. */
int	unix_socket_lock(const struct unix_socket *u);
bool	unix_socket_inode(const struct unix_socket *u, dev_t *dev,
	    ino_t *ino);

/* Take the listening descriptor (non-blocking, close-on-exec). */
int	unix_socket_take_fd(struct unix_socket *u);

/* Give the socket, its lock, and its folder if that was made, to a user, who
 * can then remove them.  The group is for those that have our own.  0 or -1. */
int	unix_socket_give(const struct unix_socket *u, uid_t uid, gid_t gid,
	    struct errbuf *e);

/* Remove the lock, and the socket unless another one has replaced it.  Accepts
 * NULL. */
void	unix_socket_close(struct unix_socket *u);
