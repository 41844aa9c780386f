/*
 * wamp1.h: the codec of WAMP version 1 (subprotocol "wamp").
 *
 * Pure functions on bytes, without sockets and sessions.  Where servers differ,
 * struct wamp1_rules says which one is followed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/wamp.h"

__BEGIN_DECLS

#define WAMP1_SUBPROTOCOL	"wamp"
#define WAMP1_VERSION		1	/* in WELCOME */

enum wamp1_role {
	WAMP1_SERVER,		/* takes PREFIX, CALL, SUBSCRIBE, UNSUBSCRIBE,
				 * PUBLISH */
	WAMP1_CLIENT,		/* takes WELCOME, CALLRESULT, CALLERROR,
				 * EVENT */
};

struct wamp1_rules {
	enum wamp1_role	 role;
	enum wamp_compat compat;
	unsigned	 depth;		/* of JSON; JSON_DEPTH_DEFAULT */
};

/* Why a message was refused, for the log and for the close frame. */
struct wamp1_error {
	uint16_t	close_code;	/* RFC 6455 section 7.4.1 */
	size_t		offset;		/* byte in the message */
	const char     *what;		/* static text, < 100 bytes */
	bool		deep;		/* more levels than rules->depth */
};

/*
 * Parse one message.  Its slices borrow from text.  0, or -1 with *e filled
 * and *m undefined.  Differences between the modes (WAMP1_SERVER):
 *   - a numeric call id is echoed (oro) or, as any that is no string, a
 *     violation, 1002 (spec);
 *   - a single list or object as CALL argument is spread into its members,
 *     an object's with their names (oro), or stays one argument (spec);
 *   - PUBLISH without a 4th element excludes nobody (oro) or the publisher
 *     (spec); a 4th that is no list excludes the publisher when it is truthy
 *     (oro) or when it is not false (spec);
 *   - an empty eligible list filters nothing (oro) or everybody (spec); one
 *     that is no list is a violation (oro) or ignored (spec).
 * Additional elements are ignored in both modes, and are a violation for
 * clients. wampd may send clients EVENT with details (wamp1_mark).
 */
int	wamp1_parse(struct wamp_msg *m, struct slice text,
	    const struct wamp1_rules *rules, struct wamp1_error *e);

/* ---- building ----
 *
 * Each fills parts[] with slices whose concatenation is the message, and
 * returns their number.  Arguments named *_json must be JSON texts already;
 * they are borrowed. */

#define WAMP1_PARTS_MAX	9

#define WAMP1_MARK_SIZE	96

/* Write the end of an EVENT, instead of its closing bracket, to out, which has
 * WAMP1_MARK_SIZE bytes: its topic has retained it, or has it in its history,
 * and when it was published, in ms since 1970.  An extension of wampd, for
 * clients that ask for it.  Returns it. */
struct slice wamp1_mark(char *out, bool retained, bool history, int64_t at);

size_t	wamp1_event(struct slice *parts, struct slice topic_json,
	    struct slice event_json);
size_t	wamp1_callresult(struct slice *parts, struct slice id_json,
	    struct slice result_json);
/* details_json.len 0: none, the message has four elements. */
size_t	wamp1_callerror(struct slice *parts, struct slice id_json,
	    struct slice uri_json, struct slice desc_json,
	    struct slice details_json);
size_t	wamp1_prefix(struct slice *parts, struct slice prefix_json,
	    struct slice uri_json);
/* args_json: the arguments with commas between them; len 0: none. */
size_t	wamp1_call(struct slice *parts, struct slice id_json,
	    struct slice uri_json, struct slice args_json);
size_t	wamp1_subscribe(struct slice *parts, struct slice topic_json);
size_t	wamp1_unsubscribe(struct slice *parts, struct slice topic_json);
/* exclude_json: "true", "false", a list, or len 0 for none; eligible_json: a
 * list, or len 0 for none (then exclude_json must not be len 0). */
size_t	wamp1_publish(struct slice *parts, struct slice topic_json,
	    struct slice event_json, struct slice exclude_json,
	    struct slice eligible_json);

/* Append WELCOME, the whole message, to *out.  0 or -1 when out of memory. */
int	wamp1_welcome(struct buf *out, struct slice session_id,
	    struct slice ident);

/* Append the parts to *out.  0 or -1 when out of memory. */
int	wamp1_join(struct buf *out, const struct slice *parts, size_t n);

__END_DECLS
