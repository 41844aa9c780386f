/*
 * ws_proxying.h: connections behind a proxy that sends PROXY headers.
 */
#pragma once

#include "wampd/net/ws_conn.h"

struct tls;

/* Test what such connections do before the request.  Adds the edges that were
 * taken.  tls is borrowed. */
void	proxying_test(struct tls *tls, uint16_t taken[CONN_STATES]);
