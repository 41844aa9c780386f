/*
 * admin.h: the procedures wampd.*.
 *
 * The procedure wampd.NAME is the function admin_NAME() of another file, or
 * run_NAME() of admin.c.
 */
#pragma once

#include <stdint.h>

#include "wampd/admin/check.h"
#include "wampd/admin/clear.h"
#include "wampd/admin/kick.h"
#include "wampd/admin/listing.h"
#include "wampd/admin/page.h"

struct broker;

/* What they share; it is the context of each call. */
struct admin {
	struct broker	*broker;	/* borrowed */
	struct tap	*tap;		/* borrowed */
	struct listings	 listings;	/* not complete yet */
	struct pages	 pages;		/* not complete yet */
	struct kicks	 kicks;		/* not answered yet */
	struct clears	 clears;	/* the same */
	struct checks	 checks;
	int64_t		 nearest_at;	/* ms; see nearest.c */
};

/* Add the procedures to b.  0, or -1 when out of memory. */
int	admin_add(struct broker *b);
