/*
 * handler.h: what a topic does with subscribe, publish and call.
 *
 * A handler never writes to a socket: it says yes or no, or which events go
 * to whom (publish.h).  A type is one file in handlers/ and one row in
 * handler.c.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "proto/wamp.h"

struct broker;
struct handler;
struct publication;
struct session;
struct topic;

struct handler_type {
	const char *name;	/* "broadcast" */

	/* May s subscribe to t?  false with *e filled when not. NULL: yes */
	bool	(*subscribe)(struct handler *h, struct topic *t,
		    struct session *s, struct errbuf *e);

	/* An event: deliver it to whom it concerns.  How many sessions got
	 * it, or -1 with *e filled when it is refused. */
	long	(*publish)(struct handler *h, struct publication *p,
		    struct errbuf *e);
};

struct handler {
	struct handler	 *next;		/* broker->handlers */
	const struct handler_type *type; /* static */
	char		 *name;		/* owned; as routes name it */
	unsigned	  subscribe;	/* who may: set of enum who */
	unsigned	  publish;
};

/* A type by name, or NULL. */
const struct handler_type *handler_type_find(const char *name);

/* A handler of that type; name is copied.  NULL when out of memory. */
struct handler *handler_new(const struct handler_type *type,
	    const char *name, unsigned subscribe, unsigned publish);
void	handler_free(struct handler *h);

extern const struct handler_type handler_broadcast;
