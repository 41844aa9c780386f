/*
 * kept_file.h: a file of state_dir, from which a restart restores something.
 *
 * It is replaced at once, so that a crash leaves the old or the new one.  A
 * write that fails is tried again, and whoever changes what is kept can say so
 * until it succeeds.  A file with any other content is not ours: it is set
 * aside, and never overwritten.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wampd/core/chore.h"

struct kept_file {
	const char  *what;	/* static; what it keeps: "maintenance state" */
	struct buf   path;	/* owned, C string; empty: no file */
	bool	     foreign;	/* what is there is not ours */
	struct chore tidy;	/* clear the file's place, once */
	struct chore save;	/* write the file */
};

void	kept_file_init(struct kept_file *k, const char *what);
void	kept_file_clear(struct kept_file *k);

/* From now on it is that file in that folder.  0, or -1 when out of memory. */
int	kept_file_open(struct kept_file *k, const char *folder,
	    const char *name);

/* Another process has the file from now on: there is none any more. */
void	kept_file_leave(struct kept_file *k);

/* What is in the file is not ours, as *e says.  That is logged; the file is set
 * aside when the loop runs, because wampd -t must not change it. */
void	kept_file_is_foreign(struct kept_file *k, const struct errbuf *e);

/* What is kept has changed. */
void	kept_file_mark(struct kept_file *k);

/* Clear the file's place, if that is due. */
void	kept_file_tidy(struct kept_file *k, int64_t now);

/* Whether the file must be written now; then do that with kept_file_save(). */
bool	kept_file_is_due(const struct kept_file *k, int64_t now);
void	kept_file_save(struct kept_file *k, struct slice content, int64_t now);

/* It could not even be made.  *e says why. */
void	kept_file_failed(struct kept_file *k, int64_t now, struct errbuf *e);

/* In how many ms something is due; -1 if nothing is. */
int64_t	kept_file_wait(const struct kept_file *k, int64_t now);

/* ---- for one file, at once ---- */

enum kept_found {
	KEPT_NOTHING,
	KEPT_TEXT,
	KEPT_FOREIGN,		/* no regular file, or too large, as *e says */
	KEPT_ERROR,		/* unreadable, as *e says */
};

/* Append the content of the file, of at most max bytes.  It is not changed, and
 * nothing blocks. */
enum kept_found kept_file_read(struct buf *text, const char *path, size_t max,
	    struct errbuf *e);

/* Rename what is there to PATH.bad, PATH.bad-2 and so on, and log that.  0, or
 * -1 with *e filled. */
int	kept_file_set_aside(const char *path, struct errbuf *e);

/* Give it such a name, too, and log that.  If that is impossible, it is set
 * aside.  0, or -1 with *e filled. */
int	kept_file_preserve(const char *path, struct errbuf *e);

/* Replace the file.  Anything but a regular file is set aside first.  0, or -1
 * with *e filled. */
int	kept_file_write(const char *path, struct slice content,
	    struct errbuf *e);

/* Append ,"unsaved":[reason,...] if any of n chores has failed.  0 or -1. */
int	kept_file_describe(const struct chore *const *chores, size_t n,
	    struct buf *out);
