/*
 * maintenance.h: whether maintenance mode is on.
 *
 * The state is the last event on the maintenance topic, whoever published it
 * (wamp-maint, Oro's own commands, a script): {"isOn":bool,"userId":n|null}.
 * The broker keeps it, gives it to each later subscriber, and, when it has a
 * state directory, over a restart.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/publish.h"

struct broker;
struct maintenance;
struct session;
struct topic;

/* Reads what an earlier run has kept. NULL with *e filled when there is such
 * a state and it cannot be read. */
struct maintenance *maintenance_new(struct broker *b, struct errbuf *e);
void	maintenance_free(struct maintenance *m);

/* An event was accepted on some topic. */
void	maintenance_observe(struct broker *b, struct topic *t,
	    struct slice event);

/* Write the state where a restart finds it, if it has changed.  Once a turn,
 * before anyone is told: a file that is on its disk takes its time. */
void	maintenance_save(struct maintenance *m);

bool	maintenance_is_on(const struct broker *b);

/* Append {"isOn":…,"userId":…,"since":…} to *out.  0 or -1. */
int	maintenance_describe(const struct broker *b, struct buf *out);

/* Turn it on or off as a call of that id asks, user_json being its userId,
 * and answer the call once the topic's handler has decided:
 * {"changed":…,"isOn":…,"delivered":…}.  Nothing is published when it is so
 * already.  0, or -1 when out of memory. */
int	maintenance_set(struct session *from, struct slice call_id, bool on,
	    struct slice user_json);
