/*
 * children.h: all programs that run beside a broker.
 */
#pragma once

#include <stddef.h>

#include "base/err.h"

struct children;
struct privileges;
struct uv_loop_s;

/* All children of a broker.  A message has at most max_message bytes, and a
 * line of a child not much more.  They become that user, which is copied.  NULL
 * with *e filled. */
struct children *children_new(struct uv_loop_s *loop, size_t max_message,
	    const struct privileges *whom, struct errbuf *e);

/* The same for the lines of children that are started from now on. */
void	children_set_max_message(struct children *t, size_t max_message);

/* From now on, this process can neither fork nor start programs: others do,
 * which have been started before.  0, or -1 with *e filled. */
int	children_confine(struct children *t, struct errbuf *e);

/* End all of them, which their owners are told, and start no more.  The loop
 * must run until they have ended; then call children_free().  Both accept
 * NULL. */
void	children_close(struct children *t);
void	children_free(struct children *t);
