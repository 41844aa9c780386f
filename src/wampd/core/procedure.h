/*
 * procedure.h: the broker's own procedures, wampd.*.
 *
 * They are rows of tables that are handed in: name, arguments, who may, help
 * and function.  wampd.help prints them, so the documentation cannot drift.
 */
#pragma once

#include <stddef.h>

#include "base/slice.h"

struct call;

/* Who may call: everyone, or only local peers; READ and WRITE tell the latter
 * apart for roles that may look but not touch. */
enum procedure_access { PROCEDURE_OPEN, PROCEDURE_READ, PROCEDURE_WRITE };

struct procedure {
	const char *name;	/* "wampd.kick"; NULL ends a table */
	const char *args;	/* "session" */
	enum procedure_access access;
	const char *help;	/* one line */
	/* 0; -1 with c->failure filled; or 1: it is answered later. */
	int	  (*run)(struct call *c);
};

/* A row of a table that was handed in. */
struct procedure_entry {
	const struct procedure *procedure;	/* static */
	void *ctx;				/* borrowed; call->ctx */
};

/* All of them, in the order of their names.  Zeroed: none. */
struct procedures {
	struct procedure_entry *v;		/* owned */
	size_t			n;
};

/* Add a table, which is static.  ctx is borrowed.  0, or -1 when out of
 * memory. */
int	procedures_add(struct procedures *all, const struct procedure *rows,
	    void *ctx);

/* The procedure of that name, or NULL. */
const struct procedure_entry *procedures_find(const struct procedures *all,
	    struct slice uri);

void	procedures_clear(struct procedures *all);
