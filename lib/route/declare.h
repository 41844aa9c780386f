/*
 * declare.h: the declared handlers: those below `handlers:` in wampd.yml, and
 * those in the Symfony service files of Oro's bundles.
 *
 * This contains the checked declarations with their defaults.  The broker
 * implements the handlers.  Types and keys are rows in declare_key.c.
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
	DECLARE_AUTHENTICATED,	/* by any proof */
	DECLARE_LOCAL,		/* on the control socket */
	DECLARE_BACKEND,	/* proved the application secret */
	DECLARE_LOOPBACK,	/* connected from this machine */
	DECLARE_TICKET,		/* by a ticket of any kind */
	DECLARE_TICKET_ORO,
	DECLARE_TICKET_PASETO,
	DECLARE_TICKET_JWT,
	DECLARE_COOKIE,		/* by a session of the application */
	DECLARE_CRA,		/* by WAMP-CRA */
	DECLARE_CERTIFICATE,	/* by a certificate of TLS */
	DECLARE_NOBODY,
	DECLARE_ROLE,		/* who has the role `name` */
	DECLARE_LOCAL_USER,	/* the user `name` of this machine, on the
				 * control socket */
	DECLARE_USER,		/* the user called `name` */
};

/* A place in the file of the declaration. */
struct declare_place {
	unsigned line, column;	/* 0: none */
};

struct declare_grant {
	enum declare_who who;
	const char	*name;	/* from DECLARE_ROLE on, else NULL */
	struct declare_place at;
};

enum declare_action { DECLARE_SUBSCRIBE, DECLARE_PUBLISH, DECLARE_CALL,
    DECLARE_ACTIONS };

/* The value of subscribe:, publish: or call: a list of grants, of which one
 * must apply; or, for type jq, a program; or both. */
struct declare_right {
	const struct declare_grant *grants; /* an empty list: nobody */
	size_t		 n_grants;
	const char	*program;	/* NULL: none */
	unsigned	 line, column;	/* of the program */
	struct declare_place at; /* of the list; none: it is the default */
};

/* The word for such a grant, to which the name is appended: "local",
 * "role:". */
const char *declare_who_word(enum declare_who who);

/* Read such a word; *name is the part behind "role:", "user:local:" or "user:",
 * or empty.  Returns false if it is none. */
bool	declare_who_parse(struct slice text, enum declare_who *who,
	    struct slice *name);

/* The default: everyone may subscribe and call, and only the back end and local
 * tools may publish.  Upstream promises that, but never enforced it.  If there
 * is a program, everyone may, as far as the program allows
 * (declare_table.c). */
extern const struct declare_right declare_rights[DECLARE_ACTIONS];

/* What happens to events for a receiver that is too slow. */
enum declare_overflow {
	DECLARE_DISCONNECT,	/* publishers wait, then the receiver is
				 * closed */
	DECLARE_DROP_OLDEST,
	DECLARE_DROP_NEWEST,
};

/* ---- a handler ---- */

#define DECLARE_LOG_NONE	(-1)

/* A variable of a program's environment. */
struct declare_env {
	const char *name;
	const char *value;		/* NULL: the broker's value, if it has
					 * one */
};

struct declare_exec {
	const char *const *argv;	/* NULL at its end */
	const char *cwd;		/* default: that of the declaring
					 * file */
	struct declare_env *env;	/* in addition to those of all
					 * programs */
	size_t	    n_env;
	int64_t	    pool;		/* children at a time; above 0 */
	int64_t	    queue;		/* requests that wait; above 0 */
	int64_t	    tick;		/* ms between ticks; 0: none */
	int64_t	    restart_min;	/* ms before the first restart */
	int64_t	    restart_max;	/* ms, as delays double; >= min */
};

struct handler_decl {
	const char *name;		/* the name in routes */
	const char *type;		/* static: "broadcast", "secured",
					 * "ping", "jq", "exec" */
	const char *file;		/* where its declaration starts */
	unsigned    line, column;
	bool	    service;		/* by a service file */
	bool	    faulty;		/* an error was reported; do not use
					 * it */
	bool	    unchanged;		/* the broker runs with one that is
					 * called and does the same; set by
					 * who has compared them */
	struct declare_right rights[DECLARE_ACTIONS];
	bool	    retain;		/* keep the last event, */
	int64_t	    retain_time;	/* so long, in ms; 0: without end */
	int64_t	    history_events;	/* keep so many events; 0: any number */
	int64_t	    history_time;	/* keep them so long, in ms; 0: without
					 * end; both 0: no history */
	int	    overflow;		/* enum declare_overflow */
	int64_t	    rate;		/* messages a second and session;
					 * 0: any */
	int64_t	    burst;		/* messages at once; >= 1 with a rate */
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
	const char	       *file;		/* the name of wampd.yml */
	const struct yaml_node *handlers;	/* values of its keys; both */
	const struct yaml_node *parameters;	/* may be NULL: not given */
	const char *const      *services;	/* service files, in order */
	size_t			n_services;
};

/*
 * Read everything that the source names.  A handler of wampd.yml replaces a
 * service with its name, and a parameter of wampd.yml replaces those of service
 * files.  Every error goes to *d.  Everything that could be read is in the
 * table, so that one error does not make other handlers unknown; a caller that
 * runs handlers must check d->errors.  NULL when out of memory.  The source is
 * not needed afterwards.
 */
struct declarations *declare_load(const struct declare_source *src,
	    struct diags *d);

/* Whether all files could be read.  Otherwise more handlers may be declared. */
bool	declare_is_whole(const struct declarations *t);

size_t	declare_count(const struct declarations *t);

/* In the order of the files, those of wampd.yml first. */
const struct handler_decl *declare_at(const struct declarations *t,
	    size_t index);

/* The handler of that name, or NULL (declare_table.c). */
const struct handler_decl *declare_find(const struct declarations *t,
	    struct slice name);

/* Append the text below `handlers:` in wampd.yml from which the same handlers
 * are read, with all keys; handlers of service files become comments.  The
 * other function does this for `parameters:`. 0, or -1 with *e filled. */
int	declare_print_handlers(struct buf *out, const struct declarations *t,
	    struct errbuf *e);
int	declare_print_parameters(struct buf *out, const struct declarations *t,
	    struct errbuf *e);

/* Append the keys in which two handlers differ, such as "rate, command", or
 * nothing if they do the same.  Their names and places are not compared.  0, or
 * -1 when out of memory (declare_key.c). */
int	declare_compare(struct buf *out, const struct handler_decl *a,
	    const struct handler_decl *b);

/* Set `unchanged` of handler i. */
void	declare_set_unchanged(struct declarations *t, size_t i);

void	declare_free(struct declarations *t);
