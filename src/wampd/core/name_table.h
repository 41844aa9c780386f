/*
 * name_table.h: numbers for the users and roles that rights name.
 *
 * Rights are checked with these numbers, without comparing text.  Only the
 * configuration adds names.  The names of a peer are only looked up, so peers
 * cannot fill the table.  Names are never removed, because a reload rarely
 * brings new ones.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/slice.h"

enum name_kind { NAME_USER, NAME_LOCAL_USER, NAME_ROLE, NAME_KINDS };

struct name_table {
	struct map by_text[NAME_KINDS];	/* of struct name; owned */
	uint32_t   n;			/* names of all kinds */
	uint64_t   stamp;		/* changes with each new name; no two
					 * tables have the same */
};

void	name_table_init(struct name_table *names);

/* Free all names. */
void	name_table_clear(struct name_table *names);

/* The number of a name, which is added if it is not in the table.  Names of
 * different kinds have different numbers.  0 when out of memory. */
uint32_t name_table_obtain(struct name_table *names, enum name_kind kind,
	    struct slice text);

/* The number of a name, or 0 if it is not in the table. */
uint32_t name_table_find(const struct name_table *names, enum name_kind kind,
	    struct slice text);

/* Sort n numbers in ascending order. */
void	name_table_sort(uint32_t *numbers, size_t n);
