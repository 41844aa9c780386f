/*
 * jq_serve_run.h: internals of a jq worker: its programs and their runs.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"
#include "proto/jq_wire.h"

struct serve_program;

struct serve_work {
	struct jq_page *page;		/* borrowed */
	struct serve_program *programs;	/* owned; by id - 1 */
	uint32_t	nprograms;
	struct buf	frame;		/* scratch, as the next two */
	struct buf	room, topic_room;
	/* The session of the last run, for runs that continue it. */
	struct buf	who, attributes, session;
	struct buf	notes;		/* of this run: objects, each with a
					 * comma after it */
};

/* Handle a JQ_PROGRAM or a JQ_RUN, and answer. */
void	serve_on_program(struct serve_work *s, const struct jq_head *head,
	    struct slice body);
void	serve_on_run(struct serve_work *s, const struct jq_head *head,
	    struct slice body);
