/*
 * container.h: the services of Symfony's service files.
 *
 * Only as much of a container as is needed to find the services with a tag,
 * their classes and their first arguments.  Everything else needs PHP.
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

/* A service that replaces another one, and its tags. */
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

/* Start empty, and add at most n files one after the other.  A file that is
 * added again moves to the end, but needs no more memory. */
void	container_init(struct container *c, size_t n);
void	container_read(struct container *c, const char *file,
	    struct diags *d);
void	container_clear(struct container *c);

/* The service that replaces this one, or NULL: none. */
const struct service *container_decorator(const struct container *c,
	    const struct service *v);

bool	service_has_tag(const struct service *v, const char *tag);

#define ARGUMENTS_MAX	16	/* that are read; the stock classes use two */

/* A service: its own keys and those of its parents. */
struct recipe {
	struct buf class;	/* a C string */
	size_t	   n;		/* arguments without services ("@logger"), whose
				 * position differs between versions of Oro */
	const struct yaml_node *arguments[ARGUMENTS_MAX];
	const struct source    *from[ARGUMENTS_MAX]; /* the place of each */
	bool	   opaque;	/* a factory or a decorator makes it: its
				 * behaviour is unknown here */
};

/* 0, or -1 if an error was reported.  Clear it in both cases. */
int	service_recipe(const struct container *c, const struct service *v,
	    struct recipe *out);
void	recipe_clear(struct recipe *r);
