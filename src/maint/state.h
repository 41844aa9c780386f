/*
 * state.h: the maintenance state, for people and for programs.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/notice.h"

struct state {
	struct notice is;	/* borrows, as planned does */
	int64_t	      since;	/* ms since 1970; 0: not known */
	int64_t	      at;	/* likewise; 0: nothing is planned */
	struct notice planned;
	struct slice  warn;	/* JSON: a list of times; or len 0 */
};

/* Read what wampd.maintenance.get answers, or an event that notice_read()
 * took; false when it is neither. */
bool	state_read(struct state *out, struct slice json);

/* Where it is an announcement, let what it says be planned. */
void	state_ahead(struct state *s);

/* Append one line: "on since TIME by user 7 until TIME: "back soon"",
 * and what is planned.  0, or -1 when out of memory. */
int	state_text(struct buf *out, const struct state *s);

/* Append one object of isOn, userId, since, message and until; of an
 * announcement, at too.  0, or -1 when out of memory. */
int	state_json(struct buf *out, const struct state *s);
