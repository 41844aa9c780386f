/*
 * say.h: the messages of WAMP v1 that a server sends.
 */
#pragma once

#include <stdbool.h>

#include "base/slice.h"
#include "wampd/core/verdict.h"

struct broker;
struct event;
struct frame;
struct reply_to;
struct session;
struct topic;

/* See struct protocol. */
int	wamp1_say_welcome(struct session *s);
struct frame *wamp1_say_event(struct broker *b, const struct topic *t,
	    struct slice event, bool newline, const struct event *mark);
void	wamp1_say_result(const struct reply_to *to, struct slice result,
	    bool newline);
void	wamp1_say_failed(const struct reply_to *to, const struct failure *f);
void	wamp1_say_refused(struct session *s, const struct topic *t,
	    const struct failure *f);
const char *wamp1_say_error_uri(enum failure_kind kind);

/* Send [4, id, uri, desc] that does not answer a call.  As with Gos, id is the
 * topic, or "" if the message had none; it is JSON. */
void	wamp1_say_refusal(struct session *s, struct slice id_json,
	    const char *uri, const char *desc);
