/*
 * saved.h: answers that wait until what they acknowledge is on disk.
 *
 * Only a keeper (keep.h) that promises this makes them wait: it sets
 * broker->saved.wait.  The answers to a session wait for the last event of the
 * session that is kept.  If saving fails, they become failures: what they
 * acknowledge was done, but might not survive a crash.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/err.h"
#include "base/slice.h"
#include "wampd/core/reply.h"
#include "wampd/core/verdict.h"

struct broker;
struct saved_answer;
struct session;

struct saved {
	bool	 wait;		/* answers wait */
	bool	 failing;	/* do not wait, but fail, as why says */
	uint64_t kept;		/* how often something was kept */
	uint64_t done;		/* as many of these are saved */
	struct errbuf why;
	TAILQ_HEAD(, saved_answer) waiting;	/* by what they wait for */
};

void	saved_init(struct saved *saved);

/* An event of s (NULL: of nobody) is kept from now on; or s has cleared what
 * topics keep. */
void	saved_kept(struct broker *b, struct session *s);

/* Answer with that result, which has no newline, as soon as all events of the
 * session are saved. */
void	saved_result(const struct reply_to *to, struct slice result);

/* The same for a call that has published.  *f is used for VERDICT_NO, the other
 * arguments otherwise. */
void	saved_published(const struct reply_to *to,
	    const struct publish_result *result, enum verdict verdict,
	    long delivered, const struct failure *f);

/* ---- for the keeper ---- */

/* Everything is saved that was kept before saved.kept was that number. */
void	saved_until(struct broker *b, uint64_t number);

/* Saving has failed, and is tried again. */
void	saved_failed(struct broker *b, const char *why);
