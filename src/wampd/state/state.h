/*
 * state.h: kept events survive a restart.
 *
 * All that topics keep, apart from the maintenance notice, is also in the file
 * events.log of state_dir (record.h).  Changes are appended to it at most
 * state.sync later, by a thread, and are on disk then.  With `state.sync:
 * always`, answers to publishers wait for that.
 *
 * When the log is much larger than what is kept, the thread writes a new one
 * beside it, which replaces it at once.  The same happens if the log lacks
 * something, because the disk was full for long.
 *
 * This is a log of our own rather than SQLite or LMDB, because all of it is
 * read at the start, and nothing is looked up in it later.  As Debian ships
 * them, neither has checksums of its pages.  In a try, SQLite read 60
 * files of 100 000 events, each with one flipped bit anywhere: it refused 2 as
 * malformed, and gave a wrong value for the others without a word.  Here, each
 * record has a checksum of its own, so that any such bit is noticed, and the
 * other records are restored.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"

struct broker;

#define STATE_FILE	"events.log"

/* Follow what the topics of b keep, if it has a state_dir.  Nothing is opened.
 * It becomes a tap of b, and its keeper.  0, or -1 with *e filled. */
int	state_add(struct broker *b, struct errbuf *e);

/* Lock the folder, and restore what was kept.  To be called once, before the
 * broker listens.  A file that is damaged is set aside, and what can be read of
 * it is restored.  0, or -1 with *e filled: another broker uses the folder. */
int	state_open(struct broker *b, struct errbuf *e);

/* Write everything, close the log and unlock the folder, at the end or for
 * another process.  Blocks until that is done.  Nothing is kept from then on.
 * 0, or -1 with *e filled if something could not be written; it is unlocked in
 * any case. */
int	state_release(struct broker *b, struct errbuf *e);

/* Go on after a release.  0, or -1 with *e filled: another broker uses the
 * folder. */
int	state_resume(struct broker *b, struct errbuf *e);

/* Topics keep events that the log does not have: write it anew. */
void	state_renew(struct broker *b);
