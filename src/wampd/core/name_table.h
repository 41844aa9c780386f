/*
 * name_table.h: the users and roles that rights name, as small numbers.
 *
 * A right is then tested without comparing text.  Only the configuration adds
 * names: what a peer says it is called is looked up, and adds nothing.  Names
 * are never taken out again, because a reload rarely brings new ones.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/slice.h"

enum name_kind { NAME_USER, NAME_ROLE, NAME_KINDS };

struct name_table {
	struct map by_text[NAME_KINDS];	/* of struct name; owned */
	uint32_t   n;			/* of both kinds */
	uint64_t   stamp;		/* another one with each new name; no
					 * two tables ever have the same */
};

void	name_table_init(struct name_table *names);
void	name_table_clear(struct name_table *names);

/* The number of a name, which is added when it is not there.  Users and roles
 * have different numbers.  0 when out of memory. */
uint32_t name_table_obtain(struct name_table *names, enum name_kind kind,
	    struct slice text);

/* The number of a name, or 0: no right names it. */
uint32_t name_table_find(const struct name_table *names, enum name_kind kind,
	    struct slice text);

/* Put numbers in ascending order. */
void	name_table_sort(uint32_t *numbers, size_t n);
