/*
 * jq_end.h: the end of a process of the pool.
 */
#pragma once

struct jq_slot;

/* The process is gone: what it was sent is asked again, but for the request
 * that it was lost over. */
void	jq_end_lost(struct jq_slot *s);

/* It could not be started, or was of no use: it is started later, and after
 * some such failures, requests are refused rather than left to wait. */
void	jq_end_failed(struct jq_slot *s, const char *why);
