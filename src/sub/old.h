/*
 * old.h: --last and --since: events of the past.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "client/tool.h"

struct sub;
struct sub_options;

/* What --last and --since ask for. */
struct old_events {
	int64_t	    last;	/* --last; 0: any number */
	const char *since;	/* --since; NULL: not given */
	int64_t	    age_ms;	/* what it says: at most so old; or -1 */
	int64_t	    at_ms;	/* or from then on, ms since 1970; or -1 */
};

/* The option that asks for them, or NULL. */
const char *old_wanted(const struct old_events *o);

/* Read the value of --since.  0, or -1 with *e filled. */
int	old_read(struct old_events *o, struct errbuf *e);

/* Subscribe to the topic, a JSON string, with such events.  After the
 * connection was lost, these are the events since the last one that came. */
enum exit_status old_subscribe(struct sub *s, const char *name,
	    struct errbuf *e);
