/*
 * container.h: the services of Symfony's service files.
 *
 * As much of a container as tells which services have a tag, of which class
 * they are and what their first arguments are; all else is PHP's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "route/diag.h"
#include "route/parameters.h"
#include "route/source.h"
#include "route/yaml.h"

struct service {
	const struct yaml_node *id;
	const struct yaml_node *value;		/* a mapping */
	const struct yaml_node *defaults;	/* the file's; or NULL */
	struct source		source;
	struct service	       *next;		/* in the order of the files */
};

/* One that takes another's place, and its tags. */
struct decorator {
	const struct yaml_node *target;		/* the other's id */
	const struct service   *service;
};

struct container_file {
	struct yaml_doc *doc;		/* owned */
	dev_t		 dev;
	ino_t		 ino;
};

struct container {
	struct parameters parameters;
	struct arena	  mem;		/* the services */
	struct map	  by_id;
	struct map	  decorators;	/* by target; the latest of each */
	struct service	 *first, **end;
	struct container_file *files;	/* owned; those that were read */
	size_t		  n_files;
	bool		  failed;	/* out of memory */
};

/* Start empty, and take one file after the other, at most n.  One that is named
 * often takes its place anew, but no more memory. */
void	container_init(struct container *c, size_t n);
void	container_read(struct container *c, const char *file,
	    struct diags *d);
void	container_clear(struct container *c);

/* What takes the place of the service, or NULL: itself. */
const struct service *container_decorator(const struct container *c,
	    const struct service *v);

bool	service_has_tag(const struct service *v, const char *tag);

#define ARGUMENTS_MAX	16	/* looked at; the stock classes take two */

/* What a service is made from: its own and what its parents give. */
struct recipe {
	struct buf class;	/* a C string */
	size_t	   n;		/* arguments, without services ("@logger"),
				 * which Oro's versions have elsewhere */
	const struct yaml_node *arguments[ARGUMENTS_MAX];
	const struct source    *from[ARGUMENTS_MAX]; /* where each stands */
	bool	   opaque;	/* something else makes it, of that class or
				 * of one below: nobody knows from here */
};

/* 0, or -1 when a fault was reported.  To be cleared in both cases. */
int	service_recipe(const struct container *c, const struct service *v,
	    struct recipe *out);
void	recipe_clear(struct recipe *r);
