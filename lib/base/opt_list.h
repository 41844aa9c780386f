/*
 * opt_list.h: operands, or the values of an option.
 */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

struct opt_list {
	const char **v;		/* owned array of borrowed strings */
	size_t	     n;
};

/* Append v to the list.  0 or -1 when out of memory. */
int	opt_list_add(struct opt_list *l, const char *v);

__END_DECLS
