/*
 * ws_conn.c: the states of connections.
 */
#include "wampd/net/ws_conn.h"

#include <assert.h>

#define TO(state)	(1u << CONN_##state)

/* The states that may follow each, see the picture in ws_conn.h. */
static const uint16_t edges[CONN_STATES] = {
	[CONN_PROXY] = TO(SECURING) | TO(HEAD) | TO(FAREWELL) | TO(GONE),
	[CONN_SECURING] = TO(HEAD) | TO(FAREWELL) | TO(GONE),
	[CONN_HEAD] = TO(READY) | TO(ASKING) | TO(OPEN) | TO(GOODBYE) |
	    TO(FAREWELL) | TO(RELAYED) | TO(KEPT) | TO(GONE),
	[CONN_READY] = TO(HEAD) | TO(GONE),
	[CONN_ASKING] = TO(HEAD) | TO(FAREWELL) | TO(GONE),
	[CONN_OPEN] = TO(LEAVING) | TO(GOODBYE) | TO(FAREWELL) | TO(GONE),
	[CONN_LEAVING] = TO(FAREWELL) | TO(GONE),
	[CONN_GOODBYE] = TO(FAREWELL) | TO(GONE),
	[CONN_FAREWELL] = TO(GONE),
	[CONN_RELAYED] = TO(FAREWELL) | TO(GONE),
	[CONN_KEPT] = TO(HEAD) | TO(GONE),
	[CONN_GONE] = 0,
};

void
conn_move(struct ws_conn *c, enum conn_state to)
{
	assert(edges[c->state] & (1u << to));
	c->ws->taken[c->state] |= (uint16_t)(1u << to);
	c->state = (uint8_t)to;
}

uint16_t
ws_edges(enum conn_state from)
{
	return edges[from];
}
