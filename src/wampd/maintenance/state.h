/*
 * state.h: what the parts of maintenance.h share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/slice.h"
#include "proto/notice.h"
#include "wampd/maintenance/disk.h"
#include "wampd/maintenance/plan.h"

struct maintenance {
	struct broker *broker;	/* borrowed */
	struct tap  *tap;	/* its own; NULL until it is one */
	struct slice topic;	/* borrowed from the settings */
	struct buf   event;	/* owned; the last one, or empty */
	struct notice is;	/* what it says */
	char	     since[CLOCK_ISO_SIZE];	/* "": never set */
	struct maintenance_plan plan;
	bool	     begun;	/* there was a tick */
	struct maintenance_disk disk;
};

/* A tap of b, which frees it.  NULL with *e filled (maintenance.c). */
struct maintenance *maintenance_new(struct broker *b, struct errbuf *e);

/* That chore is due now (maintenance.c). */
void	maintenance_changed(struct maintenance *m, struct chore *c);

/* Take over what the event says.  1 when it is one of ours, 0 when not, -1
 * when out of memory (maintenance.c). */
int	maintenance_take(struct maintenance *m, struct slice event);

/* Forget what was planned (maintenance.c). */
void	maintenance_plan_drop(struct maintenance *m);

/* Put on the disk what is due there (maintenance.c). */
void	maintenance_put_away(struct maintenance *m, int64_t now);
