/*
 * bounds.h: what one turn of the loop does at most.
 *
 * Whatever comes at once keeps nobody waiting for long: the rest is done in the
 * next turns, between which the loop looks for input.  Each of these is some
 * milliseconds' worth.
 */
#pragma once

#define TURN_MESSAGES		1024	/* handled before a flush */
#define TURN_FLUSHES		1024	/* sessions written to */
#define TURN_CLOSES		128	/* sessions freed */
#define TURN_SUBS		8192	/* of theirs, ended */
#define TURN_TOPICS		8192	/* unused ones freed */
