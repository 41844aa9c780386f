/*
 * take.h: what happens to an event: it is ignored, filtered, printed or passed
 * on to a command.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"
#include "proto/wamp.h"

struct sub;

/* Prepare what the options ask for.  EXIT_USAGE if a format or a program is
 * wrong. */
enum exit_status take_prepare(struct sub *s, struct errbuf *e);
void	take_clear(struct sub *s);

/* Handle an event.  A failure is stored in s->status and s->why.  If a program
 * gets the event, take_settle() handles the results later. */
void	take_event(struct sub *s, const struct wamp_msg *m);

/* Print, or pass on, the results of the events that the program has got. */
void	take_settle(struct sub *s);

/* s->signals is open: do not wait for programs once it is readable. */
void	take_wake(struct sub *s);
