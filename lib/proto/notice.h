/*
 * notice.h: the event that tells of maintenance.
 *
 *	{"isOn":true,"userId":7,"message":"back at 5","until":"2026-...Z"}
 *
 *	{"isOn":false,"userId":7,"message":"...","at":"2026-...Z"}
 *
 * The second announces it: nothing is on yet.  The first two members are Oro's,
 * whose clients read no others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/json.h"

#define NOTICE_MAX	4096	/* bytes; a larger event is no notice */
#define NOTICE_TEXT_MAX	(NOTICE_MAX / 2) /* of user and message together, for
					 * who writes one: the rest fits */

struct notice {
	bool	     on;
	struct slice user;	/* JSON on one line: who does it, or null; no
				 * array or object */
	struct slice message;	/* a JSON string; len 0: none */
	int64_t	     until;	/* ms since 1970; 0: open-ended */
	int64_t	     at;	/* likewise; not on yet, it begins then; or 0 */
};

/* The time that a value tells, a string in ISO 8601.  0, or -1: it is none. */
int	notice_time(int64_t *out_ms, const struct json_elem *value);

/* Read one; its slices are borrowed from json.  false when it is none. */
bool	notice_read(struct notice *out, struct slice json);

/* The same members of an object of any size that has others, too. */
bool	notice_members(struct notice *out, struct slice json);

/* Take the user and the message from the one before where *n has none, unless
 * that is too much together: any event may say more than who writes one. */
void	notice_keep(struct notice *n, const struct notice *before);

/* Append it, without the members that say nothing.  0, or -1 when out of
 * memory. */
int	notice_write(struct buf *out, const struct notice *n);
