/*
 * exec_log.c: log lines about a handler's child.
 */
#include "wampd/handlers/exec_log.h"

#include "base/log.h"
#include "wampd/core/broker.h"
#include "wampd/handlers/exec_child.h"

#define EXEC_LOGGED	10	/* lines logged per second and child */
#define EXEC_FLOOD	10000	/* lines per second that end the child */
#define SECOND		1000	/* ms */

static size_t
log_index(const struct exec_child *c)
{
	return (size_t)(c - c->exec->child);
}

/* Count a line; whether it may be logged. */
static bool
log_may(struct exec_child *c)
{
	if (++c->said == EXEC_FLOOD)
		c->doomed = "it writes too much to stderr";
	return c->said <= EXEC_LOGGED;
}

void
exec_log_warn(struct exec_child *c, const char *text)
{
	if (log_may(c))
		log_warn("handler=%s child=%zu %s", c->exec->handler->name,
		    log_index(c), text);
}

void
exec_log_stderr(struct exec_child *c, struct slice line)
{
	if (log_may(c))
		log_warn("handler=%s child=%zu stderr=%s",
		    c->exec->handler->name, log_index(c), log_quote(line).s);
}

void
exec_log_close_second(struct exec_child *c, int64_t now)
{
	if (now - c->said_since < SECOND)
		return;
	if (c->said > EXEC_LOGGED)
		log_warn("handler=%s child=%zu %u more lines were not logged",
		    c->exec->handler->name, log_index(c),
		    c->said - EXEC_LOGGED);
	c->said = 0;
	c->said_since = now;
}

int64_t
exec_log_due(const struct exec_child *c)
{
	return c->said > EXEC_LOGGED ? c->said_since + SECOND : INT64_MAX;
}

void
exec_log_started(const struct exec_child *c)
{
	log_info("handler=%s child=%zu started", c->exec->handler->name,
	    log_index(c));
}

/* A program that never prints anything useful is warned of once. */
void
exec_log_ended(const struct exec_child *c, const char *how)
{
	const struct handler *h = c->exec->handler;

	if (h->broker->stop_until != 0 || (c->useless && !c->sensible))
		log_info("handler=%s child=%zu ended: %s", h->name,
		    log_index(c), how);
	else
		log_warn("handler=%s child=%zu ended: %s; refused "
		    "requests=%zu", h->name, log_index(c), how,
		    c->nrequests);
}
