/*
 * path.h: where wampd and its tools meet, and paths in files.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

/* The control socket's default path, as a C string appended to *out:
 * $WAMPD_CONTROL, else /run/wampd/control.sock for root, else
 * $XDG_RUNTIME_DIR/wampd/control.sock, else /tmp/wampd-UID/control.sock, which
 * is an error when that folder is not our own.  0 or -1. */
int	path_control(struct buf *out, struct errbuf *e);

/* The path at which a tool looks for the socket: that one, or
 * /run/wampd/control.sock when nothing is there and nobody named it, so that
 * who may use the system's broker need not say so.  When neither is there it is
 * the first where a broker of ours has made the folder: the error that follows
 * names the one that is missed.  0 or -1. */
int	path_control_find(struct buf *out, struct errbuf *e);

/* Whether the path is short enough for a Unix socket.  0, or -1 with *e
 * filled. */
int	path_check_socket(const char *path, struct errbuf *e);

/* Append a path that a file names, which is relative to the file's folder; as a
 * C string.  file may be NULL, where no file named it.  0, or -1 when out of
 * memory. */
int	path_beside(struct buf *out, const char *file, const char *path);

/* Append the path as one that means the same in every folder; as a C string.
 * 0 or -1. */
int	path_absolute(struct buf *out, const char *path, struct errbuf *e);
