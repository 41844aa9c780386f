/*
 * lookup_state.h: internals of lookup.c: the program and its questions.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/secret.h"
#include "wampd/auth/fair.h"
#include "wampd/auth/lookup.h"
#include "wampd/auth/lookup_cache.h"
#include "wampd/process/child.h"

struct tap;

TAILQ_HEAD(lookup_asks, lookup_ask);
TAILQ_HEAD(lookup_questions, lookup_question);

struct lookup_question {
	struct fair_job	   job;		/* first; in the queue until asked */
	TAILQ_ENTRY(lookup_question) link; /* of the list below */
	struct lookup_questions *list;	/* lookup->asked or ->again; NULL:
					 * none */
	struct lookup_asks asks;	/* who waits for the answer */
	int64_t		   id;
	int64_t		   since;	/* ms; when it was asked */
	bool		   suspect;	/* a program that had it has ended */
	bool		   ended;	/* those who wait are being told */
	unsigned char	   key[LOOKUP_KEY_SIZE];
	struct secret	   line;	/* what the program gets */
};

struct lookup {
	unsigned	    refs;
	struct lookup_settings set;	/* without what lookup.h says is not
					 * needed */
	struct broker	   *b;		/* borrowed */
	struct tap	   *tap;	/* owned, also by the broker; for its
					 * ticks */
	struct declare_exec exec;
	const char	  **argv;	/* owned array, texts in mem */
	struct arena	    mem;
	struct child	   *child;	/* NULL: it does not run */
	int64_t		    started;	/* ms */
	int64_t		    delay;	/* ms before the last restart, or 0 */
	int64_t		    start_at;	/* ms; not started before that */
	int64_t		    give_up;	/* ms; when questions fail if no program
					 * answers until then; 0: one runs */
	struct map	    questions;	/* by key; owned */
	struct fair	    queue;	/* of those that wait */
	struct lookup_questions asked;	/* oldest first */
	size_t		    nasked;
	struct lookup_questions again;	/* suspects, which are asked alone */
	int64_t		    last_id;
	struct lookup_cache cache;
	struct buf	    line;	/* scratch */
	int64_t		    second;	/* ms; of `logged` */
	unsigned	    logged;	/* lines in that second */
};

void	lookup_questions_init(struct lookup *l);

/* A new question from that address.  NULL: there are too many, or memory is
 * out. */
struct lookup_question *lookup_question_new(struct lookup *l,
	    const unsigned char key[LOOKUP_KEY_SIZE], struct slice text,
	    const struct address *from);

/* Put it on that list, or on none. */
void	lookup_question_list(struct lookup *l, struct lookup_question *q,
	    struct lookup_questions *list);

/* Free it, and tell nobody. */
void	lookup_question_drop(struct lookup *l, struct lookup_question *q);

/* Tell all who wait, and free it.  One who is told may ask something new, or
 * make another leave. */
void	lookup_question_end(struct lookup *l, struct lookup_question *q,
	    enum lookup_result result, const struct user *u);
