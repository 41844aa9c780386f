/*
 * wamp.h: a WAMP message for broker and client, independent of the version of
 * the protocol.  The codec of a version (wamp1.h; v2 later) fills it from
 * bytes.  Everything is a slice of those bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "proto/json.h"

enum wamp_compat {
	WAMP_COMPAT_ORO,	/* as Ratchet, Gos and Oro answer */
	WAMP_COMPAT_SPEC,	/* as the specification's author's server */
};

enum wamp_type {
	WAMP_WELCOME,
	WAMP_PREFIX,
	WAMP_CALL,
	WAMP_CALLRESULT,
	WAMP_CALLERROR,
	WAMP_SUBSCRIBE,
	WAMP_UNSUBSCRIBE,
	WAMP_PUBLISH,
	WAMP_EVENT,
};

/* Which sessions do not get an event. */
enum wamp_exclude {
	WAMP_EXCLUDE_NONE,	/* everyone subscribed gets it */
	WAMP_EXCLUDE_ME,	/* all but the publisher */
	WAMP_EXCLUDE_LIST,	/* all but the sessions in the list */
};

struct wamp_msg {
	enum wamp_type	  type;
	struct json_elem  uri;		/* topic, procedure, prefix's URI, or
					 * the error's; not yet expanded */
	struct json_elem  prefix;	/* PREFIX */
	struct json_elem  id;		/* call id, or WELCOME's session id */
	struct json_elem  event;	/* PUBLISH, EVENT, CALLRESULT */
	struct json_elem  desc;		/* CALLERROR; WELCOME's server ident,
					 * text.len 0 when absent */
	struct json_elem  details;	/* CALLERROR, EVENT; text.len 0 when
					 * absent */
	bool		  retained;	/* EVENT: its topic has kept it, as
					 * the details say, */
	bool		  history;	/* or has it in its history, */
	int64_t		  at;		/* and when it was published, ms since
					 * 1970; 0: unknown */
	struct slice	  args;		/* CALL: the arguments between their
					 * commas, for json_next() */
	size_t		  argc;		/* CALL: how many */
	bool		  args_named;	/* CALL: args is the inside of an
					 * object, for json_next_member() too */
	bool		  args_newline;	/* CALL: raw CR or LF inside args */
	enum wamp_exclude exclude;	/* PUBLISH */
	struct slice	  exclude_list;	/* WAMP_EXCLUDE_LIST: inside of the
					 * list, for json_next() */
	bool		  has_eligible;	/* PUBLISH: only those in the list */
	struct slice	  eligible;	/* inside of the list */
};
