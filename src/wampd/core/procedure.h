/*
 * procedure.h: the broker's own procedures: wampd.*, and those of WAMP-CRA.
 *
 * They are rows of tables that the broker is handed.  wampd.help prints these
 * rows, so that it is always right.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct call;
struct principal;

/* Who may call: everybody (OPEN), also strangers (LOGIN), or only local peers.
 * READ does not change the broker, WRITE does; wampd.help says which. */
enum procedure_access { PROCEDURE_OPEN, PROCEDURE_READ, PROCEDURE_WRITE,
    PROCEDURE_LOGIN };

struct procedure {
	const char *name;	/* "wampd.kick"; NULL ends a table */
	const char *args;	/* "session" */
	enum procedure_access access;
	const char *help;	/* one line; NULL: wampd.help leaves it out */
	/* Returns 0 with the result in c->out; -1 with c->failure filled; or 1
	 * if it answers later. */
	int	  (*run)(struct call *c);
};

/* A row of such a table, and its context. */
struct procedure_entry {
	const struct procedure *procedure;	/* static */
	void *ctx;				/* borrowed; call->ctx */
	bool  hidden;				/* there is none now */
};

/* All procedures, sorted by name.  Zeroed: none. */
struct procedures {
	struct procedure_entry *v;		/* owned */
	size_t			n;
};

/* Whether p may call procedures with that access.  0, or -1 with *e filled. */
int	procedure_check(enum procedure_access access,
	    const struct principal *p, struct errbuf *e);

/* Add a table, which must be static.  ctx is borrowed.  Returns 0, or -1 when
 * out of memory. */
int	procedures_add(struct procedures *all, const struct procedure *rows,
	    void *ctx);

/* Hide the procedures of that table, which was added, or show them again. */
void	procedures_hide(struct procedures *all, const struct procedure *rows,
	    bool hidden);

/* The procedure of that name, or NULL; not a hidden one. */
const struct procedure_entry *procedures_find(const struct procedures *all,
	    struct slice uri);

/* Free the list. */
void	procedures_clear(struct procedures *all);
