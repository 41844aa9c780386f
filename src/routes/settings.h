/*
 * settings.h: the keys for routes in the broker's configuration.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/opt.h"
#include "route/diag.h"

struct declarations;

/* Zeroed: no key is set. */
struct settings {
	struct opt_list	     routes;	/* owned array: routing files */
	struct opt_list	     services;	/* owned array: service files */
	bool		     legacy;	/* routing: legacy */
	struct declarations *handlers;	/* owned; NULL: none are declared */
	struct arena	     mem;	/* the paths */
};

/* Read wampd.yml (NULL: none) and the service files that it and the list name.
 * Only the keys for routes are checked; "wampd -t" checks all keys of
 * wampd.yml.  Every error is added to *d. */
void	settings_read(struct settings *s, const char *config,
	    const struct opt_list *services, struct diags *d);

/* Append the files that a word stands for, see files_named().  The settings own
 * their names.  0, or -1 with *e filled. */
int	settings_add_files(struct settings *s, struct opt_list *list,
	    const char *beside, const char *word, struct errbuf *e);

void	settings_clear(struct settings *s);
