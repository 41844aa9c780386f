/*
 * ws_asking.h: a method to identify visitors that answers when it is told to.
 */
#pragma once

#include "wampd/auth/identify.h"
#include "wampd/net/ws_conn.h"

struct asking {
	struct identify id;
	struct identity_ask *ask;	/* of the last visitor; NULL: none, or
					 * it has left */
	unsigned asked;			/* visitors */
};

/* Everybody who sends "?who=" in the query is asked about. */
void	asking_init(struct asking *a);

/* Test how a connection waits until it is known who it is.  Adds the edges that
 * were taken. */
void	asking_test(uint16_t taken[CONN_STATES]);
