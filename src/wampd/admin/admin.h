/*
 * admin.h: the broker's own procedures, wampd.*.
 */
#pragma once

#include <stdint.h>

#include "wampd/admin/listing.h"

struct broker;

/* What they share; the context of each call. */
struct admin {
	struct broker	*broker;	/* borrowed */
	struct tap	*tap;		/* its own */
	struct listings	 listings;	/* under way */
	int64_t		 nearest_at;	/* ms: of wampd.nearest */
};

/* Let b answer them, until it ends.  0, or -1 when out of memory. */
int	admin_add(struct broker *b);
