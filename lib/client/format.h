/*
 * format.h: prints events with a format string (wamp-sub -F).
 *
 *	%t topic   %p event, as it came   %r event, strings unquoted
 *	%n number  %l bytes of the event  %I time, ISO 8601
 *	%U time, seconds since 1970       %{PATH} a jq path or program of it
 *	%R 1 where the topic had kept the event, else 0
 *	%% percent  \n \t \0 \\
 *
 * The format string is compiled into steps.
 */
#pragma once

#include "base/err.h"
#include "client/event.h"
#include "client/program_args.h"

struct format;

/* args, or NULL, are for programs in the format.  NULL with *e filled, which
 * gives the column of the error. */
struct format *format_new(const char *text, const struct program_args *args,
	    struct errbuf *e);
void	format_free(struct format *f);

/* Whether it prints which events were retained. */
bool	format_tells_retained(const struct format *f);

/* Do not wait for programs any more when that descriptor is readable. */
void	format_wake(struct format *f, int fd);

/* Append one event; how as for event_add_value().  On failure *out is
 * unchanged, and with EVENT_FAULT *e says why. */
enum event_outcome format_add(struct format *f, struct buf *out,
	    const struct event *ev, unsigned how, struct errbuf *e);
