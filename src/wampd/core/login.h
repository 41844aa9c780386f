/*
 * login.h: a session proves who it is after it was opened.
 */
#pragma once

struct principal;
struct session;

/*
 * Give an open session another principal; it takes a reference of its own.
 * Ask lobby_user_room() before.
 *
 * What it may subscribe to is judged again: it loses the subscriptions that the
 * lists of their handlers, or the permissions of its credential, do not allow
 * the new principal.  Programs are not asked again.  Handlers that are told of
 * sessions are told that the old one is closed and the new one is opened.
 */
void	session_log_in(struct session *s, const struct principal *principal);

/* The same because what is known of the peer has changed: its subscriptions
 * stay.  Call judge_begin() afterwards. */
void	session_change_principal(struct session *s,
	    const struct principal *principal);
