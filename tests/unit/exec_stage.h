/*
 * exec_stage.h: a broker whose handler "e" is a made-up child.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "fake.h"
#include "fake_child.h"

/* Topics e/ANYTHING and oro/maintenance are the handler's; q is a broadcast
 * topic. */
struct stage {
	struct fake_children kids;
	struct broker	    *broker;
	struct fake_peer    *p;		/* local */
	struct fake_peer    *ws;	/* on a WebSocket */
};

/* keys: more of the handler's, or "".  A request takes at most 1 s, restarts
 * are after 100 to 500 ms. */
void	stage_open(struct stage *s, const char *keys);
void	stage_close(struct stage *s);

/* Time passes; what fake_turn() said then. */
int64_t	stage_wait(struct stage *s, int64_t ms);

/* Open a stage with a child that runs, has answered request 1, and has
 * nothing to hear. */
struct child *stage_child(struct stage *s);
