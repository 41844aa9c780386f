/*
 * declare.h: the handlers that configuration declares: those of wampd.yml's
 * `handlers:`, and those of Symfony service files as Oro's bundles ship them.
 *
 * This says what was declared, checked and with its defaults; what a handler
 * does is the broker's.  Types and keys are rows in declare_key.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "route/diag.h"

struct yaml_node;

/* ---- who may do what ---- */

enum declare_who {
	DECLARE_ANYONE,
	DECLARE_AUTHENTICATED,	/* by whatever proof */
	DECLARE_LOCAL,		/* on the control socket */
	DECLARE_BACKEND,	/* proved the application secret */
	DECLARE_LOOPBACK,	/* connected from this machine */
	DECLARE_NOBODY,
	DECLARE_ROLE,		/* who has the role `name` */
	DECLARE_USER,		/* the user called `name` */
};

struct declare_grant {
	enum declare_who who;
	const char	*name;	/* DECLARE_ROLE and DECLARE_USER, else NULL */
};

enum declare_action { DECLARE_SUBSCRIBE, DECLARE_PUBLISH, DECLARE_CALL,
    DECLARE_ACTIONS };

/* The value of subscribe:, publish: or call: - a list of grants, of which one
 * must hold, or, for type jq, a program, or both. */
struct declare_right {
	const struct declare_grant *grants; /* a list may be empty: nobody */
	size_t		 n_grants;
	const char	*program;	/* NULL: none */
	unsigned	 line, column;	/* of the program */
};

/* Where nothing is said: everyone may subscribe and call, and only the back end
 * and local tools may publish, as upstream promises and never enforced.  A
 * program is asked about everyone (declare_table.c). */
extern const struct declare_right declare_rights[DECLARE_ACTIONS];

/* What becomes of events for a receiver that does not keep up. */
enum declare_overflow {
	DECLARE_DISCONNECT,	/* publishers wait, then the receiver goes */
	DECLARE_DROP_OLDEST,
	DECLARE_DROP_NEWEST,
};

/* ---- a handler ---- */

#define DECLARE_LOG_NONE	(-1)

/* A variable of a program's environment. */
struct declare_env {
	const char *name;
	const char *value;		/* NULL: what the broker has, if it
					 * has it */
};

struct declare_exec {
	const char *const *argv;	/* NULL at its end */
	const char *cwd;		/* default: the declaring file's */
	struct declare_env *env;	/* beside what all programs get */
	size_t	    n_env;
	int64_t	    pool;		/* children at a time; above 0 */
	int64_t	    queue;		/* requests that wait; above 0 */
	int64_t	    tick;		/* ms between ticks; 0: none */
	int64_t	    restart_min;	/* ms before the first restart */
	int64_t	    restart_max;	/* ms, as delays double; >= min */
};

struct handler_decl {
	const char *name;		/* as routes name it */
	const char *type;		/* static: "broadcast", "secured",
					 * "ping", "jq", "exec" */
	const char *file;		/* where its declaration starts */
	unsigned    line, column;
	bool	    service;		/* by a service file */
	bool	    faulty;		/* an error was reported: not to be
					 * made */
	struct declare_right rights[DECLARE_ACTIONS];
	bool	    retain;		/* keep the last event */
	int	    overflow;		/* enum declare_overflow */
	int64_t	    rate;		/* messages a second and session;
					 * 0: any */
	int64_t	    burst;		/* so many at once; >= 1 with a rate */
	uint64_t    max_size;		/* bytes of an event; 0: any */
	int	    log;		/* enum log_level at which messages
					 * are logged, or DECLARE_LOG_NONE */
	int64_t	    timeout;		/* ms for a request; above 0; exec and
					 * jq */
	struct {
		const char *parameter;	/* the route's, holds the user id */
		bool	    wildcard;	/* may be "*": then anyone */
	} secured;
	struct {
		int64_t	    interval;	/* ms; above 0 */
		const char *message;	/* the event, as JSON */
	} ping;
	struct declare_exec exec;
};

/* ---- all handlers ---- */

struct declarations;

struct declare_source {
	const char	       *file;		/* wampd.yml's name */
	const struct yaml_node *handlers;	/* values of its keys; both */
	const struct yaml_node *parameters;	/* may be NULL: not given */
	const char *const      *services;	/* service files, in order */
	size_t			n_services;
};

/*
 * Read all that the source names; a handler of wampd.yml replaces a service of
 * its name, a parameter of wampd.yml those of service files.  Every fault goes
 * to *d.  Whatever could be read is in the table, so that one fault makes no
 * route's handler unknown: who runs handlers looks at d->errors.  NULL when
 * out of memory.  Nothing of the source is needed afterwards.
 */
struct declarations *declare_load(const struct declare_source *src,
	    struct diags *d);

/* Whether all files could be read: otherwise more may be declared. */
bool	declare_is_whole(const struct declarations *t);

size_t	declare_count(const struct declarations *t);

/* In the order of the files, those of wampd.yml first. */
const struct handler_decl *declare_at(const struct declarations *t,
	    size_t index);

/* The handler of that name, or NULL (declare_table.c). */
const struct handler_decl *declare_find(const struct declarations *t,
	    struct slice name);

/* Append what wampd.yml has below `handlers:`, from which the same handlers are
 * read, with all keys; those of service files as comments, as it would not name
 * them.  And below `parameters:`, likewise.  0, or -1 with *e filled. */
int	declare_print_handlers(struct buf *out, const struct declarations *t,
	    struct errbuf *e);
int	declare_print_parameters(struct buf *out, const struct declarations *t,
	    struct errbuf *e);

void	declare_free(struct declarations *t);
