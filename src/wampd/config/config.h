/*
 * config.h: what wampd is told: wampd.yml, options, environment, defaults.
 *
 * One table of keys (name, type, default, help) drives reading, checking,
 * printing and the manual's list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/endpoint.h"
#include "base/err.h"
#include "base/log.h"
#include "base/opt.h"
#include "route/diag.h"
#include "wampd/core/settings.h"

struct declarations;
struct routes;

/* Where a value was said. */
struct config_place {
	const char *file;	/* or "command line", or a variable */
	unsigned    line, column;	/* 0: none */
};

/* A key's values as given: of those that are no list, the last counts. */
struct config_value {
	struct opt_list	     text;	/* owned array */
	struct config_place *at;	/* owned; where each was said */
};

struct config {
	struct broker_settings broker;
	struct endpoint_list listen;
	struct {			/* both if an address of listen has
					 * TLS, else none; files in PEM */
		const char *cert;	/* the certificate, and its chain */
		const char *key;
	} tls;
	int64_t		 handshake;	/* ms */
	struct opt_list	 routes;	/* owned array; files */
	int		 routing;	/* 1: by the old grammar (oro.md 7.5) */
	struct opt_list	 services;	/* owned array; files */
	struct declarations *declared;	/* owned until it is taken */
	const char	*control_path;
	mode_t		 control_mode;
	gid_t		 control_gid;	/* (gid_t)-1: leave it */
	int		 log_level;	/* enum log_level */
	int		 log_format;	/* enum log_format */
	const char	*ports_file;	/* borrowed; NULL: none; option only */
	bool		 strict;	/* closed routes are no start; option
					 * only */
	bool		 tried_out;	/* there is no file: nothing could
					 * declare handlers */
	struct config_value *values;	/* owned; of each key */
	struct arena	 arena;		/* owns all strings */
};

/* An option that stands for a key: it replaces what the file says. */
struct config_override {
	const char *key;	/* "listen" */
	const char *value;	/* one of the key's values */
};

/*
 * Read file (NULL: none), put the overrides over it, fill the rest with the
 * environment and the defaults.  What could be read, whatever is wrong: *d has
 * every fault with its place.  NULL when out of memory.  Touches nothing but
 * the files it reads.
 */
struct config *config_read(const char *file,
	    const struct config_override *over, size_t n, struct diags *d);

/* Where number i of the values was said of the key that is stored at that
 * offset in struct config. */
const struct config_place *config_where(const struct config *cfg, size_t at,
	    size_t i);

/* Read the routing files: routes_load(). */
struct routes *config_load_routes(const struct config *cfg, unsigned how,
	    struct diags *d);

/* Move the declared handlers out; the caller frees them. */
struct declarations *config_take_declared(struct config *cfg);

/* Append the effective configuration as a wampd.yml that reads back to the same
 * in any folder (print.c).  To be called before the declared handlers
 * are taken.  0, or -1 with *e filled. */
int	config_print(struct buf *out, const struct config *cfg,
	    struct errbuf *e);

/* Append the JSON schema of wampd.yml (schema.c).  0, or -1 when out of
 * memory. */
int	config_schema(struct buf *out);

void	config_free(struct config *cfg);
