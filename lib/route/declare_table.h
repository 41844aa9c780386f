/*
 * declare_table.h: internals of declare*.c: the table while it is being filled.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/slice.h"
#include "route/declare.h"
#include "route/yaml.h"

/* In bytes.  With aliases, a small file can contain a lot. */
#define DECLARE_MEMORY_MAX	(256u << 20)

/* A parameter of wampd.yml, kept for printing. */
struct declare_parameter {
	const char *name;
	const char *value;		/* NULL: null */
};

struct declarations {
	struct arena	      mem;	/* all handlers and texts */
	size_t		      used;	/* of DECLARE_MEMORY_MAX */
	struct handler_decl **v;	/* owned array, in order */
	size_t		      n, cap;
	struct map	      by_name;	/* of struct handler_decl */
	struct declare_parameter *parameters;	/* n_parameters of them */
	size_t		      n_parameters;
	bool		      partial;	/* a part could not be read */
	bool		      failed;	/* out of memory: to be dropped */
};

/* An empty table; NULL when out of memory. */
struct declarations *declare_table(void);

/* n zeroed bytes that live as long as the table; NULL when out of memory, and
 * the table has failed. */
void   *declare_alloc(struct declarations *t, size_t n);

/* A copy of the text likewise; "" when out of memory. */
const char *declare_keep(struct declarations *t, struct slice text);

/* A new handler with the defaults of all types, declared at that node; not in
 * the table.  NULL when out of memory. */
struct handler_decl *declare_new(struct declarations *t, const char *type,
	    struct slice name, const char *file, const struct yaml_node *at);

/* Add it at the end of the table, or replace one with its name. */
void	declare_put(struct declarations *t, struct handler_decl *h);
