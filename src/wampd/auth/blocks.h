/*
 * blocks.h: the addresses that are blocked while the broker runs.
 *
 * They are kept in blocked.json of state_dir: a list of [network, end], in
 * which the end is a time or null.  A block that has ended is forgotten.
 *
 * Whoever is connected from a blocked address is closed in the next turns, so
 * many sessions in each that others need not wait.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wampd/auth/addresses.h"
#include "wampd/core/cursor.h"
#include "wampd/core/kept_file.h"

struct broker;
struct tap;

#define BLOCKS_MAX	65536	/* networks */

struct blocks {
	struct broker	 *broker;	/* borrowed */
	struct addresses *addresses;	/* borrowed; ours are in `added` */
	struct tap	 *tap;
	struct kept_file  file;
	int64_t		  next_end;	/* ms since 1970; 0: none ends */
	struct cursor	  cursor;	/* the next session to look at */
	bool		  closing;	/* it is in the broker's list */
	bool		  blocked;	/* who was blocked is looked for, */
	bool		  listed;	/* and who is on the other lists */
	unsigned	  closed;	/* sessions, by this walk */
};

/* Restore what was kept, as a tap of the broker, which frees it.  The addresses
 * are borrowed, and must live as long; they get a pointer to it.  NULL with *e
 * filled. */
struct blocks *blocks_add(struct broker *b, struct addresses *addresses,
	    struct errbuf *e);

/* Block a network until that time, in ms since 1970; 0: for ever.  If `close`
 * is set, the sessions from there are closed.  *changed: it was not blocked, or
 * had another end.  0, or -1 with *e filled. */
int	blocks_block(struct blocks *all, const struct network *n,
	    int64_t until, bool close, bool *changed, struct errbuf *e);

/* End the block of exactly that network.  Whether there was one. */
bool	blocks_unblock(struct blocks *all, const struct network *n);

/* Let the addresses have the lists of `fresh`, as addresses_swap(), and close
 * the sessions from where nobody may connect by them. */
void	blocks_renew(struct blocks *all, struct addresses *fresh);

/* Write the file now, if it is due. */
void	blocks_put(struct blocks *all);

/* Append ,"unsaved":[...] if writing has failed.  0 or -1. */
int	blocks_describe_unsaved(const struct blocks *all, struct buf *out);
