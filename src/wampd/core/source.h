/*
 * source.h: who sessions come from: addresses and users.
 *
 * A client may open many sessions.  What all of them together may have is
 * bounded for each address and for each user that was proved: the number of
 * sessions, and what stays when sessions end, which are the bytes of kept
 * events and, of an address, the requests that handlers have not decided.
 *
 * Peers of this machine are no address: a reverse proxy brings everybody from
 * there.  Back ends that prove the application's secret, and peers of the
 * control socket, are no users.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct address;
struct broker;
struct principal;
struct session;

/* What of a source stays when its sessions end. */
enum source_kind {
	SOURCE_RETAINED,	/* retained events */
	SOURCE_HISTORY,		/* events of histories */
	SOURCE_KINDS
};

struct source {
	size_t	 bytes[SOURCE_KINDS]; /* of kept events, with topics */
	uint32_t kept;		/* kept events, counted as each */
	uint32_t sessions;
	uint32_t requests;	/* that are not decided, also of sessions that
				 * have left */
	bool	 full;		/* logged that a session was refused */
	uint16_t len;		/* of key */
	char	 key[];
};

struct sources {
	struct map by_key;	/* owned; of those that have something */
};

void	sources_init(struct sources *all);

/* Free all sources.  Nobody has one any more. */
void	sources_clear(struct sources *all);

/* The source of that address, or of that user; NULL if there is none, or it has
 * nothing. */
struct source *source_of_address(const struct sources *all,
	    const struct address *a);
struct source *source_of_user(const struct sources *all,
	    const struct principal *p);

/* Count s for its address, while it exists; session->source is set.  Returns 0,
 * or -1 when out of memory. */
int	source_enter(struct session *s, const struct address *from);
void	source_leave(struct session *s);

/* Count a session for that user, while the session has the principal.  Returns
 * 0, or -1 when out of memory. */
int	source_enter_user(struct sources *all, const struct principal *p);
void	source_leave_user(struct sources *all, const struct principal *p);

/* Who pays for what is kept of s: its user, or else its address; or NULL. */
struct source *source_that_retains(const struct session *s);

/* The source has one kept event more, or less, of so many bytes. */
void	source_charge(struct source *o, enum source_kind kind, size_t bytes);
void	source_release(struct sources *all, struct source *o,
	    enum source_kind kind, size_t bytes);

/* The source has one undecided request more, or less. */
void	source_ask(struct source *o);
void	source_answered(struct sources *all, struct source *o);
