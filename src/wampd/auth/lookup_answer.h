/*
 * lookup_answer.h: the lines of a program that says who somebody is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct user;

enum lookup_said {
	LOOKUP_SAID_USER,	/* *u is owned by the caller */
	LOOKUP_SAID_NONE,	/* there is nobody */
	LOOKUP_SAID_ERROR,	/* *why says more */
	LOOKUP_SAID_NONSENSE,	/* the line is invalid */
};

/* Read a line.  *id is the number of the question, 0 if it is not there.  who
 * is the sets of the user, and `password` tells whether he needs one.  *why is
 * for the log: static, or of the program, in *scratch. */
enum lookup_said lookup_answer_read(struct slice line, unsigned who,
	    bool password, int64_t *id, struct user **u, struct slice *why,
	    struct buf *scratch);
