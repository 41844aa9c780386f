/*
 * config_parts.h: the parts of reading a configuration, for the files of
 * config/ only.
 */
#pragma once

#include "base/err.h"
#include "base/slice.h"
#include "wampd/config/config.h"
#include "wampd/config/key.h"

#define CONFIG_COMMAND_LINE	"command line"
#define CONFIG_DEFAULT		"default"

/* Set a key to a text, or add the text to its list (value.c).  The text ends in
 * a NUL.  If file is NULL, paths are relative to the current folder.  0, or -1
 * with *e filled. */
int	config_set(struct config *cfg, const struct key *k, struct slice text,
	    const char *file, const struct config_place *at, struct errbuf *e);

/* Add a value of a key, with its place.  0, or -1 with *e filled. */
int	config_put(struct config *cfg, const struct key *k,
	    struct slice text, const struct config_place *at,
	    struct errbuf *e);

/* Give a key its default, if it has one, with that place.  0, or -1 with *e
 * filled. */
int	config_put_default(struct config *cfg, const struct key *k,
	    const struct config_place *at, struct errbuf *e);

/* Forget the values of a key, which others replace. */
void	config_unset(struct config *cfg, const struct key *k);

/* Let keys that need a restart have the values of the running configuration
 * (running.c). */
void	config_keep_running(struct config *cfg, const struct config *running,
	    struct diags *d);

/* Check that keys fit together (config_check.c); errors go to *d. */
void	config_check_tls(const struct config *cfg, const char *file,
	    struct diags *d);
void	config_check_user_group(const struct config *cfg, struct diags *d);
