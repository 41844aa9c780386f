/*
 * profile.h: named sets of what options say of a server, in the user's
 * profiles.yml (wamp-profiles(5)).
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "client/target.h"

/* Read the profile into a zeroed *o, its strings into *mem.  *warning is
 * filled when others can read the secrets in the file. */
enum exit_status profile_load(struct target_opts *o, const char *name,
	    struct arena *mem, struct errbuf *warning, struct errbuf *e);

/* Append the name of each profile and a newline; none when there is no file
 * that can be read.  0, or -1 when out of memory. */
int	profile_list(struct buf *out);
