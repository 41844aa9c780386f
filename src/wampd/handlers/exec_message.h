/*
 * exec_message.h: what a handler's child is told.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct session;
struct topic;

/* A message, which is one line of JSON. */
struct exec_message {
	const char	     *type;	/* "publish" */
	uint64_t	      id;	/* 0: no answer is expected */
	const struct session *session;	/* NULL: the broker itself */
	const struct topic   *topic;	/* NULL: about no topic */
	const char	     *key;	/* name of value; NULL: no value */
	struct slice	      value;	/* JSON */
};

/* Append the message.  0, or -1 when out of memory. */
int	exec_message(struct buf *out, const struct exec_message *m);
