/*
 * config.h: the configuration: wampd.yml, options, environment and defaults.
 *
 * The table of keys in key.c (name, type, default, help) is used to read, check
 * and print it, and for its schema.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/endpoint.h"
#include "base/err.h"
#include "base/host.h"
#include "base/log.h"
#include "base/opt.h"
#include "route/diag.h"
#include "wampd/core/settings.h"

struct declarations;
struct routes;

/* Where a value was given. */
struct config_place {
	const char *file;	/* or "command line", or the variable */
	unsigned    line, column;	/* 0: none */
};

/* The values of a key as they were given.  If the key is not a list, the last
 * one counts. */
struct config_value {
	struct opt_list	     text;	/* owned array */
	struct config_place *at;	/* owned; where each was given */
};

/* Whom root becomes. */
struct config_user {
	const char *name;	/* NULL: nobody, it stays as it is */
	uid_t	    uid;
	gid_t	    gid;	/* its own group */
};

/* A program that says who somebody is. */
struct config_lookup {
	struct opt_list command;	/* owned array; with its arguments;
					 * empty: none */
	const char     *cwd;		/* where it runs; NULL: in the folder of
					 * the file that names it */
	int64_t		timeout;	/* ms */
	int64_t		cache;		/* answers that are kept, */
	int64_t		cache_ttl;	/* for so many ms */
};

/* Whether clients may come without a proof; auto: unless there is a way to
 * prove who they are. */
enum anonymous { ANONYMOUS_AUTO, ANONYMOUS_NO, ANONYMOUS_YES };

/* What of it the addresses of listen serve, too. */
enum http_share { HTTP_SHARE_NONE, HTTP_SHARE_HEALTH, HTTP_SHARE_ALL };

struct config {
	unsigned	refs;
	struct broker_settings broker;
	struct endpoint_list listen;
	struct {			/* health and metrics */
		struct endpoint_list listen;
		const char *metrics;	/* path; NULL: none */
		const char *health;	/* path, below which they are; NULL:
					 * none */
		int	 share;		/* enum http_share */
		struct opt_list allow;	/* owned array; networks, see
					 * network.h; empty: not said */
	} http;
	struct {			/* networks, see network.h */
		struct opt_list blocked;	/* owned array */
		struct opt_list allowed;	/* likewise; empty: all */
		struct opt_list proxies;	/* likewise; may have "unix" */
	} addresses;
	struct {			/* files in PEM; there are certificates
					 * and keys if an address of listen has
					 * TLS */
		struct opt_list cert;	/* owned array */
		struct opt_list key;	/* likewise */
		const char *client_ca;	/* set unless client_cert is 0 */
		int	    client_cert;	/* 0: none, 1: request,
						 * 2: require */
		const char *principals;	/* file; NULL: none */
		int64_t	    hsts;	/* ms; 0: none */
	} tls;
	struct {			/* who a client is */
		int anonymous;		/* enum anonymous */
	} auth;
	struct {			/* sessions of the application */
		const char *name;	/* of the cookie; NULL: none */
		struct config_lookup lookup;
		int64_t	    queue;
	} cookie;
	struct {			/* durations are in ms */
		const char *cookie;	/* that has a ticket; NULL: none */
		int64_t	    session_ttl;	/* 0: none, -1: the ticket's */
		struct {
			const char *secret_file;	/* NULL: none */
			const char *users;	/* file; NULL: none */
			struct config_lookup lookup; /* of other users */
			int64_t	    ttl;
			int64_t	    tolerance;
			int64_t	    queue;
			bool	    once;
			int	    anonymous;	/* 0: backend, 1: visitor,
						 * 2: refuse */
			struct opt_list backends; /* owned array; networks */
		} oro;
		struct config_tokens {
			struct opt_list keys;	/* owned array; files */
			const char *audience;	/* NULL: none */
			const char *issuer;	/* NULL: any */
			bool	    once;
		} paseto, jwt;
		const char *issue_key;	/* file; NULL: none */
		int64_t leeway;		/* of PASETO and JWT */
		bool	require_exp;	/* likewise */
	} tickets;
	struct {			/* WAMP-CRA */
		const char *keys;	/* file; NULL: there is none */
		int64_t	    timeout;	/* ms; > 0 */
		int64_t	    delay;	/* ms */
		bool	    hide_keys;
	} cra;
	struct {			/* WebSocket clients */
		struct opt_list paths;	/* owned array; empty: all */
		bool	 deflate;
		bool	 require_subprotocol;
		uint64_t head;		/* bytes of a request's head */
		int64_t	 handshake;	/* ms */
		int64_t	 handshakes;	/* at one time */
		int64_t	 handshakes_address;	/* from one address */
	} ws;
	struct {			/* who may connect */
		struct host_list hosts;
		struct host_list origins;
		struct host_list applications;
		bool	 trust_loopback;
		bool	 proofs;	/* a client can prove who it is */
		bool	 try_out;	/* no routing file, and no key says
					 * who may connect */
		bool	 by_address;	/* peers of this machine can have
					 * rights by their address */
	} door;
	struct opt_list	 routes;	/* owned array; files */
	int		 routing;	/* 1: by the old grammar */
	struct opt_list	 services;	/* owned array; files */
	struct declarations *declared;	/* owned until it is taken */
	const char	*control_path;
	mode_t		 control_mode;
	gid_t		 control_gid;	/* (gid_t)-1: not changed */
	struct config_user user;
	int		 confine;	/* 0: if possible, 1: always, 2: no */
	gid_t		 user_group;	/* (gid_t)-1: the user's own */
	int		 log_level;	/* enum log_level */
	int		 log_format;	/* enum log_format */
	int64_t		 log_rate;	/* lines a second; 0: no limit */
	int64_t		 log_burst;	/* lines */
	const char	*file;		/* borrowed; NULL: none was read */
	/* These two are only options. */
	const char	*ports_file;	/* borrowed; NULL: none */
	bool		 strict;	/* do not start with closed routes */
	bool		 tried_out;	/* there is no file that could declare
					 * handlers */
	struct config_value *values;	/* owned; of each key */
	struct config_value *wanted;	/* owned; of each key: what was read
					 * but needs a restart, so that values
					 * has something else; at NULL: it has
					 * not */
	const struct config *running;	/* borrowed while it is read */
	struct arena	 arena;		/* owns all strings */
};

/* An option for a key; it replaces the values of the file. */
struct config_override {
	const char *key;	/* "listen" */
	const char *value;	/* one value of the key */
};

/* What a configuration is read from, again and again. */
struct config_source {
	const char *file;	/* borrowed; NULL: none */
	const struct config_override *over;	/* borrowed; n of them */
	size_t	    n;
	const char *ports_file;	/* borrowed; NULL: none */
	bool	    strict;
};

/*
 * Read the file (NULL: none), apply the overrides, and fill the rest from the
 * environment and the defaults.  All errors go to *d, with their places; the
 * result is what could be read.  NULL when out of memory.  Nothing is changed
 * or opened except the files that are read.
 */
struct config *config_read(const char *file,
	    const struct config_override *over, size_t n, struct diags *d);

/* The same for a broker that runs with `running` (NULL: none).  Keys that need
 * a restart keep the values of that one (running.c); what was read for them is
 * in `wanted`, if it is something else.  Users and groups are not looked up.
 * May be called in any thread. */
struct config *config_read_again(const struct config_source *src,
	    const struct config *running, struct diags *d);

/* Whether two keys' values are the same texts. */
bool	config_same(const struct opt_list *a, const struct opt_list *b);

/* Where value i was given of the key that is stored at that offset of struct
 * config. */
const struct config_place *config_where(const struct config *cfg, size_t at,
	    size_t i);

/* The i-th address of listen, and behind these of http.listen; NULL: there are
 * less.  *at is the offset of its key, and *index its place there; both may be
 * NULL (config_check.c). */
const struct endpoint *config_endpoint(const struct config *cfg, size_t i,
	    size_t *at, size_t *index);

/* Whether the file or an option sets a key of that section, which ends in a
 * dot, to another value than its default. */
bool	config_sets(const struct config *cfg, const char *section);

/* Read the routing files: routes_load(). */
struct routes *config_load_routes(const struct config *cfg, unsigned how,
	    struct diags *d);

/* Take the declared handlers out; the caller owns them. */
struct declarations *config_take_declared(struct config *cfg);

/* Append the effective configuration as a wampd.yml, which gives the same
 * result in any folder (print.c).  Call it before the declared handlers are
 * taken.  0, or -1 with *e filled. */
int	config_print(struct buf *out, const struct config *cfg,
	    struct errbuf *e);

/* Append the JSON schema of wampd.yml (schema.c).  0, or -1 when out of
 * memory. */
int	config_schema(struct buf *out);

/* Take a reference, and give one back.  NULL is fine for the second. */
struct config *config_hold(struct config *cfg);
void	config_free(struct config *cfg);

/* The second one, for structures that own it as a void *. */
void	config_release(void *cfg);
