/*
 * given.h: listening sockets that another process has opened for us: the
 * service manager, or the wampd that we replace.
 *
 * listen_open() takes them instead of opening sockets of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

struct unix_socket;

#define GIVEN_MAX	120	/* each may have a lock, see PASS_MAX */

struct given_socket {
	int	fd;		/* owned; -1: taken */
	int	lock;		/* owned; of a Unix socket, or -1 */
	bool	shared;		/* the service manager has it, too, and keeps
				 * its path */
	char	text[264];	/* as the wampd that we replace has it in its
				 * configuration; else empty */
	int64_t	group;		/* the same for all sockets of one text there */
	char	path[108];	/* of a Unix socket; else empty */
	dev_t	dev;		/* of that; ino 0: unknown */
	ino_t	ino;
};

struct given {
	struct given_socket v[GIVEN_MAX];
	size_t	n;
};

/* Take the sockets that the service manager passes, see sd_listen_fds(3).
 * Nothing happens if it passes none.  0, or -1 with *e filled. */
int	given_by_manager(struct given *g, struct errbuf *e);

/* Add a socket that was passed, with its lock or -1; takes both, also on
 * failure.  It must be a stream socket that listens.  The caller may then fill
 * other fields.  NULL with *e filled. */
struct given_socket *given_add(struct given *g, int fd, int lock,
	    struct errbuf *e);

/* Find the socket of that TCP address; port 0 is none.  Or NULL. */
struct given_socket *given_find(struct given *g, const struct sockaddr *sa);

/* Find the socket of that path, or NULL. */
struct given_socket *given_find_path(struct given *g, const char *path);

/* Find the next socket that has that text in the configuration of the other
 * wampd, of that group; 0: of any.  Or NULL. */
struct given_socket *given_find_text(struct given *g, const char *text,
	    int64_t group);

/* Take the descriptor out. */
int	given_take_fd(struct given_socket *s);

/* Take a Unix socket out, with its path.  NULL with *e filled. */
struct unix_socket *given_take_path(struct given_socket *s, const char *path,
	    struct errbuf *e);

/* A socket that nobody has taken, or NULL. */
const struct given_socket *given_left(const struct given *g);

/* Close those that nobody has taken, and remove the files of Unix sockets that
 * the other wampd had. */
void	given_remove_left(struct given *g);

/* Close those that nobody has taken.  Both accept NULL. */
void	given_clear(struct given *g);
