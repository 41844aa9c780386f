/*
 * take.h: what is done about an event: left out, filtered, printed or handed
 * on to a command.
 */
#pragma once

#include "base/err.h"
#include "base/exit.h"
#include "proto/wamp.h"

struct sub;

/* Make of the options what each event needs: EXIT_USAGE when a format or a
 * program is wrong. */
enum exit_status take_prepare(struct sub *s, struct errbuf *e);
void	take_clear(struct sub *s);

/* An event has come.  What goes wrong is left in s->status and s->why.  A
 * program may get it now, and take_settle() what comes of it. */
void	take_event(struct sub *s, const struct wamp_msg *m);

/* Print, or hand on, what comes of the events that a program has. */
void	take_settle(struct sub *s);

/* s->signals is there: programs are not waited for once it is readable. */
void	take_wake(struct sub *s);
