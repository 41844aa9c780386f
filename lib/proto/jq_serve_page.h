/*
 * jq_serve_page.h: internals of a jq worker: the page that it shares with its
 * parent.
 *
 * There is one page in the process, and signal handlers use it, so these
 * functions have no argument for it.
 */
#pragma once

#include <stdint.h>

#include "base/slice.h"
#include "proto/jq_wire.h"

/* Map it, close all other descriptors except the socket and the standard ones,
 * and prepare for all failures. */
struct jq_page *serve_open(void);

/* ---- answers ---- */

/* A frame is complete.  From now on it is not lost, whatever happens. */
void	serve_put(struct slice frame);

/* The same for a frame with a number and a text. */
void	serve_say(enum jq_kind kind, uint32_t seq, uint32_t n,
	    uint32_t number, const char *text);

/* Write the frames.  Or only if they have waited for long at that time. */
void	serve_flush(void);
void	serve_flush_due(int64_t us);

/* ---- work ---- */

/* From now on, until serve_end(), the process works on that.  It ends after
 * that many ms of processor time. */
void	serve_begin(uint32_t what, uint32_t limit);
void	serve_end(void);

/* Out of memory: end. serve_no_memory() is for libjq. */
void	serve_out_of_memory(void) __attribute__((noreturn));
void	serve_no_memory(void *arg);
