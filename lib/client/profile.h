/*
 * profile.h: named sets of options for a server, in the user's profiles.yml
 * (wamp-profiles(5)).
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "client/target.h"
#include "route/diag.h"

/* Read the profile into a zeroed *o, and its strings into *mem. name NULL: the
 * default profile; if there is no file or no default, *o stays empty.  *warning
 * is filled if others can read the secrets in the file. */
enum exit_status profile_load(struct target_opts *o, const char *name,
	    struct arena *mem, struct errbuf *warning, struct errbuf *e);

/* Append the name of each profile and a newline.  If no file can be read, there
 * are none.  0, or -1 when out of memory. */
int	profile_list(struct buf *out);

/* One profile, as each() gets it.  Borrowed until the call returns. */
struct profile_seen {
	const char *name;
	const char *file;
	unsigned    line;		/* of the name */
	bool	    is_default;
	const struct target_opts *o;
	const struct diags *faults;
	const struct errbuf *warning;	/* not "": a warning */
};

/* 0, or -1 to give up: out of memory. */
typedef int profile_each_fn(void *arg, const struct profile_seen *p);

/* Call each() for every profile in the order of the file, including faulty
 * ones.  It fails if the file cannot be read, or if its default does not exist;
 * then the profiles are passed nevertheless.  Without a file there are no
 * profiles. */
enum exit_status profile_each(profile_each_fn *each, void *arg,
	    struct errbuf *e);
