/*
 * path.h: the path of the control socket, and paths in files.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Append the default path of the control socket to *out, as a C string:
 * $WAMPD_CONTROL, else /run/wampd/control.sock for root, else
 * $XDG_RUNTIME_DIR/wampd/control.sock, else /tmp/wampd-UID/control.sock.  It is
 * an error if the last folder is not our own.  0 or -1. */
int	path_control(struct buf *out, struct errbuf *e);

/* The path that tools use for the control socket.  It is the default path.  If
 * nothing is there and no variable has set it, it is /run/wampd/control.sock,
 * so that users of the system's broker need not name it.  If that does not
 * exist either, it is the default path again if our own broker has created its
 * folder: the error then names the missing socket.  0 or -1. */
int	path_control_find(struct buf *out, struct errbuf *e);

/* Whether the path is short enough for a Unix socket.  0, or -1 with *e
 * filled. */
int	path_check_socket(const char *path, struct errbuf *e);

/* The folder of a file, a part of its path: "." if the path has no slash. */
struct slice path_folder(const char *path);

/* Append a path from a file, as a C string; it is relative to the folder of the
 * file. file is NULL if the path does not come from a file.  0, or -1 when out
 * of memory. */
int	path_beside(struct buf *out, const char *file, const char *path);

/* Append the path as an absolute one, as a C string.  0 or -1. */
int	path_absolute(struct buf *out, const char *path, struct errbuf *e);
