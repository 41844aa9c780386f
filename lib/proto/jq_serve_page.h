/*
 * jq_serve_page.h: inside of a jq worker: what it shares with its asker.
 *
 * There is one in the process, and signal handlers look at it: so it is no
 * argument of these functions.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"
#include "proto/jq_wire.h"

/* Map it, close all other descriptors but the socket and the standard ones,
 * and be ready for all that may happen. */
struct jq_page *serve_open(void);

/* ---- answers ---- */

/* A frame is complete, and from now on not lost whatever happens. */
void	serve_put(struct slice frame);

/* The same of a frame that is a number and a text. */
void	serve_say(enum jq_kind kind, uint32_t seq, uint32_t n,
	    uint32_t number, const char *text);

/* Write what was put.  Or only if it has waited for long, at that time. */
void	serve_flush(void);
void	serve_flush_due(int64_t us);

/* ---- work ---- */

/* From now on, until serve_end(), the process is doing that, and ends when it
 * has taken so many ms of processor time. */
void	serve_begin(uint32_t what, uint32_t limit);
void	serve_end(void);

/* It gets no memory: the end.  serve_no_memory() is for libjq. */
void	serve_out_of_memory(void) __attribute__((noreturn));
void	serve_no_memory(void *arg);
