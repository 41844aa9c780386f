/*
 * state.h: the maintenance state, as text and as JSON.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/notice.h"

struct state {
	struct notice is;	/* borrowed strings, as in planned */
	int64_t	      since;	/* ms since 1970; 0: not known */
	int64_t	      at;	/* likewise; 0: nothing is planned */
	struct notice planned;
	struct slice  warn;	/* JSON: a list of times; or len 0 */
};

/* Read the answer of wampd.maintenance.get, or an event that notice_read()
 * accepted.  false if it is neither. */
bool	state_read(struct state *out, struct slice json);

/* If the state comes from an announcement, make that the plan. */
void	state_ahead(struct state *s);

/* Append one line: "on since TIME by user 7 until TIME: "back soon"",
 * and the plan.  0, or -1 when out of memory. */
int	state_text(struct buf *out, const struct state *s);

/* Append one object of isOn, userId, since, message and until; of an
 * announcement, at too.  0, or -1 when out of memory. */
int	state_json(struct buf *out, const struct state *s);
