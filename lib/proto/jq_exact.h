/*
 * jq_exact.h: jq programs that lose no digit of a whole number, or fail.
 *
 * The functions are those of jq.h, which documents them.  They add:
 *
 * - A program that is nothing but a path (json_path.h) runs without libjq, and
 *   what it finds keeps its bytes.
 * - Whole numbers above 2^53 come out of any other program with all their
 *   digits when it hands them on.  Where a result would depend on digits that
 *   libjq's doubles lose, by arithmetic, by a comparison that is too close, as
 *   text or as a key, the run ends with an error (json_digits.h).
 * - A program that names such a number itself is refused.
 *
 * This is the same with each version of libjq.
 */
#pragma once

#include "proto/jq.h"

struct jq_exact;

/* The beginning of the message when digits would be lost; the number
 * follows. */
#define JQ_EXACT_LOST	"jq would lose digits of "

struct jq_exact *jq_exact_new(const char *text, void (*no_memory)(void *),
	    struct jq_place *at, struct errbuf *e);
void	jq_exact_free(struct jq_exact *x);

int	jq_exact_start(struct jq_exact *x, struct slice input,
	    struct errbuf *e);
int	jq_exact_start_members(struct jq_exact *x, const struct jq_member *v,
	    size_t n, struct errbuf *e);
enum jq_outcome jq_exact_next(struct jq_exact *x, struct errbuf *e);
void	jq_exact_stop(struct jq_exact *x);

enum json_type jq_exact_type(const struct jq_exact *x);
int	jq_exact_text(const struct jq_exact *x, struct buf *room,
	    struct slice *out);
int	jq_exact_member(const struct jq_exact *x, const char *name,
	    struct buf *room, struct slice *out);
bool	jq_exact_is_input(const struct jq_exact *x, size_t i,
	    struct slice text);
