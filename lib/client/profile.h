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
#include "route/diag.h"

/* Read the profile into a zeroed *o, its strings into *mem.  name NULL: the
 * one that the file names as default; if there is no file or no default, *o
 * says nothing.  *warning is filled when others can read the secrets in the
 * file. */
enum exit_status profile_load(struct target_opts *o, const char *name,
	    struct arena *mem, struct errbuf *warning, struct errbuf *e);

/* Append the name of each profile and a newline; none when there is no file
 * that can be read.  0, or -1 when out of memory. */
int	profile_list(struct buf *out);

/* One profile, for who looks at all.  Borrowed until the call returns. */
struct profile_seen {
	const char *name;
	const char *file;
	unsigned    line;		/* of the name */
	bool	    is_default;
	const struct target_opts *o;
	const struct diags *faults;
	const struct errbuf *warning;	/* not "": what is unwise */
};

/* 0, or -1 to give up: out of memory. */
typedef int profile_each_fn(void *arg, const struct profile_seen *p);

/* Call each() for every profile, in the file's order, whatever is wrong with
 * it.  A failure is one of the whole file: it cannot be read, or its default is
 * no profile; that is told behind the others.  No file: no profiles. */
enum exit_status profile_each(profile_each_fn *each, void *arg,
	    struct errbuf *e);
