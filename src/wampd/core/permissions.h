/*
 * permissions.h: what a credential allows, beside what its owner may do.
 *
 * They only restrict: handlers must allow the same.  They are counted, and
 * immutable once a principal has them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "route/declare.h"

#define PERMISSIONS_MAX	1000	/* entries; each request walks them */

struct permission {
	struct slice uri;	/* in text, once it was added */
	char	    *text;	/* owned */
	bool	     prefix;	/* all URIs that begin with it */
	bool	     allows[DECLARE_ACTIONS];	/* by enum declare_action */
};

struct permissions {
	unsigned	   refs;
	struct permission *topics;	/* owned */
	size_t		   n_topics;
	struct permission *procedures;	/* owned */
	size_t		   n_procedures;
};

/* Permissions that allow nothing yet, with one reference.  NULL when out of
 * memory. */
struct permissions *permissions_new(void);

struct permissions *permissions_ref(struct permissions *p);

/* Give a reference back.  NULL is fine. */
void	permissions_unref(struct permissions *p);

/* Add an entry for topics, or for procedures, with a copy of its URI.  Returns
 * 0, or -1 when out of memory or when there are PERMISSIONS_MAX. */
int	permissions_add_topic(struct permissions *p,
	    const struct permission *entry);
int	permissions_add_procedure(struct permissions *p,
	    const struct permission *entry);

/* Whether both have the same entries; NULL: there are no permissions. */
bool	permissions_same(const struct permissions *a,
	    const struct permissions *b);

/* Whether they allow this.  The entry for exactly that URI decides, or else the
 * one for its longest prefix; without any, no. */
bool	permissions_allow(const struct permissions *p,
	    enum declare_action action, struct slice uri);
