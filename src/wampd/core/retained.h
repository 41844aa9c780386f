/*
 * retained.h: what a topic has kept, on its way to who subscribes later.
 *
 * WAMP v1 has no sign for it: such an EVENT looks like any other.  Who wants to
 * know counts them by wampd.barrier, or asks by wampd.mark for a fourth element
 * behind them, as EVENT of v2 has it in its details.
 */
#pragma once

struct call;
struct frame;
struct session;

/* Queue to s what its topic has kept: the EVENT's frame, borrowed. */
void	retained_send(struct session *s, struct frame *f);

/* wampd.mark [on]: mark what is sent by retained_send() from now on. */
int	retained_mark(struct call *c);
