/*
 * notice.h: the event that announces or changes maintenance.
 *
 *	{"isOn":true,"userId":7,"message":"back at 5","until":"2026-...Z"}
 *
 *	{"isOn":false,"userId":7,"message":"...","at":"2026-...Z"}
 *
 * The second one announces maintenance that is not on yet.  The first two
 * members are those of Oro, whose clients ignore the others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/json.h"

#define NOTICE_MAX	4096	/* bytes; a larger event is ignored */
#define NOTICE_TEXT_MAX	(NOTICE_MAX / 2) /* of user and message together, when
					  * writing: the rest fits */

struct notice {
	bool	     on;
	struct slice user;	/* JSON on one line: the user, or null; not an
				 * array or object */
	struct slice message;	/* a JSON string; len 0: none */
	int64_t	     until;	/* ms since 1970; 0: open-ended */
	int64_t	     at;	/* likewise; an announcement: when it begins; or
				 * 0 */
};

/* The time in a value, a string in ISO 8601.  0, or -1 if it is not a time. */
int	notice_time(int64_t *out_ms, const struct json_elem *value);

/* Read one; its slices are borrowed from json. false if it is not one. */
bool	notice_read(struct notice *out, struct slice json);

/* The same for an object of any size that may have other members. */
bool	notice_members(struct notice *out, struct slice json);

/* Take the user and the message from the previous one if *n has none, unless
 * both together are too long. */
void	notice_keep(struct notice *n, const struct notice *before);

/* Append it, without empty members.  0, or -1 when out of memory. */
int	notice_write(struct buf *out, const struct notice *n);
