/*
 * settings.h: what the broker's configuration says about routes.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/opt.h"
#include "route/diag.h"

struct declarations;

/* Zeroed: nothing is said. */
struct settings {
	struct opt_list	     routes;	/* owned array: routing files */
	struct opt_list	     services;	/* owned array: service files */
	bool		     legacy;	/* routing: legacy */
	struct declarations *handlers;	/* owned; NULL: not declared here */
	struct arena	     mem;	/* the paths */
};

/* Read wampd.yml (NULL: none) and the service files that it and the list name.
 * Of wampd.yml only the keys that routes need are looked at: "wampd -t" checks
 * the others.  Every fault goes to *d. */
void	settings_read(struct settings *s, const char *config,
	    const struct opt_list *services, struct diags *d);

/* Append the files that a word stands for, see files_named(); their names are
 * the settings'.  0, or -1 with *e filled. */
int	settings_add_files(struct settings *s, struct opt_list *list,
	    const char *beside, const char *word, struct errbuf *e);

void	settings_clear(struct settings *s);
