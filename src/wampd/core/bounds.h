/*
 * bounds.h: how much one turn of the loop does at most.
 *
 * Each bound is worth some milliseconds.  Work beyond a bound is left to the
 * next turns, and the loop reads new input between two turns.  So nobody waits
 * long, even when much has to be done at once.
 */
#pragma once

#define TURN_MESSAGES		1024	/* messages handled before a flush */
#define TURN_FLUSHES		1024	/* sessions written to */
#define TURN_CLOSES		128	/* sessions freed */
#define TURN_SUBS		8192	/* subscriptions of these ended */
#define TURN_JUDGED		4096	/* subscriptions judged after a
					 * reload */
#define TURN_TOPICS		8192	/* unused topics freed, and the same
					 * number moved to a new generation */
