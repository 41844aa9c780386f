/*
 * lifeline.h: a transport that detects when the server has disappeared.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/slice.h"
#include "client/keepalive.h"
#include "client/transport.h"

#define LIFELINE_ID_SIZE	40

struct lifeline {
	const struct transport_ops *ops;	/* borrowed, as conn */
	void		*conn;
	struct keepalive keepalive;
	bool		 on;		/* the session is open, so the server
					 * can answer */
	bool		 dead;		/* the server was given up */
	bool		 trace;
	char		 id[LIFELINE_ID_SIZE];	/* of its calls, JSON */
};

/* Ask a server that is silent for period_ms (0: never). */
void	lifeline_init(struct lifeline *l, const struct transport_ops *ops,
	    int64_t period_ms, bool trace);

/* The session is open: the server can be asked from now on. */
void	lifeline_start(struct lifeline *l);

/* As ops->turn(), but also EXIT_LOST if the server does not answer any more. */
enum exit_status lifeline_turn(struct lifeline *l, int64_t until_ms, int fd,
	    bool *fd_ready, struct errbuf *e);

/* Whether the id, JSON, belongs to a call of the lifeline. */
bool	lifeline_is_own(const struct lifeline *l, struct slice id_json);
